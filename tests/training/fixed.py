"""A model whose answers are known beforehand."""

from typing import cast

import numpy as np

from model.artifact import Model
from model.classifier import Classifier
from model.features.layout import Matrix
from model.features.matrix import Features
from model.label import COLUMN, LABELS

SURE = 0.9


class _Fixed:
    """Says of the n-th line of every page the n-th label, and of those beyond the last one."""

    def __init__(self, labels: str) -> None:
        self.columns = [COLUMN[name] for name in labels.split()]

    def probabilities(self, features: Features) -> Matrix:
        n = len(features.numbers)
        found = np.full((n, len(LABELS)), (1 - SURE) / (len(LABELS) - 1), np.float32)
        found[np.arange(n), (self.columns + self.columns[-1:] * n)[:n]] = SURE
        return found


def fixed(labels: str) -> Model:
    """A model that gives lines these labels, by their number, with a score of SURE."""
    return Model("fixed", {}, cast("Classifier", _Fixed(labels)))
