"""One perceptron of scikit-learn's: what it learns from, and how."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.neural_network import MLPClassifier

from model.features.layout import Matrix
from model.label import LABELS

Steps = npt.NDArray[np.int8]
# Inputs that hardly vary are not scaled up without bound.
_LEAST_SCALE = 0.02
# Scaled inputs are kept as whole steps of so many deviations: a byte each, and none counts further out than eight.
_STEP = np.float32(1 / 16)
_MOST_STEPS = 127


def labels_drawn(summed: Matrix, random: np.random.Generator) -> npt.NDArray[np.int64]:
    """A label column for each line, each drawn as often as it is likely; `summed` are running sums of likelihoods."""
    # Sums of rounded numbers may end a little off one, and the product may round up to the last.
    above = summed <= random.random((len(summed), 1), np.float32) * summed[:, -1:]
    return np.asarray(np.minimum(above.sum(axis=1), summed.shape[1] - 1), np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """What inputs are scaled by: (columns,) their mean, and their deviation or a little more."""

    centre: Matrix
    deviation: Matrix

    @classmethod
    def of(cls, rows: Matrix) -> "Scale":
        """The scale of raw inputs."""
        centre = rows.mean(axis=0, dtype=np.float64).astype(np.float32)
        return cls(centre, rows.std(axis=0, dtype=np.float64).astype(np.float32) + np.float32(_LEAST_SCALE))

    def steps(self, rows: Matrix) -> Steps:
        """Raw inputs as steps from the mean, cut off far out."""
        found = (rows - self.centre) / (self.deviation * _STEP)
        return np.clip(np.rint(found, out=found), -_MOST_STEPS, _MOST_STEPS, out=found).astype(np.int8)


class Lesson(NamedTuple):
    """What a perceptron learns from: inputs, what they are scaled by, and of each line its label and weight.

    `rows` (lines, columns) are steps, for they are most of what a training holds in memory; `summed` (lines, 10) are
    running sums of how likely each label is. Only of the lines whose numbers are `lines` is anything learned.
    """

    rows: Steps
    scale: Scale
    summed: Matrix
    weights: Matrix
    lines: npt.NDArray[np.int64]

    def scaled(self, chosen: npt.NDArray[np.int64]) -> Matrix:
        """The inputs of chosen lines, of columns of mean 0 and deviation 1."""
        return self.rows[chosen].astype(np.float32) * _STEP


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
    net.coefs_[0] = (net.coefs_[0] / lesson.scale.deviation[:, None]).astype(np.float32)
    net.intercepts_[0] = (net.intercepts_[0] - lesson.scale.centre @ net.coefs_[0]).astype(np.float32)
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
