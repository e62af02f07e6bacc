"""The forward pass of scikit-learn's perceptrons, without what it checks each time."""

import numpy as np
import numpy.typing as npt
from sklearn.neural_network import MLPClassifier

from model.features.layout import Matrix


class Perceptron:
    """A perceptron of one hidden layer, ready to answer.

    What it says is what `predict_proba` says, but for the order in which numbers are added up.
    """

    def __init__(self, net: MLPClassifier, bare: npt.NDArray[np.bool_] | None = None) -> None:
        """Take the weights of `net`; `bare` (columns,) are the inputs that bare text has, by default all."""
        (hidden, self._out), (self._hidden_bias, self._out_bias) = net.coefs_, net.intercepts_
        self._hidden = {False: hidden, True: hidden if bare is None else np.ascontiguousarray(hidden[bare])}

    def probabilities(self, inputs: Matrix, *, bare: bool = False) -> Matrix:
        """(n, 10) float32, rows summing to 1; with `bare` the inputs are those columns alone."""
        hidden = inputs @ self._hidden[bare]
        hidden += self._hidden_bias
        np.maximum(hidden, 0, out=hidden)
        found = hidden @ self._out
        found += self._out_bias
        found -= found.max(axis=1, keepdims=True)
        np.exp(found, out=found)
        found /= found.sum(axis=1, keepdims=True)
        return np.asarray(found, np.float32)
