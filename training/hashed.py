"""Labels of pages that may not be copied: a letter and a hash for each line, without a word of the page."""

import zlib
from collections.abc import Sequence

from model.errors import SampleError
from model.label import Label
from training.align import matched, tokens

LETTERS = {"i": Label.TITLE, "t": Label.TEXT, "h": Label.HEADING, "b": Label.BYLINE, "c": Label.CAPTION}
LETTERS |= {"n": Label.NAV, "a": Label.AD, "r": Label.RELATED, "m": Label.COMMENT, "l": Label.LEGAL}
_LETTER = {label: letter for letter, label in LETTERS.items()}
_DIGITS = 6
# In place of a rendering's name: the labels are of lines that the page's own lines lack, in no order.
OTHERS = "*"


def line_hash(line: str) -> str:
    """Six hex digits of a line's words, whatever its case, punctuation and white space."""
    return f"{zlib.crc32(' '.join(tokens(line) or [line.strip()]).encode('utf-8', 'surrogatepass')) & 0xFFFFFF:06x}"


def record_of(name: str, lines: Sequence[str], labels: Sequence[Label], rendering: str = "") -> dict[str, str]:
    """The record of a labelled page: its id, a letter a line, six hex digits a line.

    `lines` are the page's own, or those of the rendering that is named, or with OTHERS such as only renderings have.
    """
    return {
        "id": name,
        **({"rendering": rendering} if rendering else {}),
        "labels": "".join(_LETTER[label] for label in labels),
        "hashes": "".join(line_hash(line) for line in lines),
    }


def labels_of(record: dict[str, str], lines: Sequence[str]) -> tuple[Label | None, ...]:
    """A label for each line whose hash the record has in the same order, None for the others.

    Raises:
        SampleError: letters and hashes don't go together, or a letter stands for no label.
    """
    pairs = pairs_of(record)
    found: list[Label | None] = [None] * len(lines)
    for at, line in matched([digits for digits, _ in pairs], [line_hash(line) for line in lines]).tolist():
        found[line] = pairs[at][1]
    return tuple(found)


def pairs_of(record: dict[str, str]) -> tuple[tuple[str, Label], ...]:
    """The hashes of a record, each with its label.

    Raises:
        SampleError: letters and hashes don't go together, or a letter stands for no label.
    """
    letters, digits = record.get("labels", ""), record["hashes"]
    hashes = [digits[at : at + _DIGITS] for at in range(0, len(digits), _DIGITS)]
    if len(hashes) != len(letters) or not set(letters) <= set(LETTERS):
        raise SampleError(
            f"Labels of {record.get('id')}: give a letter of {''.join(LETTERS)} and {_DIGITS} hex digits a line."
        )
    return tuple((digits, LETTERS[letter]) for digits, letter in zip(hashes, letters, strict=True))
