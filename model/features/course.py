"""The article's course through a page, and its topic, by what a pass made of the page's lines."""

import numpy as np

from model.features.layout import Matrix
from model.features.matrix import NAMES, Terms
from model.label import IS_KEPT

_CHARACTERS = NAMES.index("characters")
_PROBABLE = 0.5


def course(numbers: Matrix, first: Matrix) -> Matrix:
    """(n, 24): the strongest of each label above and below, and where the article's prose lies.

    The last four: share of the page's probable article characters above the line, and within ten lines,
    and how far (log1p lines) the nearest probable article line above and below is.
    """
    n = len(first)
    above = np.zeros_like(first)
    below = np.zeros_like(first)
    np.maximum.accumulate(first[:-1], axis=0, out=above[1:])
    below[:-1] = np.maximum.accumulate(first[:0:-1], axis=0)[::-1]
    kept = first[:, IS_KEPT].sum(axis=1)
    mass = np.expm1(numbers[:, _CHARACTERS]) * kept
    total = max(float(mass.sum()), 1.0)
    gone = np.cumsum(mass)
    number = np.arange(n)
    near = (gone[np.minimum(number + 10, n - 1)] - (gone - mass)[np.maximum(number - 10, 0)]) / total
    article = kept > _PROBABLE
    last = np.maximum.accumulate(np.where(article, number, -n))
    following = np.minimum.accumulate(np.where(article, number, 2 * n)[::-1])[::-1]
    course = np.stack((gone / total, near, np.log1p(number - last), np.log1p(following - number)), axis=1)
    return np.concatenate((above, below, course), axis=1).astype(np.float32)


def topic(terms: Terms, kept: Matrix) -> Matrix:
    """(n, 2): how much a line's words are those of the article.

    For each word of four letters or more the share of the other lines it stands in that are probably
    kept, and whether it stands in any; both averaged over the line.
    """
    n = len(kept)
    size = np.maximum(np.bincount(terms.rows, minlength=n), 1)
    lines = np.bincount(terms.words)
    mass = np.bincount(terms.words, kept[terms.rows])
    others = lines[terms.words] - 1
    rest = mass[terms.words] - kept[terms.rows]
    share = rest / np.maximum(others, 1)
    return np.stack(
        (
            np.bincount(terms.rows, share, minlength=n) / size,
            np.bincount(terms.rows, np.minimum(rest, 1), minlength=n) / size,
        ),
        axis=1,
    ).astype(np.float32)
