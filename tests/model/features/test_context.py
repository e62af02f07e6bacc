from math import log1p

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.features.context import CORE, line_inputs, page_inputs, shifted, stretches, topic
from model.features.layout import Matrix
from model.features.matrix import NAMES, Features, Terms, features
from model.label import COLUMN
from model.lines.text import text_lines

TEXT, HEADING, NAV = COLUMN["text"], COLUMN["heading"], COLUMN["nav"]


def matrix(rows: int, columns: int, seed: int) -> Matrix:
    return np.random.default_rng(seed).random((rows, columns), np.float32)


MATRICES = st.builds(matrix, st.integers(1, 12), st.just(3), st.integers(0, 99))
STEPS = st.integers(-14, 14).filter(bool)


def page_of(n: int) -> Features:
    return features(text_lines("\n".join(f"line number {'x' * number}" for number in range(n))))


def answers(columns: list[int]) -> Matrix:
    """(n, 10): nearly sure probabilities."""
    found = np.full((len(columns), 10), 0.01, np.float32)
    found[np.arange(len(columns)), columns] = 0.91
    return found


@given(MATRICES, st.lists(STEPS, min_size=1, max_size=3))
def test_a_shifted_matrix_is_what_a_loop_makes(values: Matrix, steps: list[int]) -> None:
    before = values.copy()
    for step, found in zip(steps, shifted(values, steps), strict=True):
        for row in range(len(values)):
            expected = values[row + step] if 0 <= row + step < len(values) else np.zeros(3)
            assert np.array_equal(found[row], expected)
    assert np.array_equal(values, before)


@given(MATRICES, st.lists(st.tuples(st.integers(-4, 15), st.integers(-4, 15)), min_size=1, max_size=3))
def test_a_stretch_is_the_mean_a_loop_takes(values: Matrix, spans: list[tuple[int, int]]) -> None:
    n = len(values)
    for (before, after), found in zip(spans, stretches(values, spans), strict=True):
        assert found.dtype == np.float32
        for row in range(n):
            inside = [values[other] for other in range(n) if row - before <= other <= row + after]
            expected = np.mean(inside, axis=0) if inside else np.zeros(3)
            np.testing.assert_allclose(found[row], expected, rtol=1e-5, atol=1e-6)


def test_a_stretch_excludes_the_line_where_asked() -> None:
    values = np.array([[1], [10], [100], [1000]], np.float32)
    above, below = stretches(values, ((2, -1), (-1, 2)))
    assert above[:, 0].tolist() == [0, 1, 5.5, 55]
    assert below[:, 0].tolist() == [55, 550, 1000, 0]


@pytest.mark.parametrize("n", [1, 2, 3, 7, 60])
def test_both_passes_see_a_fixed_number_of_finite_columns(n: int) -> None:
    page, scores, first = page_of(n), matrix(n, 30, 1) * 1e4, answers([TEXT] * n)
    line, whole = line_inputs(page, scores), page_inputs(page, scores, first)
    assert line.shape == (n, line_inputs(page_of(1), scores[:1]).shape[1])
    assert whole.shape == (n, page_inputs(page_of(1), scores[:1], first[:1]).shape[1])
    for found in (line, whole):
        assert found.dtype == np.float32
        assert np.isfinite(found).all()


def test_both_passes_begin_with_the_lines_own_numbers() -> None:
    page, scores, first = page_of(5), matrix(5, 30, 1), answers([TEXT, NAV, TEXT, NAV, TEXT])
    for found in (line_inputs(page, scores), page_inputs(page, scores, first)):
        assert np.array_equal(found[:, : len(NAMES)], page.numbers)
    assert len(set(CORE)) == len(CORE)


def test_inputs_are_left_as_they_were() -> None:
    page, scores, first = page_of(5), matrix(5, 30, 1), answers([TEXT, NAV, TEXT, NAV, TEXT])
    before = [array.copy() for array in (page.numbers, scores, first)]
    line_inputs(page, scores)
    page_inputs(page, scores, first)
    assert all(np.array_equal(old, new) for old, new in zip(before, (page.numbers, scores, first), strict=True))


def course(page: Features, first: Matrix) -> Matrix:
    """What the second pass sees of the page's course: all but the last two of its last 26 columns."""
    return page_inputs(page, np.zeros((len(first), 30), np.float32), first)[:, -26:-2]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([TEXT, HEADING, NAV]), min_size=1, max_size=30))
def test_the_course_of_a_page_is_what_a_loop_finds(columns: list[int]) -> None:
    n = len(columns)
    page, first = page_of(n), answers(columns)
    found = course(page, first)
    mass = np.expm1(page.numbers[:, NAMES.index("characters")]) * first[:, [TEXT, HEADING]].sum(axis=1)
    article = [number for number, column in enumerate(columns) if column != NAV]
    for row in range(n):
        np.testing.assert_allclose(found[row, :10], first[:row].max(axis=0, initial=0))
        np.testing.assert_allclose(found[row, 10:20], first[row + 1 :].max(axis=0, initial=0))
        assert found[row, 20] == pytest.approx(mass[: row + 1].sum() / max(mass.sum(), 1), rel=1e-4)
        if above := [number for number in article if number <= row]:
            assert found[row, 22] == pytest.approx(log1p(row - above[-1]))
        if below := [number for number in article if number >= row]:
            assert found[row, 23] == pytest.approx(log1p(below[0] - row))


def test_nearly_all_of_a_short_article_is_near() -> None:
    assert course(page_of(3), answers([TEXT] * 3))[:, 21].tolist() == pytest.approx([1, 1, 1])


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sets(st.integers(0, 5)), min_size=1, max_size=8), st.integers(0, 99))
def test_topic_is_what_a_loop_counts(lines: list[set[int]], seed: int) -> None:
    n = len(lines)
    known = sorted(set().union(*lines))
    pairs = [(known.index(word), row) for row, line in enumerate(lines) for word in sorted(line)]
    terms = Terms(*(np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1)))
    kept = np.random.default_rng(seed).random(n, np.float32)
    found = topic(terms, kept)
    assert found.shape == (n, 2)
    for row, line in enumerate(lines):
        others = [[kept[other] for other in range(n) if other != row and word in lines[other]] for word in line]
        shares = [sum(found_in) / len(found_in) if found_in else 0 for found_in in others]
        anywhere = [min(sum(found_in), 1) for found_in in others]
        size = max(len(line), 1)
        np.testing.assert_allclose(found[row], (sum(shares) / size, sum(anywhere) / size), rtol=1e-4, atol=1e-5)
