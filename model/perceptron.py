"""The forward pass of scikit-learn's perceptrons: several side by side, without what it checks each time."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.neural_network import MLPClassifier

from model.features.layout import Matrix


class Perceptrons:
    """Perceptrons of one hidden layer and the same inputs, of which the mean is taken.

    What they say is what `predict_proba` says, but for the order in which numbers are added up.
    """

    def __init__(self, nets: Sequence[MLPClassifier], bare: npt.NDArray[np.bool_]) -> None:
        """Put the weights of `nets` side by side; `bare` (columns,) are the inputs that bare text has."""
        whole = np.concatenate([net.coefs_[0] for net in nets], axis=1)
        self._hidden = {False: whole, True: np.ascontiguousarray(whole[bare])}
        self._hidden_bias = np.concatenate([net.intercepts_[0] for net in nets])
        self._out = [(net.coefs_[1], net.intercepts_[1]) for net in nets]

    def probabilities(self, inputs: Matrix, *, bare: bool) -> Matrix:
        """(n, 10) float32, rows summing to 1; with `bare` the inputs are those columns alone."""
        hidden = inputs @ self._hidden[bare]
        hidden += self._hidden_bias
        np.maximum(hidden, 0, out=hidden)
        said = [
            _softmax(part @ weights + bias)
            for part, (weights, bias) in zip(np.split(hidden, len(self._out), axis=1), self._out, strict=True)
        ]
        return np.asarray(sum(said[1:], start=said[0]) / np.float32(len(said)), np.float32)


def _softmax(values: Matrix) -> Matrix:
    """`values` changed in place, so that each row sums to 1."""
    values -= values.max(axis=1, keepdims=True)
    np.exp(values, out=values)
    values /= values.sum(axis=1, keepdims=True)
    return values
