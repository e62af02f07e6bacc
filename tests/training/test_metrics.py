import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import LABELS
from training import metrics
from training.metrics import Bin, Columns, LabelScore, Shingles

TITLE, TEXT, NAV = LABELS.index("title"), LABELS.index("text"), LABELS.index("nav")
WORDS = st.lists(st.sampled_from("a b c the 日 本 it's".split()), max_size=12).map(" ".join)


def columns(*names: str) -> Columns:
    return np.array([[str(label) for label in LABELS].index(name) for name in names], np.int64)


@pytest.mark.parametrize(
    ("answer", "gold", "f1"),
    [
        ("", "", 1.0),
        ("a", "", 0.0),
        ("", "a", 0.0),
        ("... !", "", 1.0),  # marks are no words
        ("A b", "b, a!", 1.0),  # neither case, marks nor order count
        ("a a b", "a b b", 2 / 3),  # 2 of 3 words on both sides
        ("a b c d", "a b", 2 * 2 / 6),
        ("日本", "日 a", 2 * 1 / 4),  # two words against two
        ("ภาษา", "ภ", 2 * 1 / 5),
        ("don't", "don t", 1.0),
        ("x_1", "x 1", 0.0),  # an underscore is part of a word
    ],
)
def test_word_f1(answer: str, gold: str, f1: float) -> None:
    assert metrics.word_f1(answer, gold) == pytest.approx(f1)


@given(WORDS, WORDS)
def test_word_f1_is_a_share_and_symmetric_but_for_nothing(answer: str, gold: str) -> None:
    f1 = metrics.word_f1(answer, gold)
    assert 0 <= f1 <= 1
    assert metrics.word_f1(gold, answer) == f1
    assert metrics.word_f1(gold, gold) == 1


@pytest.mark.parametrize(
    ("answer", "gold", "counts"),
    [
        ("", "", (0, 0, 0)),
        ("", "a b", (0, 0, 1)),  # shorter than four words: one shingle
        ("a b", "a b", (1, 0, 0)),
        ("a b c", "a b", (0, 1, 1)),
        ("a b c d e", "a b c d", (1, 1, 0)),
        ("a b c d a b c d", "a b c d", (1, 4, 0)),  # abcd twice, bcda, cdab, dabc; a multiset
    ],
)
def test_shingles(answer: str, gold: str, counts: tuple[int, int, int]) -> None:
    assert metrics.shingles(answer, gold) == Shingles(*counts)


def test_shingle_f1_weighs_pages_alike() -> None:
    # 1/2 hit, 1/2 extra; and 1 hit of a page fifty times as long: 2 * 1.5 / (2 * 1.5 + .5)
    assert metrics.shingle_f1([Shingles(1, 1, 0), Shingles(100, 0, 0)]) == pytest.approx(3 / 3.5)
    assert metrics.shingle_f1([Shingles(0, 3, 1)]) == 0
    assert metrics.shingle_f1([]) == metrics.shingle_f1([Shingles(0, 0, 0)]) == 1


def test_confusion_counts_gold_in_rows() -> None:
    matrix = metrics.confusion(columns("title", "text", "text", "nav"), columns("title", "nav", "text", "nav"))
    assert matrix.shape == (10, 10)
    assert (matrix[TITLE, TITLE], matrix[TEXT, TEXT], matrix[TEXT, NAV], matrix[NAV, NAV]) == (1, 1, 1, 1)
    assert matrix.sum() == 4


def test_label_scores_and_macro_f1() -> None:
    matrix = metrics.confusion(
        columns("title", "text", "text", "nav", "ad"), columns("title", "nav", "text", "nav", "nav")
    )
    scores = dict(zip(LABELS, metrics.label_scores(matrix), strict=True))
    assert scores[LABELS[TITLE]] == LabelScore(1.0, 1.0, 1.0, 1, 1)
    assert scores[LABELS[TEXT]] == LabelScore(1.0, 0.5, 2 / 3, 2, 1)
    assert scores[LABELS[NAV]] == LabelScore(1 / 3, 1.0, 0.5, 1, 3)
    assert scores[LABELS[LABELS.index("ad")]] == LabelScore(1.0, 0.0, 0.0, 1, 0)
    # The six labels that are nowhere count 1 each.
    assert metrics.macro_f1(matrix) == pytest.approx((1 + 2 / 3 + 0.5 + 0 + 6) / 10)


def test_reliability_bins_are_closed_above() -> None:
    scores = np.array([0.5, 0.25, 0.26, 1.0, 0.9, 0.0])
    right = np.array([True, False, True, True, False, False])
    assert metrics.reliability(scores, right, bins=4) == (
        Bin(0.0, 0.25, 2, 0.125, 0.0),
        Bin(0.25, 0.5, 2, 0.38, 1.0),
        Bin(0.75, 1.0, 2, 0.95, 0.5),
    )


def test_calibration_error_is_weighted_by_lines() -> None:
    bins = (Bin(0.0, 0.5, 3, 0.4, 0.2), Bin(0.5, 1.0, 1, 0.9, 1.0))
    assert metrics.calibration_error(bins) == pytest.approx((3 * 0.2 + 1 * 0.1) / 4)
    assert metrics.calibration_error(()) == 0


def test_scores_that_hold_are_calibrated() -> None:
    scores = np.full(10, 0.8)
    right = np.arange(10) < 8
    assert metrics.calibration_error(metrics.reliability(scores, right)) == pytest.approx(0)


def test_precision_recall() -> None:
    curve = metrics.precision_recall(np.array([0.1, 0.9, 0.8, 0.7]), np.array([False, True, False, True]))
    assert curve is not None
    # From the likeliest down: hit (1/1), miss (1/2), hit (2/3), miss (2/4).
    assert curve.average == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)
    assert curve.recall == (0.5, 1.0)
    assert curve.precision == pytest.approx((1.0, 2 / 3))


def test_a_threshold_cannot_part_equals() -> None:
    curve = metrics.precision_recall(np.array([0.5, 0.5, 0.5, 0.5]), np.array([True, False, False, False]))
    assert curve is not None
    assert (curve.recall, curve.precision, curve.average) == ((1.0,), (0.25,), 0.25)


def test_a_label_without_lines_has_no_curve() -> None:
    assert metrics.precision_recall(np.array([0.5]), np.array([False])) is None


def test_a_long_curve_is_thinned_but_for_its_average() -> None:
    random = np.random.default_rng(0)
    probabilities, positive = random.random(5000), random.random(5000) < 0.4
    curve = metrics.precision_recall(probabilities, positive, points=20)
    assert curve is not None
    assert 10 < len(curve.recall) <= 20
    assert list(curve.recall) == sorted(curve.recall)
    assert curve.recall[-1] == 1
    assert curve.average == pytest.approx(0.4, abs=0.03)
