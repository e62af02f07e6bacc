"""How good an answer is: scores of texts, of labels, and of the probabilities given with them.

Texts are compared as multisets of words, so that white space and the order of blocks don't count; labels
are columns (0 to 9) in NumPy arrays, one a line.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.label import LABELS
from training.align import tokens

Columns = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

K = len(LABELS)
SHINGLE = 4
BINS = 15


def word_f1(answer: str, gold: str) -> float:
    """F1 of two texts as multisets of words, 0 to 1; where gold has no word, 1 for an empty answer, else 0."""
    a, g = Counter(tokens(answer)), Counter(tokens(gold))
    if not g:
        return float(not a)
    return 2 * (a & g).total() / (a.total() + g.total())


@dataclass(frozen=True, slots=True)
class Shingles:
    """Word n-grams of an answer as multisets: those gold has too, those it hasn't, those only gold has."""

    hits: int
    extra: int
    missed: int


def shingles(answer: str, gold: str, n: int = SHINGLE) -> Shingles:
    """The n-grams of words of an answer against gold's; a text shorter than n words is one n-gram."""
    a, g = _grams(answer, n), _grams(gold, n)
    hits = (a & g).total()
    return Shingles(hits, a.total() - hits, g.total() - hits)


def shingle_f1(pages: list[Shingles]) -> float:
    """F1 over pages, each of which counts the same: its counts are divided by their sum before they are added.

    Pages without any n-gram don't count; 1 where there are no others (Scrapinghub's article benchmark, 2019).
    """
    hits = wrong = 0.0
    for page in pages:
        total = page.hits + page.extra + page.missed
        if total:
            hits += page.hits / total
            wrong += (page.extra + page.missed) / total
    return 2 * hits / (2 * hits + wrong) if hits + wrong else 1.0


def confusion(gold: Columns, answer: Columns) -> Columns:
    """(10, 10): how many lines of each label (row) were answered with each label (column)."""
    return np.bincount(gold * K + answer, minlength=K * K).reshape(K, K)


@dataclass(frozen=True, slots=True)
class LabelScore:
    """How well one label is found: shares of 0 to 1, and the lines that have it and that were given it.

    A share of nothing is 1: a label nobody gave was never wrong.
    """

    precision: float
    recall: float
    f1: float
    lines: int
    answered: int


def label_scores(matrix: Columns) -> tuple[LabelScore, ...]:
    """The score of each label of a confusion matrix."""
    found = []
    for column in range(K):
        hits, lines, answered = int(matrix[column, column]), int(matrix[column].sum()), int(matrix[:, column].sum())
        found.append(
            LabelScore(
                hits / answered if answered else 1.0,
                hits / lines if lines else 1.0,
                2 * hits / (lines + answered) if lines + answered else 1.0,
                lines,
                answered,
            )
        )
    return tuple(found)


def macro_f1(matrix: Columns) -> float:
    """The mean of the ten labels' F1; a label that is neither there nor answered counts 1."""
    return sum(score.f1 for score in label_scores(matrix)) / K


@dataclass(frozen=True, slots=True)
class Bin:
    """Lines whose score is in (low, high]: how many, their mean score, the share of them that is right."""

    low: float
    high: float
    lines: int
    score: float
    right: float


def reliability(scores: Numbers, right: npt.NDArray[np.bool_], bins: int = BINS) -> tuple[Bin, ...]:
    """`scores` in (0, 1] in bins of equal width, those without a line left out."""
    number = np.clip(np.ceil(scores * bins).astype(np.int64) - 1, 0, bins - 1)
    found = []
    for chosen in range(bins):
        inside = number == chosen
        if inside.any():
            mean, share = float(scores[inside].mean()), float(right[inside].mean())
            found.append(Bin(chosen / bins, (chosen + 1) / bins, int(inside.sum()), mean, share))
    return tuple(found)


def calibration_error(found: tuple[Bin, ...]) -> float:
    """Expected calibration error: the mean distance of score and share that is right, over lines; 0 without any.

    Guo et al., On Calibration of Modern Neural Networks, 2017.
    """
    total = sum(bin_.lines for bin_ in found)
    return sum(bin_.lines * abs(bin_.score - bin_.right) for bin_ in found) / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Curve:
    """Precision against recall over thresholds, recall rising, and the average precision of it."""

    recall: tuple[float, ...]
    precision: tuple[float, ...]
    average: float


def precision_recall(probabilities: Numbers, positive: npt.NDArray[np.bool_], points: int = 50) -> Curve | None:
    """The curve of a label whose probability each line has; about `points` of it; None where no line is positive.

    Lines of equal probability are taken together, as a threshold can't part them. The average precision
    is the sum of precisions weighted by the recall each adds, reckoned on the whole curve.
    """
    total = int(positive.sum())
    if not total:
        return None
    order = np.argsort(-probabilities, kind="stable")
    ranked, hits = probabilities[order], np.cumsum(positive[order])
    last = np.flatnonzero(np.append(np.diff(ranked) != 0, True))
    recall, precision = hits[last] / total, hits[last] / (last + 1)
    average = float((np.diff(recall, prepend=0.0) * precision).sum())
    # Evenly spread over recall, for that is the axis they are drawn on.
    shown = np.unique(np.searchsorted(recall, np.linspace(recall[0], 1.0, points)))
    return Curve(tuple(recall[shown].tolist()), tuple(precision[shown].tolist()), average)


def _grams(text: str, n: int) -> Counter[tuple[str, ...]]:
    words = tokens(text)
    return Counter(tuple(words[i : i + n]) for i in range(max(1, len(words) - n + 1))) if words else Counter()
