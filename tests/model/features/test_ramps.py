import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from model.features.layout import Matrix
from model.features.ramps import NO_RAMPS, Ramps

NUMBERS = st.floats(-50, 50, width=32)
ROWS = st.integers(1, 30).flatmap(lambda n: arrays(np.float32, (n, 3), elements=NUMBERS))


@given(ROWS, ROWS, st.integers(1, 8))
def test_a_ramp_rises_from_flat_to_flat_by_one_at_most(rows: Matrix, others: Matrix, parts: int) -> None:
    ramps = Ramps.between_quantiles(rows, parts)
    found = ramps.of(np.sort(others, axis=0))
    assert found.shape == (len(others), len(ramps.columns))
    assert found.dtype == np.float32
    assert (np.diff(found, axis=0) >= 0).all()
    assert (found.max(axis=0, initial=0) - found.min(axis=0, initial=0) <= 1 + 1e-5).all()
    assert (abs(found) <= 1).all()


@given(ROWS, st.integers(1, 8))
def test_ramps_say_nothing_of_zero(rows: Matrix, parts: int) -> None:
    ramps = Ramps.between_quantiles(rows, parts)
    assert not ramps.of(np.zeros((2, 3), np.float32)).any()


def test_ramps_lie_between_quantiles() -> None:
    column = np.linspace(0, 10, 101, dtype=np.float32)
    ramps = Ramps.between_quantiles(column[:, None], 4)
    assert np.allclose(ramps.low, (0, 2.5, 5, 7.5))
    found = ramps.of(np.array([[0], [1.25], [2.5], [6], [99]], np.float32))
    expected = ((0, 0, 0, 0), (0.5, 0, 0, 0), (1, 0, 0, 0), (1, 1, 0.4, 0), (1, 1, 1, 1))
    assert np.allclose(found, np.array(expected), atol=1e-6)


def test_columns_of_one_or_two_values_have_no_ramp() -> None:
    rows = np.array([[7, 0, 0], [7, 1, 1], [7, 0, 2], [7, 1, 3]], np.float32)
    ramps = Ramps.between_quantiles(rows, 6)
    assert set(ramps.columns.tolist()) == {2}


@given(ROWS, st.lists(st.booleans(), min_size=3, max_size=3))
def test_ramps_within_columns_say_the_same_of_them(rows: Matrix, kept: list[bool]) -> None:
    ramps, mask = Ramps.between_quantiles(rows, 5), np.array(kept)
    inside = ramps.within(mask)
    assert np.array_equal(inside.of(rows[:, mask]), ramps.of(rows)[:, mask[ramps.columns]])


def test_there_may_be_none() -> None:
    assert NO_RAMPS.of(np.ones((4, 2), np.float32)).shape == (4, 0)
    assert NO_RAMPS.within(np.ones(2, bool)).of(np.ones((4, 2), np.float32)).shape == (4, 0)
