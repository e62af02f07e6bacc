"""Everything known of a page's lines by themselves: a matrix, bags of hashed words, the terms."""

from typing import NamedTuple

import numpy as np

from model.features import declared, layout, structure
from model.features.characters import Characters, Class, Ints, characters, paired
from model.features.layout import Matrix
from model.features.words import Bags, bags
from model.page import Lines

COLUMNS = layout.COLUMNS + structure.COLUMNS + declared.COLUMNS
NAMES = tuple(name for name, _, _ in COLUMNS)
# So many columns, the first, say something of bare text; the others, of markup, are zero there.
BARE = len(layout.COLUMNS)
_HTML = NAMES.index("html")
# Shorter words are function words more often than terms.
_TERM = 4


class Terms(NamedTuple):
    """A page's terms: the k-th is word `words[k]` in line `rows[k]`; numbers are the page's own, some go unused."""

    words: Ints
    rows: Ints


class Features(NamedTuple):
    """Of n lines the numbers, (n, len(COLUMNS)), the bags of words, and the terms.

    `words` are the bags that speak for a line itself, `around` smaller ones that speak for the lines
    around it, `hints` those of its markup's words.
    """

    numbers: Matrix
    words: Bags
    around: Bags
    hints: Bags
    terms: Terms

    @property
    def html(self) -> bool:
        """Whether the page came as HTML."""
        return bool(self.numbers[0, _HTML])

    @property
    def sizes(self) -> Ints:
        """(n,) words of each line."""
        return np.rint(np.expm1(self.numbers[:, layout.NAMES["words"]].astype(np.float64))).astype(np.int64)


def features(page: Lines) -> Features:
    """The features of a page of one line or more."""
    text = characters(page)
    look = layout.layout(text)
    words = np.bincount(text.word_line, minlength=len(page.lines))
    marks = look[:, layout.NAMES["marks"]]
    markup, hints = structure.structure(page, words, marks)
    numbers = np.concatenate((look, markup, declared.statements(page, text)), axis=1)
    return Features(numbers, *bags(text), hints, _terms(text))


def _terms(text: Characters) -> Terms:
    """Each line's distinct terms; in unspaced scripts a term is a pair of neighbouring characters."""
    unspaced = text.word_class == Class.UNSPACED
    long = np.flatnonzero((text.word_size >= _TERM) & ~unspaced)
    pair = np.flatnonzero(unspaced[1:] & unspaced[:-1] & (text.word_line[1:] == text.word_line[:-1]))
    words, rows = text.word[long], text.word_line[long]
    if len(pair):
        hashes = paired(text.words)[pair]
        pairs = np.unique(hashes, return_inverse=True)[1] + text.word.max() + 1
        words, rows = np.concatenate((words, pairs)), np.concatenate((rows, text.word_line[pair]))
    if not len(words):
        return Terms(rows, rows)
    step = int(words.max()) + 1
    found = layout.distinct(rows * step + words)
    return Terms(found % step, found // step)
