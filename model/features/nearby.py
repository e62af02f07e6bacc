"""Which lines around a line speak for it by their words, and how what they say comes together."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from model.features import layout
from model.features.layout import Matrix

_WORDS = layout.NAMES["words"]
# A line of no more words may be a heading, which speaks for what stands far below it.
BRIEF = 5


class Span(NamedTuple):
    """The lines from `first` to `last` below a line, or above it where these are negative.

    What lies further away counts `decay` times as much as the line before it; of a `brief` span only lines of
    few words speak, such as headings.
    """

    first: int
    last: int
    decay: float = 1.0
    brief: bool = False

    def steps(self) -> Iterator[tuple[int, float]]:
        """How far below each of its lines is, and how much it counts."""
        nearest = min(abs(self.first), abs(self.last))
        for step in range(self.first, self.last + 1):
            yield step, self.decay ** (abs(step) - nearest)


SPANS = (
    Span(0, 0),
    Span(-1, -1),
    Span(1, 1),
    Span(-4, -2),
    Span(2, 4),
    Span(-32, -1, 0.9, brief=True),
    Span(1, 32, 0.9, brief=True),
)


def brief(numbers: npt.NDArray[np.floating]) -> npt.NDArray[np.bool_]:
    """(n,) which of n lines have few words, by their `numbers`, (n, columns)."""
    return np.asarray(numbers[:, _WORDS] < np.log1p(BRIEF + 0.5))


def gathered(weights: Matrix, numbers: Matrix) -> Matrix:
    """(n, k) from (n, k * len(SPANS)): each line's sum over the lines of each span, every span by its columns."""
    n, k = len(weights), weights.shape[1] // len(SPANS)
    total = np.zeros((n, k), np.float32)
    some = weights * brief(numbers)[:, None]
    for number, span in enumerate(SPANS):
        part = (some if span.brief else weights)[:, number * k : (number + 1) * k]
        if span.decay == 1:
            for step, _ in span.steps():
                _add(total, part, step)
        else:
            total += _faded(part, span)
    return total


def _add(total: Matrix, values: Matrix, step: int) -> None:
    """Add to each line of `total` the values of the line `step` below it."""
    if step >= 0:
        total[: max(len(total) - step, 0)] += values[step:]
    else:
        total[-step:] += values[:step]


def _faded(values: Matrix, span: Span) -> Matrix:
    """Each line's sum over a span that fades, by doubling: two lines, then two of those sums, and so on."""
    near, far = sorted((span.first, span.last), key=abs)
    sign = 1 if far > 0 else -1
    total = np.zeros_like(values)
    _add(total, values, near)
    step = 1
    while step <= abs(far - near):
        more = total.copy()
        _add(more, total * np.float32(span.decay**step), sign * step)
        total = more
        step *= 2
    return total
