import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.features.context import CORE, kin_inputs, line_inputs, own_inputs, page_inputs, stretches, window
from model.features.layout import Matrix
from model.features.matrix import NAMES
from model.features.ramps import NO_RAMPS, Ramps
from model.label import COLUMN
from tests.model.features.pages import answers, page_of

TEXT, NAV = COLUMN["text"], COLUMN["nav"]


def matrix(rows: int, columns: int, seed: int) -> Matrix:
    return np.random.default_rng(seed).random((rows, columns), np.float32)


MATRICES = st.builds(matrix, st.integers(1, 12), st.just(3), st.integers(0, 99))


@given(MATRICES, st.integers(-14, 14), st.integers(0, 5))
def test_a_window_is_what_a_loop_makes(values: Matrix, first: int, more: int) -> None:
    before = values.copy()
    found = window(values, first, first + more)
    assert found.shape == (len(values), 3 * (more + 1))
    for row in range(len(values)):
        for place, other in enumerate(range(row + first, row + first + more + 1)):
            expected = values[other] if 0 <= other < len(values) else np.zeros(3)
            assert np.array_equal(found[row, 3 * place : 3 * place + 3], expected)
    assert np.array_equal(values, before)


@given(MATRICES, st.lists(st.tuples(st.integers(-4, 15), st.integers(-4, 15)), min_size=1, max_size=3))
def test_a_stretch_is_the_mean_a_loop_takes(values: Matrix, spans: list[tuple[int, int]]) -> None:
    n = len(values)
    found = stretches(values, spans)
    assert found.dtype == np.float32
    for row in range(n):
        for place, (before, after) in enumerate(spans):
            inside = [values[other] for other in range(n) if row - before <= other <= row + after]
            expected = np.mean(inside, axis=0) if inside else np.zeros(3)
            np.testing.assert_allclose(found[row, 3 * place : 3 * place + 3], expected, rtol=1e-5, atol=1e-6)


def test_a_stretch_excludes_the_line_where_asked() -> None:
    values = np.array([[1], [10], [100], [1000]], np.float32)
    above, below = stretches(values, ((2, -1), (-1, 2))).T
    assert above.tolist() == [0, 1, 5.5, 55]
    assert below.tolist() == [55, 550, 1000, 0]


@pytest.mark.parametrize("n", [1, 2, 3, 7, 60])
def test_all_passes_see_a_fixed_number_of_finite_columns(n: int) -> None:
    page, scores, first = page_of(n), matrix(n, 30, 1) * 1e4, answers([TEXT] * n)
    line, whole, kin = line_inputs(page, scores), page_inputs(page, scores, first, NO_RAMPS), kin_inputs(page, first)
    assert line.shape == (n, line_inputs(page_of(1), scores[:1]).shape[1])
    assert whole.shape == (n, page_inputs(page_of(1), scores[:1], first[:1], NO_RAMPS).shape[1])
    assert kin.shape == (n, kin_inputs(page_of(1), first[:1]).shape[1])
    for found in (line, whole, kin):
        assert found.dtype == np.float32
        assert np.isfinite(found).all()


def test_the_first_two_passes_begin_with_the_lines_own_numbers() -> None:
    page, scores, first = page_of(5), matrix(5, 30, 1), answers([TEXT, NAV, TEXT, NAV, TEXT])
    for found in (line_inputs(page, scores), page_inputs(page, scores, first, NO_RAMPS)):
        assert np.array_equal(found[:, : len(NAMES)], page.numbers)
    assert len(set(CORE)) == len(CORE)


def test_ramps_of_what_is_the_lines_own_stand_at_the_end_of_the_second_pass() -> None:
    page, scores, first = page_of(5), matrix(5, 30, 1), answers([TEXT, NAV, TEXT, NAV, TEXT])
    own = own_inputs(page, scores, first)
    ramps = Ramps.between_quantiles(own, 3)
    with_ramps, without = page_inputs(page, scores, first, ramps), page_inputs(page, scores, first, NO_RAMPS)
    assert np.array_equal(without[:, : own.shape[1]], own)
    assert np.array_equal(with_ramps, np.concatenate((without, ramps.of(own)), axis=1))
    assert len(ramps.columns) > 0


def test_inputs_are_left_as_they_were() -> None:
    page, scores, first = page_of(5), matrix(5, 30, 1), answers([TEXT, NAV, TEXT, NAV, TEXT])
    before = [array.copy() for array in (page.numbers, scores, first)]
    line_inputs(page, scores)
    page_inputs(page, scores, first, NO_RAMPS)
    kin_inputs(page, first)
    assert all(np.array_equal(old, new) for old, new in zip(before, (page.numbers, scores, first), strict=True))
