"""Probabilities to labels."""

from collections.abc import Sequence

import numpy as np

from model.features.layout import Matrix
from model.label import LABELS, Label


def decode(probabilities: Matrix) -> tuple[Sequence[Label], Sequence[float]]:
    """Each line's likeliest label, the first of equals, and its probability rounded to four places."""
    best = probabilities.argmax(axis=1)
    scores = probabilities[np.arange(len(best)), best].astype(np.float64)
    return [LABELS[column] for column in best], np.round(scores, 4).tolist()
