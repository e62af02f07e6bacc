"""Views to the tables of a classifier: linear models of hashed words, one weight a bucket and label."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.linear_model import SGDClassifier

from model.classifier import HINTS, NEIGHBOURS, WORDS, bag_of, has_bags
from model.features.layout import Matrix
from model.features.nearby import SPANS, brief
from model.features.structure import HINT_BUCKETS
from model.features.words import AROUND_BUCKETS, BUCKETS
from model.label import LABELS
from training.dataset import View
from training.drawing import drawn_from, joined
from training.settings import Linear

K = len(LABELS)
# How many weights a family's linear model has for each label.
SIZES = {WORDS: BUCKETS, NEIGHBOURS: AROUND_BUCKETS * len(SPANS), HINTS: HINT_BUCKETS}


def table_of(views: Sequence[View], chosen: npt.NDArray[np.int64], family: int, how: Linear, seed: int) -> Matrix:
    """(buckets, 10), or ten columns a span beside each other: the weights of a family of bags by the chosen views."""
    chosen = np.array([number for number in chosen if has_bags(family, html=views[number].packed.html)], np.int64)
    drawn = drawn_from(views, chosen, how.rows, seed)
    weights = np.zeros((SIZES[family], K), np.float32)
    if drawn:
        columns = joined(lambda number: views[number].columns, drawn)
        weight = joined(lambda number: views[number].weights, drawn)
        rows = stacked(bag_rows(views[number], lines, family) for number, lines in drawn)
        if len(np.unique(columns)) > 1:
            weights = _linear(rows, columns, weight, how, seed)
    return abreast(weights) if family == NEIGHBOURS else weights


def abreast(table: Matrix) -> Matrix:
    """(buckets, 10 * spans) from (buckets * spans, 10): the tables of the spans beside each other, as they ship."""
    return np.concatenate(np.split(table, len(SPANS)), axis=1)


def bag_rows(view: View, lines: npt.NDArray[np.int64], family: int) -> sp.csr_matrix:
    """A sparse row for each of the view's lines: its bag, or the bags of the lines around it side by side."""
    found = view.packed.open()
    bag = bag_of(found, family)
    n, at, size = len(bag.sizes), bag.rows, SIZES[family]
    values = bag.weights[at]
    if family != NEIGHBOURS:
        return sp.csr_matrix((values, (at, bag.buckets)), shape=(n, size))[bag.of[lines]]
    rows, columns, numbers = [], [], []
    heard = brief(found.numbers)[at]
    for number, span in enumerate(SPANS):
        for step, share in span.steps():
            moved = at - step
            inside = (moved >= 0) & (moved < n)
            if span.brief:
                inside &= heard
            rows.append(moved[inside])
            columns.append(bag.buckets[inside] + number * AROUND_BUCKETS)
            numbers.append(values[inside] * np.float32(share))
    triple = (np.concatenate(numbers), (np.concatenate(rows), np.concatenate(columns)))
    return sp.csr_matrix(triple, shape=(n, size))[lines]


def stacked(parts: Iterable[sp.csr_matrix]) -> sp.csr_matrix:
    """Sparse rows, one part's behind another's: what `scipy.sparse.vstack` gives, in half the memory.

    Hundreds of words of a million lines take gigabytes, and would take as much again as parts to join.
    """
    indices, values, sizes = _Growing(np.int32), _Growing(np.float32), []
    width = 0
    for part in parts:
        indices.add(part.indices)
        values.add(part.data)
        sizes.append(np.diff(part.indptr))
        width = part.shape[1]
    ends = np.concatenate(([0], np.cumsum(np.concatenate(sizes), dtype=np.int64)))
    return sp.csr_matrix((values.whole(), indices.whole(), ends), shape=(len(ends) - 1, width))


class _Growing:
    """An array that parts are put into, one behind another."""

    def __init__(self, kind: type[np.generic]) -> None:
        self.held: npt.NDArray[Any] = np.empty(0, kind)
        self.size = 0

    def add(self, part: npt.NDArray[Any]) -> None:
        """Put a part behind those that are held."""
        end = self.size + len(part)
        if end > len(self.held):
            # Large arrays grow in place, or are moved without being copied; an eighth more than asked for keeps
            # that rare.
            self.held.resize(end + end // 8, refcheck=False)
        self.held[self.size : end] = part
        self.size = end

    def whole(self) -> npt.NDArray[Any]:
        """All that is held."""
        self.held.resize(self.size, refcheck=False)
        return self.held


def _linear(rows: sp.csr_matrix, columns: npt.NDArray[np.int64], weight: Matrix, how: Linear, seed: int) -> Matrix:
    """(features, 10): weights of logistic regressions of each label against the rest."""
    model = SGDClassifier(loss="log_loss", alpha=how.alpha, max_iter=how.epochs, tol=None, random_state=seed)
    model.fit(rows, columns, sample_weight=weight)
    found = np.zeros((rows.shape[1], K), np.float32)
    if len(model.coef_) == 1:  # of two classes one is the other's opposite
        found[:, model.classes_[1]], found[:, model.classes_[0]] = model.coef_[0], -model.coef_[0]
    else:
        found[:, model.classes_] = model.coef_.T
    return found
