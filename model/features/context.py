"""What stands around a line: its neighbours, the stretches above and below it, and the page as a whole.

A line by itself can't tell a comment from a paragraph; the heading above the block and the block's
rhythm can. Two passes see them: the first the neighbours' looks and words, the second what the first
made of every line of the page (stacked sequential learning, Cohen & Carvalho, 2005).
"""

from collections.abc import Sequence

import numpy as np

from model.features.layout import Matrix
from model.features.matrix import NAMES, Features, Terms
from model.label import IS_KEPT

# Of the numbers, those that a line's neighbours are known by.
CORE = tuple(
    NAMES.index(name)
    for name in (
        "characters words sentence capitalised numeric marks share_digit share_separator last_full_stop last_terminal "
        "last_colon first_bullet blank_before indent times seen glued html linked gap path_mean path_linked path_above "
        "parent_mean parent_lines within_a within_li own_p title_share title_cover"
    ).split()
)
# Linear scores of hashed words are unbounded; beyond this they say no more.
_FLAT = 4.0
_PROBABLE = 0.5


def shifted(values: Matrix, steps: Sequence[int]) -> list[Matrix]:
    """For each step the values of the line that many below (above where negative); zero beyond the page."""
    found = []
    for step in steps:
        moved = np.zeros_like(values)
        if step > 0:
            moved[:-step] = values[step:]
        else:
            moved[-step:] = values[:step]
        found.append(moved)
    return found


def stretches(values: Matrix, spans: Sequence[tuple[int, int]]) -> list[Matrix]:
    """For each span (before, after) the mean of the values from `before` lines above to `after` below.

    Both may be negative: (8, -1) is the eight lines above without the line itself. Zero where the
    stretch lies outside the page.
    """
    n = len(values)
    sums = np.zeros((n + 1, values.shape[1]))
    np.cumsum(values, axis=0, out=sums[1:])
    number = np.arange(n)
    found = []
    for before, after in spans:
        low = np.clip(number - before, 0, n)
        high = np.maximum(np.clip(number + after + 1, 0, n), low)
        mean = (sums[high] - sums[low]) / np.maximum(high - low, 1)[:, None]
        found.append(mean.astype(np.float32))
    return found


def line_inputs(features: Features, scores: Matrix) -> Matrix:
    """(n, columns): what the first pass sees of each of n lines, `scores` (n, k) being its words' weights."""
    flat = np.tanh(scores / _FLAT)
    core = np.concatenate((features.numbers[:, CORE], flat), axis=1)
    return np.concatenate(
        (
            features.numbers,
            flat,
            *shifted(core, (-2, -1, 1, 2)),
            *stretches(core, ((3, 3), (10, -1), (-1, 10))),
            np.broadcast_to(core.mean(axis=0, dtype=np.float32), core.shape),
        ),
        axis=1,
    )


def page_inputs(features: Features, scores: Matrix, first: Matrix) -> Matrix:
    """(n, columns): what the second pass sees, `first` (n, 10) being the first pass's probabilities."""
    n = len(first)
    flat = np.tanh(scores / _FLAT)
    core = np.concatenate((features.numbers[:, CORE], flat), axis=1)
    return np.concatenate(
        (
            features.numbers,
            flat,
            first,
            *shifted(core, (-1, 1)),
            *shifted(first, (-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6)),
            *stretches(first, ((4, 4), (10, -1), (-1, 10), (40, -1), (-1, 40), (n, -1), (-1, n))),
            np.broadcast_to(first.mean(axis=0, dtype=np.float32), first.shape),
            _course(features.numbers, first),
            topic(features.terms, first[:, IS_KEPT].sum(axis=1)),
        ),
        axis=1,
    )


def _course(numbers: Matrix, first: Matrix) -> Matrix:
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
    mass = np.expm1(numbers[:, NAMES.index("characters")]) * kept
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
