import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.decode import decode
from model.label import LABELS, Label

ROWS = st.lists(st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.123456789]), min_size=10, max_size=10), max_size=8)


@given(ROWS)
def test_each_line_has_its_likeliest_label_the_first_of_equals(rows: list[list[float]]) -> None:
    labels, scores = decode(np.array(rows, np.float32).reshape(-1, 10))
    assert list(labels) == [LABELS[row.index(max(row))] for row in rows]
    assert list(scores) == pytest.approx([max(row) for row in rows], abs=5.1e-5)
    assert all(isinstance(label, Label) for label in labels)
    assert all(type(score) is float for score in scores)


@pytest.mark.parametrize(("first", "second"), [(0, 9), (1, 2), (4, 8)])
def test_of_two_equals_the_first_wins(first: int, second: int) -> None:
    row = np.zeros((1, 10), np.float32)
    row[0, [first, second]] = 0.5
    assert decode(row) == ([LABELS[first]], [0.5])


def test_scores_are_rounded_to_four_places() -> None:
    row = np.zeros((3, 10), np.float32)
    row[:, 3] = [1 / 3, 0.99999, 1]
    assert decode(row)[1] == [0.3333, 1.0, 1.0]


def test_no_lines_have_no_labels() -> None:
    labels, scores = decode(np.zeros((0, 10), np.float32))
    assert (list(labels), list(scores)) == ([], [])
