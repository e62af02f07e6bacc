"""What stands around a line: its neighbours, the stretches above and below it, and the page as a whole.

A line by itself can't tell a comment from a paragraph; the heading above the block and the block's
rhythm can. Two passes see them: the first the neighbours' looks and words, the second what the first
made of every line of the page (stacked sequential learning, Cohen & Carvalho, 2005).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from model.features import layout
from model.features.layout import Matrix
from model.features.matrix import NAMES, Features, Terms
from model.label import IS_KEPT, LABELS

# Of the numbers, those that a line's neighbours are known by.
CORE = tuple(
    NAMES.index(name)
    for name in (
        "characters words sentence capitalised numeric marks share_digit share_separator last_full_stop last_terminal "
        "last_colon first_bullet blank_before indent times seen glued html linked gap path_mean path_linked path_above "
        "parent_mean parent_lines within_a within_li own_p title_share title_cover"
    ).split()
)
_K = len(LABELS)
# Of the numbers and of the scores those that bare text has; the others are of markup, and zero there.
_BARE_NUMBERS, _BARE_SCORES = len(layout.COLUMNS), 2 * _K
_BARE_CORE = tuple(number for number in CORE if number < _BARE_NUMBERS)
# Where the second pass looks for what the first made of other lines: steps, and stretches (the page's length: None).
_STEPS = (-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6)
_STRETCHES = ((4, 4), (10, -1), (-1, 10), (40, -1), (-1, 40), (None, -1), (-1, None))
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
        low = np.minimum(np.maximum(number - before, 0), n)
        high = np.maximum(np.minimum(number + (after + 1), n), low)
        mean = sums.take(high, axis=0)
        mean -= sums.take(low, axis=0)
        mean /= np.maximum(high - low, 1)[:, None]
        found.append(mean.astype(np.float32))
    return found


def line_inputs(features: Features, scores: Matrix, *, bare: bool = False) -> Matrix:
    """(n, columns): what the first pass sees of each of n lines, `scores` (n, 30) being its words' weights.

    With `bare` only the columns LINE_BARE: in bare text the others are zero.
    """
    numbers, flat, core = _look(features, scores, bare)
    return np.concatenate(
        (
            numbers,
            flat,
            *shifted(core, (-2, -1, 1, 2)),
            *stretches(core, ((3, 3), (10, -1), (-1, 10))),
            np.broadcast_to(core.mean(axis=0, dtype=np.float32), core.shape),
        ),
        axis=1,
    )


def page_inputs(features: Features, scores: Matrix, first: Matrix, *, bare: bool = False) -> Matrix:
    """(n, columns): what the second pass sees, `first` (n, 10) being the first pass's probabilities.

    With `bare` only the columns PAGE_BARE: in bare text the others are zero.
    """
    n = len(first)
    numbers, flat, core = _look(features, scores, bare)
    return np.concatenate(
        (
            numbers,
            flat,
            first,
            *shifted(core, (-1, 1)),
            *shifted(first, _STEPS),
            *stretches(first, [(n if up is None else up, n if down is None else down) for up, down in _STRETCHES]),
            np.broadcast_to(first.mean(axis=0, dtype=np.float32), first.shape),
            _course(features.numbers, first),
            topic(features.terms, first[:, IS_KEPT].sum(axis=1)),
        ),
        axis=1,
    )


def _look(features: Features, scores: Matrix, bare: bool) -> tuple[Matrix, Matrix, Matrix]:
    """The numbers, the flattened scores, and of both what neighbours are known by."""
    numbers = features.numbers[:, :_BARE_NUMBERS] if bare else features.numbers
    flat = np.tanh((scores[:, :_BARE_SCORES] if bare else scores) / _FLAT)
    return numbers, flat, np.concatenate((numbers[:, _BARE_CORE if bare else CORE], flat), axis=1)


def _is_bare(first: int, cores: int, others: int) -> npt.NDArray[np.bool_]:
    """Which columns bare text has: of numbers, scores, `first` columns, `cores` cores and `others` columns."""
    numbers = np.arange(len(NAMES)) < _BARE_NUMBERS
    scores = np.arange(3 * _K) < _BARE_SCORES
    core = np.concatenate((numbers[list(CORE)], scores))
    return np.concatenate((numbers, scores, np.ones(first, bool), np.tile(core, cores), np.ones(others, bool)))


# (columns,) of each pass's inputs: whether bare text has anything there.
LINE_BARE = _is_bare(0, 8, 0)
PAGE_BARE = _is_bare(_K, 2, _K * (len(_STEPS) + len(_STRETCHES) + 1) + 2 * _K + 6)


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
