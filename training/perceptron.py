"""One perceptron of scikit-learn's: what it learns from, and how."""

from collections.abc import Sequence
from copy import copy
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.neural_network import MLPClassifier

from model.features.layout import Matrix
from model.label import LABELS

Half = npt.NDArray[np.float16]
# Inputs that hardly vary are not scaled up without bound, and none counts further out than this, in deviations.
_LEAST_SCALE, _FARTHEST = 0.02, 8


def labels_drawn(summed: Matrix, random: np.random.Generator) -> npt.NDArray[np.int64]:
    """A label column for each line, each drawn as often as it is likely; `summed` are running sums of likelihoods."""
    # Sums of rounded numbers may end a little off one, and the product may round up to the last.
    above = summed <= random.random((len(summed), 1), np.float32) * summed[:, -1:]
    return np.asarray(np.minimum(above.sum(axis=1), summed.shape[1] - 1), np.int64)


class Lesson(NamedTuple):
    """What perceptrons learn from: inputs, what they are scaled by, and of each line its label and weight.

    `rows` (lines, columns) are raw and in half precision, for they are most of what a training holds in memory;
    `summed` (lines, 10) are running sums of how likely each label is. Only of the lines whose numbers are `lines` is
    anything learned.
    """

    rows: Half
    centre: Matrix
    scale: Matrix
    summed: Matrix
    weights: Matrix
    lines: npt.NDArray[np.int64]

    def scaled(self, chosen: npt.NDArray[np.int64]) -> Matrix:
        """The inputs of chosen lines, of columns of mean 0 and deviation 1, cut off far out."""
        rows = self.rows[chosen].astype(np.float32)
        rows -= self.centre
        rows /= self.scale
        return np.clip(rows, -_FARTHEST, _FARTHEST, out=rows)


def lesson_of(rows: Half, likely: Matrix, weights: Matrix) -> Lesson:
    """The lesson of raw inputs: all of them."""
    some = rows[:: max(1, len(rows) // 50_000)].astype(np.float32)
    centre = some.mean(axis=0, dtype=np.float64).astype(np.float32)
    scale = some.std(axis=0, dtype=np.float64).astype(np.float32) + np.float32(_LEAST_SCALE)
    return Lesson(rows, centre, scale, np.cumsum(likely, axis=1), weights, np.arange(len(rows)))


def perceptron(lesson: Lesson, seed: int, *, hidden: int, epochs: int, alpha: float) -> MLPClassifier:
    """A multi-layer perceptron of raw inputs: it learns from scaled ones, and the scale is moved into its weights.

    Trained by Adam with a rate that falls along a half cosine (Loshchilov & Hutter, 2017). Labels are drawn anew in
    each epoch, each as often as it is likely: scikit-learn's perceptron takes labels, no probabilities, and
    learns these so.
    """
    rate = 1e-3
    net = MLPClassifier((hidden,), alpha=alpha, batch_size=512, random_state=seed, learning_rate_init=rate)
    random = np.random.default_rng(seed)
    chunks = max(1, round(len(lesson.lines) / 40_000))
    total = epochs * chunks
    for epoch in range(epochs):
        columns = labels_drawn(lesson.summed, random)
        for number, chunk in enumerate(np.array_split(random.permutation(lesson.lines), chunks)):
            net.set_params(batch_size=min(512, len(chunk)))
            net.partial_fit(
                lesson.scaled(chunk),
                columns[chunk],
                classes=np.arange(len(LABELS)),
                sample_weight=lesson.weights[chunk],
            )
            done = (epoch * chunks + number + 1) / total
            net._optimizer.learning_rate_init = rate * (0.485 * (1 + np.cos(np.pi * done)) + 0.03)
    net.coefs_[0] = (net.coefs_[0] / lesson.scale[:, None]).astype(np.float32)
    net.intercepts_[0] = (net.intercepts_[0] - lesson.centre @ net.coefs_[0]).astype(np.float32)
    net.coefs_[1] = net.coefs_[1].astype(np.float32)
    net.intercepts_[1] = net.intercepts_[1].astype(np.float32)
    del net._optimizer  # it holds moments as large as the weights, of no use to one that is done
    return net


def committee(members: Sequence[MLPClassifier]) -> MLPClassifier:
    """One perceptron that says the normalised geometric mean of what its members say: their units side by side."""
    share = np.float32(1 / len(members))
    found = copy(members[0])
    found.coefs_ = [
        np.concatenate([net.coefs_[0] for net in members], axis=1),
        np.concatenate([net.coefs_[1] for net in members]) * share,
    ]
    found.intercepts_ = [
        np.concatenate([net.intercepts_[0] for net in members]),
        np.sum([net.intercepts_[1] for net in members], axis=0) * share,
    ]
    found.hidden_layer_sizes = (len(found.intercepts_[0]),)
    return found
