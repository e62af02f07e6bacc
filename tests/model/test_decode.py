import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.decode import EVEN, LEAST, decode, threshold
from model.features.layout import Matrix
from model.label import KEPT, LABELS, Label

VALUES = st.sampled_from([0.0, 0.05, 0.1, 0.25, 0.5, 0.123456789])
ROWS = st.lists(st.lists(VALUES, min_size=10, max_size=10), min_size=1, max_size=8)


def matrix(rows: list[list[float]]) -> Matrix:
    return np.array(rows, np.float32)


def row(**columns: float) -> list[float]:
    return [columns.get(label, 0.0) for label in LABELS]


def labels_of(*rows: list[float], sizes: list[int] | None = None) -> list[str]:
    labels, _ = decode(matrix(list(rows)), np.array(sizes or [10] * len(rows)))
    return [str(label) for label in labels]


@given(ROWS, st.integers(0, 99))
def test_each_line_has_the_likeliest_label_of_its_kind_the_first_of_equals(rows: list[list[float]], seed: int) -> None:
    sizes = np.random.default_rng(seed).integers(0, 50, len(rows))
    labels, scores = decode(matrix(rows), sizes)
    limit = threshold(matrix(rows)[:, [1, 2]].sum(axis=1), sizes)
    for values, label, score in zip(rows, labels, scores, strict=True):
        article = np.float32(values[1]) + np.float32(values[2]) > limit
        same = [(value, name) for value, name in zip(values, LABELS, strict=True) if (name in KEPT) == article]
        assert label == next(name for value, name in same if value == max(same)[0])
        assert score == pytest.approx(values[label.column], abs=5.1e-5)
        assert isinstance(label, Label)
        assert type(score) is float


def test_what_is_sure_is_answered() -> None:
    sure = [row(**{label: 0.91}) for label in LABELS]
    assert labels_of(*sure) == list(LABELS)


def test_text_and_heading_stand_together_against_the_rest() -> None:
    assert labels_of(row(text=0.3, heading=0.25, nav=0.45)) == ["text"]
    assert labels_of(row(text=0.25, heading=0.3, nav=0.45)) == ["heading"]
    assert labels_of(row(text=0.9), row(text=0.2, heading=0.15, nav=0.34, ad=0.31)) == ["text", "nav"]


@pytest.mark.parametrize(("first", "second"), [("title", "legal"), ("text", "heading"), ("byline", "related")])
def test_of_two_equals_the_first_wins(first: str, second: str) -> None:
    assert labels_of(row(**{first: 0.5, second: 0.5})) == [first]


def test_scores_are_rounded_to_four_places() -> None:
    rows = matrix([row(byline=1 / 3), row(byline=0.99999), row(byline=1)])
    assert decode(rows, np.array([1, 1, 1]))[1] == [0.3333, 1.0, 1.0]


def test_an_unsure_article_is_kept_at_less_than_even_odds() -> None:
    unsure = [row(text=0.4, comment=0.6)] * 5
    assert labels_of(row(text=0.55), *unsure) == ["text"] * 6
    # Beside an article that is plain it is not.
    assert labels_of(*[row(text=1)] * 20, row(text=0.4, comment=0.6)) == ["text"] * 20 + ["comment"]


def test_a_page_without_a_likely_line_has_no_article() -> None:
    unsure = [row(text=0.5, related=0.45)] * 5
    assert labels_of(*unsure) == ["related"] * 5
    assert labels_of(*unsure, row(text=0.9), sizes=[10] * 5 + [0]) == ["related"] * 5 + ["text"]


def test_lines_without_words_change_nothing() -> None:
    kept = np.array([0.9, 0.4, 0.1], np.float32)
    sizes = np.array([30, 20, 10])
    with_marks = threshold(np.append(kept, [0.45, 0.9]).astype(np.float32), np.append(sizes, [0, 0]))
    assert with_marks == pytest.approx(threshold(kept, sizes))


@given(st.lists(st.tuples(st.floats(0, 1, width=16), st.integers(0, 400)), min_size=1, max_size=12))
def test_the_threshold_is_half_the_best_expected_f1_where_there_may_be_an_article(
    lines: list[tuple[float, int]],
) -> None:
    found = threshold(np.array([p for p, _ in lines], np.float32), np.array([size for _, size in lines]))
    hoped = sum(p * size for p, size in lines)
    best = 0.0
    ordered = sorted(lines, key=lambda line: -line[0])
    for count in range(1, len(ordered) + 1):
        chosen = ordered[:count]
        words = sum(size for _, size in chosen)
        best = max(best, 2 * sum(p * size for p, size in chosen) / max(words + hoped, 1))
    article = any(size and p > EVEN for p, size in lines)
    assert found == pytest.approx(min(max(best / 2, LEAST), EVEN) if article else EVEN, rel=1e-5)


@pytest.mark.parametrize("sizes", [[0], [0, 0, 0], [1], [10**6] * 4])
def test_the_threshold_has_bounds(sizes: list[int]) -> None:
    for p in (0.0, 0.5, 1.0):
        assert LEAST <= threshold(np.full(len(sizes), p, np.float32), np.array(sizes)) <= EVEN
