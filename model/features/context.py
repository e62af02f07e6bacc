"""What stands around a line: its neighbours, the stretch above and below it, and the page as a whole."""

from collections.abc import Sequence

import numpy as np

from model.features.layout import Matrix


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


def stretches(values: Matrix, before: int, after: int) -> Matrix:
    """For each line the mean of the values from `before` lines above it to `after` below it.

    Both may be negative: (8, -1) is the eight lines above without the line itself. Zero where the
    stretch lies outside the page.
    """
    n = len(values)
    sums = np.zeros((n + 1, values.shape[1]))
    np.cumsum(values, axis=0, out=sums[1:])
    number = np.arange(n)
    low = np.clip(number - before, 0, n)
    high = np.maximum(np.clip(number + after + 1, 0, n), low)
    found: Matrix = ((sums[high] - sums[low]) / np.maximum(high - low, 1)[:, None]).astype(np.float32)
    return found
