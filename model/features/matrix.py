"""Everything known of a page's lines by themselves: one matrix and two bags of hashed words."""

from typing import NamedTuple

import numpy as np

from model.features import layout, structure
from model.features.characters import characters
from model.features.layout import Matrix
from model.features.words import Bags, bags
from model.page import Lines

COLUMNS = layout.COLUMNS + structure.COLUMNS
NAMES = tuple(name for name, _, _ in COLUMNS)


class Features(NamedTuple):
    """Of n lines: `numbers` (n, len(COLUMNS)), the bags of their words and of their markup's words."""

    numbers: Matrix
    words: Bags
    hints: Bags


def features(page: Lines) -> Features:
    """The features of a page of one line or more."""
    text = characters(page)
    look = layout.layout(text)
    words = np.bincount(text.word_line, minlength=len(page.lines))
    marks = look[:, layout.NAMES["marks"]]
    markup, hints = structure.structure(page, text, words, marks)
    return Features(np.concatenate((look, markup), axis=1), bags(text), hints)
