"""Trained weights moved a little: towards new lines as far as they ask for it, and else held where they are.

Tables of hashed words get the smallest change that explains the new lines (a ridge around the current weights);
perceptrons learn the new lines while on all others they are held to what they said (Li & Hoiem, "Learning without
Forgetting", 2016). scikit-learn's estimators can neither start a ridge elsewhere than at zero nor take
probabilities for labels, so that the few lines of arithmetic are done here, and the weights put back into them.
"""

from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.optimize import minimize
from scipy.special import expit, softmax
from sklearn.neural_network import MLPClassifier

from model.features.layout import Matrix
from model.label import LABELS

K = len(LABELS)
_CLIPPED = 8.0
# Adam's; Kingma & Ba, 2015.
_FIRST, _SECOND, _TINY = 0.9, 0.999, 1e-8


@dataclass(frozen=True, slots=True)
class Pace:
    """How far weights are moved.

    Attributes:
        ridge: the pull of a table's weights to where they were, in lines.
        steps: most steps of a table's descent.
        rate: of the perceptrons' Adam at its start; it falls to nothing along a half cosine.
        epochs: passes over the rows.
        batch: rows a step.
    """

    ridge: float = 0.02
    held: float = 0.1
    steps: int = 40
    rate: float = 5e-4
    epochs: int = 3
    batch: int = 512


def offsets(scores: Matrix, columns: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """(10,): what makes the mean of sigmoid(scores + offset) each label's share of `columns`, by bisection."""
    share = (np.bincount(columns, minlength=K) + 1) / (len(columns) + K)
    low, high = np.full(K, -20.0), np.full(K, 20.0)
    for _ in range(40):
        middle = (low + high) / 2
        over = expit(scores + middle).mean(axis=0) > share
        low, high = np.where(over, low, middle), np.where(over, middle, high)
    return (low + high) / 2


def moved(
    table: Matrix,
    rows: sp.csr_matrix,
    scores: Matrix,
    columns: npt.NDArray[np.int64],
    weights: Matrix,
    usual: Matrix,
    pace: Pace,
) -> Matrix:
    """`table`, (features, 10), with what its rows lack to give `rows` their labels.

    `scores` (n, 10) are what it gives them, offsets included. Logistic regressions of each label against
    the rest, as the table was made.
    """
    touched, bucket = np.unique(rows.indices, return_inverse=True)
    known = sp.csr_matrix((rows.data, bucket, rows.indptr), shape=(rows.shape[0], len(touched))).astype(np.float64)
    back = known.T.tocsr()
    gold = np.eye(K)[columns]
    weight = weights.astype(np.float64)[:, None]
    pull = pace.ridge + pace.held * usual[touched].astype(np.float64)[:, None]

    def loss(change: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        change = change.reshape(-1, K)
        margin = scores + known @ change
        value = (weight * (np.logaddexp(0, margin) - gold * margin)).sum() + (pull * change**2).sum() / 2
        slope = back @ (weight * (expit(margin) - gold)) + pull * change
        return float(value), slope.ravel()

    found = minimize(loss, np.zeros(len(touched) * K), jac=True, method="L-BFGS-B", options={"maxiter": pace.steps})
    changed = table.copy()
    changed[touched] += found.x.reshape(-1, K).astype(np.float32)
    return changed


def held(net: MLPClassifier, rows: Matrix, targets: Matrix, weights: Matrix, pace: Pace, seed: int) -> MLPClassifier:
    """`net` after some passes over `rows`, whose `targets` (n, 10) are probabilities.

    `rows` is changed: inputs are scaled for the passes, and the scale is moved into the weights.
    """
    centre = rows[:: max(1, len(rows) // 50_000)].mean(axis=0, dtype=np.float64).astype(np.float32)
    scale = rows[:: max(1, len(rows) // 50_000)].std(axis=0, dtype=np.float64).astype(np.float32) + np.float32(0.02)
    rows -= centre
    rows /= scale
    np.clip(rows, -_CLIPPED, _CLIPPED, out=rows)
    parts = [
        net.coefs_[0] * scale[:, None],
        net.intercepts_[0] + centre @ net.coefs_[0],
        net.coefs_[1].copy(),
        net.intercepts_[1].copy(),
    ]
    moments = [(np.zeros_like(part), np.zeros_like(part)) for part in parts]
    random = np.random.default_rng(seed)
    total = pace.epochs * -(-len(rows) // pace.batch)
    step = 0
    for _ in range(pace.epochs):
        order = random.permutation(len(rows))
        for begin in range(0, len(rows), pace.batch):
            chosen = order[begin : begin + pace.batch]
            slopes = _slopes(parts, rows[chosen], targets[chosen], weights[chosen])
            step += 1
            rate = pace.rate * (0.5 * (1 + np.cos(np.pi * step / total)))
            rate *= np.sqrt(1 - _SECOND**step) / (1 - _FIRST**step)
            for part, slope, (mean, square) in zip(parts, slopes, moments, strict=True):
                mean += (1 - _FIRST) * (slope - mean)
                square += (1 - _SECOND) * (slope * slope - square)
                part -= np.float32(rate) * mean / (np.sqrt(square) + np.float32(_TINY))
    found = deepcopy(net)
    first = (parts[0] / scale[:, None]).astype(np.float32)
    found.coefs_ = [first, parts[2]]
    found.intercepts_ = [(parts[1] - centre @ first).astype(np.float32), parts[3]]
    return found


def _slopes(parts: list[Matrix], rows: Matrix, targets: Matrix, weights: Matrix) -> list[Matrix]:
    """The slope of the mean cross-entropy of `targets` in each part of a net with one hidden layer of ReLUs."""
    hidden = np.maximum(rows @ parts[0] + parts[1], 0)
    error = softmax(hidden @ parts[2] + parts[3], axis=1) - targets
    error *= weights[:, None] / np.float32(len(rows))
    back = error @ parts[2].T
    back *= hidden > 0
    return [rows.T @ back, back.sum(axis=0), hidden.T @ error, error.sum(axis=0)]
