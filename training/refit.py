"""Trained weights moved a little: towards new lines as far as they ask for it, and else held where they are.

Tables of hashed words get the smallest change that explains the new lines, a word that is common elsewhere being
held the harder (Kirkpatrick et al., "Overcoming catastrophic forgetting", 2017); perceptrons learn the new lines
while on all others they are held to what they said (Li & Hoiem, "Learning without Forgetting", 2016).
scikit-learn's estimators can neither be pulled to other weights than zero nor take probabilities for labels: the
few lines of arithmetic are done here, and the weights put back into its estimators.
"""

from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.special import expit, softmax
from sklearn.neural_network import MLPClassifier

from model.features.layout import Matrix
from model.label import LABELS

K = len(LABELS)
_MOMENTUM = 0.9
# Inputs that hardly vary are not scaled up beyond this: a rare one would be learned by heart.
_LEAST_SCALE = 0.15
_HALVINGS = 40


@dataclass(frozen=True, slots=True)
class Pace:
    """How far weights are moved; docs/experiments.md says what each was tried against.

    Attributes:
        ridge: the pull of every bucket of a table to where it was, in lines.
        held: the pull for each line of the base that has the bucket.
        steps: most steps of a table's descent.
        rate: of the perceptrons' descent at its start; it falls to nothing along a half cosine.
        epochs: passes over the rows.
        batch: rows a step.
    """

    ridge: float = 0.02
    held: float = 0.3
    steps: int = 40
    rate: float = 0.05
    epochs: int = 3
    batch: int = 512


def offsets(scores: Matrix, columns: npt.NDArray[np.int64]) -> Matrix:
    """(10,): what, added to `scores` (n, 10), makes their mean probability of each label its share of `columns`."""
    share = (np.bincount(columns, minlength=K) + 1) / (len(columns) + K)
    low, high = np.full(K, -20.0), np.full(K, 20.0)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        over = expit(scores + middle).mean(axis=0) > share
        low, high = np.where(over, low, middle), np.where(over, middle, high)
    return np.asarray((low + high) / 2, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """New lines as a linear model of hashed words sees them.

    Attributes:
        bags: (n, buckets) their hashed words.
        scores: (n, 10) what the table gives them, offsets included.
        columns, weights: (n,) their labels, and what each counts.
    """

    bags: sp.csr_matrix
    scores: Matrix
    columns: npt.NDArray[np.int64]
    weights: Matrix


def moved(table: Matrix, rows: Rows, usual: Matrix, pace: Pace) -> Matrix:
    """`table`, (buckets, 10), changed by what it lacks to give `rows` their labels.

    `usual` (buckets,) is how much of other lines each bucket is. The table is that of logistic regressions
    of each label against the rest, as it was made; the change is found by accelerated descent (Nesterov, 1983).
    """
    touched, bucket = np.unique(rows.bags.indices, return_inverse=True)
    bags = sp.csr_matrix((rows.bags.data, bucket, rows.bags.indptr), shape=(rows.bags.shape[0], len(touched)))
    bags = bags.astype(np.float32)
    back = bags.T.tocsr()
    gold = np.eye(K, dtype=np.float32)[rows.columns]
    weight = rows.weights[:, None]
    pull = (pace.ridge + pace.held * usual[touched])[:, None]
    # The loss is nowhere more curved than this, and so no step too long.
    curved = back @ (weight * np.asarray(abs(bags).sum(axis=1))) / 4 + pull
    change = ahead = np.zeros((len(touched), K), np.float32)
    for step in range(pace.steps):
        slope = back @ (weight * (expit(rows.scores + bags @ ahead) - gold)) + pull * ahead
        before, change = change, np.asarray(ahead - slope / curved, np.float32)
        ahead = change + np.float32(step / (step + 3)) * (change - before)
    changed = table.copy()
    changed[touched] += change
    return changed


def held(net: MLPClassifier, rows: Matrix, targets: Matrix, weights: Matrix, pace: Pace) -> MLPClassifier:
    """`net` after some passes over `rows`, whose `targets` (n, 10) are probabilities.

    Plain descent with momentum: where a net already says what it should there is no slope, and it stays. Inputs
    are scaled for the passes, and the scale is moved into the weights.
    """
    some = rows[:: max(1, len(rows) // 50_000)]
    centre = some.mean(axis=0, dtype=np.float64).astype(np.float32)
    scale = np.maximum(some.std(axis=0, dtype=np.float64), _LEAST_SCALE).astype(np.float32)
    parts = [
        net.coefs_[0] * scale[:, None],
        net.intercepts_[0] + centre @ net.coefs_[0],
        net.coefs_[1].copy(),
        net.intercepts_[1].copy(),
    ]
    speeds = [np.zeros_like(part) for part in parts]
    random = np.random.default_rng(0)
    total = pace.epochs * -(-len(rows) // pace.batch)
    step = 0
    for _ in range(pace.epochs):
        order = random.permutation(len(rows))
        for begin in range(0, len(rows), pace.batch):
            chosen = order[begin : begin + pace.batch]
            step += 1
            rate = np.float32(pace.rate * (0.5 * (1 + np.cos(np.pi * step / total))))
            slopes = _slopes(parts, (rows[chosen] - centre) / scale, targets[chosen], weights[chosen])
            speeds = [speed * np.float32(_MOMENTUM) + slope for speed, slope in zip(speeds, slopes, strict=True)]
            parts = [part - rate * speed for part, speed in zip(parts, speeds, strict=True)]
    found = deepcopy(net)
    first = (parts[0] / scale[:, None]).astype(np.float32)
    found.coefs_ = [first, parts[2].astype(np.float32)]
    found.intercepts_ = [(parts[1] - centre @ first).astype(np.float32), parts[3].astype(np.float32)]
    return found


def _slopes(parts: list[Matrix], rows: Matrix, targets: Matrix, weights: Matrix) -> list[Matrix]:
    """The slope, in each part of a net with one hidden layer of ReLUs, of the mean cross-entropy to `targets`."""
    hidden = np.maximum(rows @ parts[0] + parts[1], 0)
    error = softmax(hidden @ parts[2] + parts[3], axis=1) - targets
    error *= weights[:, None] / np.float32(len(rows))
    back = error @ parts[2].T
    back *= hidden > 0
    return [rows.T @ back, back.sum(axis=0), hidden.T @ error, error.sum(axis=0)]
