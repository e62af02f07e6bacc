"""What stands around a line: its neighbours, the stretches above and below it, and the page as a whole.

A line by itself can't tell a comment from a paragraph; the heading above the block and the block's
rhythm can. Three passes see them: the first the neighbours' looks and words, the second what the first
made of the lines around, the third what the second made of a line's kin and of the page's course (stacked
sequential learning, Cohen & Carvalho, 2005).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import as_strided

from model.features.course import course, topic
from model.features.kin import heard, kin_of
from model.features.layout import Matrix
from model.features.matrix import BARE, NAMES, Features
from model.features.ramps import Ramps
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
_BARE_SCORES = 2 * _K
_BARE_CORE = tuple(number for number in CORE if number < BARE)
# Where the second pass looks for what the first made of other lines: steps, and stretches (the page's length: None).
_STEPS = 4
_STRETCHES = ((4, 4), (10, -1), (-1, 10), (40, -1), (-1, 40), (None, -1), (-1, None))
# What the third pass sees of a line itself, and where it looks for what the second made of other lines.
_SELF = tuple(
    NAMES.index(name)
    for name in (
        "words sentence marks blank_before blank_after times seen html linked gap first_bullet last_terminal "
        "share_digit place"
    ).split()
)
_KIN_STEPS = 3
_KIN_STRETCHES = ((10, -1), (-1, 10), (40, -1), (-1, 40))
# Logarithms of probabilities below this say no more; they are scaled to the size of the other inputs.
_LEAST, _LOGARITHMS = 1e-3, 4.0
# Linear scores of hashed words are unbounded; beyond this they say no more.
_FLAT = 4.0


def window(values: Matrix, first: int, last: int) -> Matrix:
    """(n, k * lines) from (n, k): beside each other the values of the lines from `first` to `last` below each line.

    Above where negative; zero beyond the page. Whatever takes it copies it: lines overlap in memory.
    """
    n, k = values.shape
    padded = np.zeros((n + max(last, 0) - min(first, 0), k), np.float32)
    padded[max(-first, 0) :][:n] = values
    start = padded[max(first, 0) :]
    found: Matrix = as_strided(start, (n, k * (last - first + 1)), (k * 4, 4), writeable=False)
    return found


def stretches(values: Matrix, spans: Sequence[tuple[int, int]]) -> Matrix:
    """(n, k * spans) from (n, k): for each span (before, after) the mean of the lines from `before` above to `after`.

    Both may be negative: (8, -1) is the eight lines above without the line itself. Zero where the
    stretch lies outside the page.
    """
    n, k = values.shape
    sums = np.zeros((n + 1, k))
    np.cumsum(values, axis=0, out=sums[1:])
    number = np.arange(n)[:, None]
    before, after = np.array(spans).T
    low = np.minimum(np.maximum(number - before, 0), n)
    high = np.maximum(np.minimum(number + (after + 1), n), low)
    mean = sums.take(high, axis=0)
    mean -= sums.take(low, axis=0)
    mean /= np.maximum(high - low, 1)[:, :, None]
    found: Matrix = mean.astype(np.float32).reshape(n, -1)
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
            window(core, -2, -1),
            window(core, 1, 2),
            stretches(core, ((3, 3), (10, -1), (-1, 10))),
            np.broadcast_to(core.mean(axis=0, dtype=np.float32), core.shape),
        ),
        axis=1,
    )


def own_inputs(features: Features, scores: Matrix, first: Matrix) -> Matrix:
    """(n, columns): what the second pass sees of a line itself, the beginning of its inputs: what ramps are made of."""
    return _own(features, scores, first, bare=False)[0]


def page_inputs(features: Features, scores: Matrix, first: Matrix, ramps: Ramps, *, bare: bool = False) -> Matrix:
    """(n, columns): what the second pass sees, `first` (n, 10) being the first pass's probabilities.

    With `bare` only the columns `page_bare`, of ramps within PAGE_BARE: in bare text the others say nothing.
    """
    n = len(first)
    own, core = _own(features, scores, first, bare=bare)
    return np.concatenate(
        (
            own,
            window(core, -1, -1),
            window(core, 1, 1),
            window(first, -_STEPS, -1),
            window(first, 1, _STEPS),
            stretches(first, [(n if up is None else up, n if down is None else down) for up, down in _STRETCHES]),
            np.broadcast_to(first.mean(axis=0, dtype=np.float32), first.shape),
            ramps.of(own),
        ),
        axis=1,
    )


def kin_inputs(features: Features, second: Matrix) -> Matrix:
    """(n, columns): what the third pass sees, `second` (n, 10) being the second pass's probabilities."""
    return np.concatenate(
        (
            np.log(second + np.float32(_LEAST)) / np.float32(_LOGARITHMS),
            features.numbers[:, _SELF],
            window(second, -_KIN_STEPS, _KIN_STEPS),
            *heard(kin_of(features), second),
            stretches(second, _KIN_STRETCHES),
            np.broadcast_to(second.mean(axis=0, dtype=np.float32), second.shape),
            course(features.numbers, second),
            topic(features.terms, second[:, IS_KEPT].sum(axis=1)),
        ),
        axis=1,
    )


def _look(features: Features, scores: Matrix, bare: bool) -> tuple[Matrix, Matrix, Matrix]:
    """The numbers, the flattened scores, and of both what neighbours are known by."""
    numbers = features.numbers[:, :BARE] if bare else features.numbers
    flat = np.tanh((scores[:, :_BARE_SCORES] if bare else scores) / _FLAT)
    return numbers, flat, np.concatenate((numbers[:, _BARE_CORE if bare else CORE], flat), axis=1)


def _own(features: Features, scores: Matrix, first: Matrix, *, bare: bool) -> tuple[Matrix, Matrix]:
    """What the second pass sees of a line itself, and what neighbours are known by."""
    numbers, flat, core = _look(features, scores, bare)
    return np.concatenate((numbers, flat, first), axis=1), core


def _is_bare(first: int, cores: int, others: int) -> npt.NDArray[np.bool_]:
    """Which columns bare text has: of numbers, scores, `first` columns, `cores` cores and `others` columns."""
    numbers = np.arange(len(NAMES)) < BARE
    scores = np.arange(3 * _K) < _BARE_SCORES
    core = np.concatenate((numbers[list(CORE)], scores))
    return np.concatenate((numbers, scores, np.ones(first, bool), np.tile(core, cores), np.ones(others, bool)))


# (columns,) of each pass's inputs, but for ramps: whether bare text has anything there.
LINE_BARE = _is_bare(0, 8, 0)
PAGE_BARE = _is_bare(_K, 2, _K * (2 * _STEPS + len(_STRETCHES) + 1))


def page_bare(ramps: Ramps) -> npt.NDArray[np.bool_]:
    """(columns,) of the second pass's inputs with these ramps: whether bare text has anything there."""
    return np.concatenate((PAGE_BARE, PAGE_BARE[ramps.columns]))
