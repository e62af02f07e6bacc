"""Numbers told apart by where they lie: piecewise linear encoding (Gorishniy et al., 2022).

A small perceptron bends each of its inputs in a few places only, trees cut them wherever it helps. Of a number that
matters in the middle of its range, ramps between its quantiles show a perceptron each part by itself.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from model.features.layout import Matrix

# No ramp is steeper than one over this.
_NARROWEST = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Ramps:
    """Ramps, each of one column: flat up to `low`, rising by `slope` to one more, and flat from there on.

    What a ramp says of zero is zero: of columns that bare text lacks, which are zero there, it says nothing.

    Attributes:
        columns: (m,) of the inputs, several of each.
        low, slope: (m,).
    """

    columns: npt.NDArray[np.int64]
    low: npt.NDArray[np.float32]
    slope: npt.NDArray[np.float32]
    _of_zero: npt.NDArray[np.float32] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Reckon how far up each ramp zero lies."""
        object.__setattr__(self, "_of_zero", np.clip(-self.low * self.slope, 0, 1))

    @classmethod
    def between_quantiles(cls, rows: Matrix, parts: int) -> "Ramps":
        """Ramps between the quantiles that cut each column of `rows` into parts of as many lines.

        Equal quantiles count as one. A column of two values has none: it is a ramp itself.
        """
        cuts = np.quantile(rows, np.linspace(0, 1, parts + 1), axis=0, method="lower").astype(np.float32)
        low, width = cuts[:-1].T, np.diff(cuts, axis=0).T
        rising = width > 0
        rising &= rising.sum(axis=1, keepdims=True) > 1
        slope = np.reciprocal(np.maximum(width[rising], np.float32(_NARROWEST)))
        return cls(np.nonzero(rising)[0], low[rising], slope)

    def of(self, inputs: Matrix) -> Matrix:
        """(n, m): how far up each ramp the inputs (n, columns) lie above zero, -1 to 1."""
        found: Matrix = inputs.take(self.columns, axis=1)
        found -= self.low
        found *= self.slope
        np.clip(found, 0, 1, out=found)
        found -= self._of_zero
        return found

    def within(self, kept: npt.NDArray[np.bool_]) -> "Ramps":
        """The ramps of the columns that are `kept`, for inputs of those alone."""
        chosen = kept[self.columns]
        columns = np.cumsum(kept)[self.columns[chosen]] - 1
        return Ramps(columns, self.low[chosen], self.slope[chosen])


NO_RAMPS = Ramps(np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros(0, np.float32))
