"""The ten labels, their fixed column order, and which of them make up an article's text."""

from collections.abc import Iterable
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from model.errors import InputError


class Label(StrEnum):
    """What a line of a page is. The order of the members is the order of probability columns."""

    TITLE = "title"
    TEXT = "text"
    HEADING = "heading"
    BYLINE = "byline"
    CAPTION = "caption"
    NAV = "nav"
    AD = "ad"
    RELATED = "related"
    COMMENT = "comment"
    LEGAL = "legal"

    @property
    def column(self) -> int:
        """The label's column, 0 to 9."""
        return COLUMN[self]


LABELS: tuple[Label, ...] = tuple(Label)
COLUMN: dict[str, int] = {label: column for column, label in enumerate(LABELS)}

# What makes up an article's text unless the caller says otherwise.
KEPT: frozenset[Label] = frozenset({Label.TEXT, Label.HEADING})

# (10,) whether the label of each column is kept; nobody may change it.
IS_KEPT: npt.NDArray[np.bool_] = np.array([label in KEPT for label in LABELS])
IS_KEPT.flags.writeable = False


def parse_labels(names: Iterable[str]) -> frozenset[Label]:
    """The set of labels named, white space around a name ignored.

    Raises:
        InputError: a name is no label, or there is no name at all.
    """
    wanted = [name.strip() for name in names]
    for name in wanted:
        if name not in COLUMN:
            raise InputError(f"{name!r} is no label; the labels are {', '.join(LABELS)}.")
    if not wanted:
        raise InputError(f"keep names no label; give one or more of {', '.join(LABELS)}.")
    return frozenset(Label(name) for name in wanted)
