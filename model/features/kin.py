"""Which lines of a page are of one kind, and what was made of their kin: a list is known by its entries.

Lines of one template most often share a label, wherever on the page they stand: the names below a letter, the
credits of its pictures, a shop's buttons. So each line is tied to those of its kind before and after it, and to
those with the same words (skip chains, Sutton & McCallum, "Collective segmentation and labeling of distant
entities", 2004), and hears what the pass before said of them.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from model.features.characters import COUNT, Class, Ints
from model.features.layout import Matrix, together
from model.features.matrix import NAMES, Features

# Kin further away than so many lines says nothing of where in a list a line is.
_FARTHEST = 80
# Bare text: lines are of one kind whose number of words lies between the same two of these,
_SIZES = np.log1p(np.array((1, 2, 3, 5, 8, 13, 21, 40)) - 0.5).astype(np.float32)
# and which are alike in these; white space before the first character counts by half steps of its logarithm.
_FIRST, _LAST = (NAMES.index(f"{end}_{Class(0).name.lower()}") for end in ("first", "last"))
_WORDS, _DIGITS, _MARKS, _INDENT = (NAMES.index(name) for name in ("words", "share_digit", "marks", "indent"))
_DEEPEST = 31
_CLASSES = np.arange(COUNT, dtype=np.float32)


class Kin(NamedTuple):
    """Of each of n lines its kin; where there is none the number n stands for it, of which nothing was made.

    Attributes:
        lines: (n, 6) the line of its kind before it and the one before that, the next and the one after that, then
            the line with the same words before it, and the next.
        nearness: (n, 2) one over how far away the first before it and the next of its kind are; 0 where none is.
        kind: (n,) the number of its kind, 0 to the number of kinds less one.
        order: (n,) all lines in the order of their kinds.
    """

    lines: Ints
    nearness: Matrix
    kind: Ints
    order: Ints


def kin_of(features: Features) -> Kin:
    """The kin of a page's lines: by the elements above them, or in bare text by their looks."""
    n = len(features.numbers)
    order, old = together(features.hints.of if features.html else _looks(features.numbers))
    kind = np.empty(n, np.int64)
    kind[order] = np.cumsum(~old) - 1
    before, after = _neighbours(order, old, _FARTHEST)
    # The last word of a line's smaller bag is the hash of all of them.
    whole = features.around.buckets[np.cumsum(features.around.sizes) - 1][features.around.of]
    lines = np.stack((before, before[before], after, after[after], *_neighbours(*together(whole), n)), axis=1)[:n]
    first = lines[:, (0, 2)]
    away = np.abs(first - np.arange(n)[:, None])
    return Kin(lines, np.where(first < n, 1 / np.maximum(away, 1), 0).astype(np.float32), kind, order)


def heard(kin: Kin, values: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """Of values (n, k) those of each line's kin, (n, 6 * k), how near these are, and its kind's mean and size.

    The last is (n, k + 1), the size log1p lines.
    """
    n, k = values.shape
    padded = np.concatenate((values, np.zeros((1, k), np.float32)))
    count = np.bincount(kin.kind)
    total = np.add.reduceat(values[kin.order], np.cumsum(count) - count)
    mean = np.concatenate((total / count[:, None], np.log1p(count)[:, None]), axis=1, dtype=np.float32)
    return padded[kin.lines].reshape(n, -1), kin.nearness, mean[kin.kind]


def _looks(numbers: Matrix) -> Ints:
    """(n,): a number for each combination of what tells lines of bare text apart."""
    parts = (
        (np.searchsorted(_SIZES, numbers[:, _WORDS]), len(_SIZES) + 1),
        (numbers[:, _FIRST : _FIRST + COUNT] @ _CLASSES, COUNT),
        (numbers[:, _LAST : _LAST + COUNT] @ _CLASSES, COUNT),
        (numbers[:, _DIGITS] > 0, 2),
        (numbers[:, _MARKS] > 0, 2),
        (np.minimum(np.rint(2 * numbers[:, _INDENT]), _DEEPEST), _DEEPEST + 1),
    )
    found = np.zeros(len(numbers), np.int64)
    for part, size in parts:
        found *= size
        found += part.astype(np.int64)
    return found


def _neighbours(order: Ints, old: npt.NDArray[np.bool_], farthest: int) -> tuple[Ints, Ints]:
    """(n + 1,) each: the last line of a line's group before it and the first after it, or n; the last stands for n.

    `order` and `old` are those of `together`; beyond `farthest` lines there is none.
    """
    n = len(order)
    right = np.flatnonzero(old)
    left, right = order[right - 1], order[right]
    near = right - left <= farthest
    left, right = left[near], right[near]
    before, after = np.full((2, n + 1), n)
    before[right] = left
    after[left] = right
    return before, after
