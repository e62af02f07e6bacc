"""Probabilities to labels, in two steps: is the line the article's, and then which label is it.

Text and heading are often hard to tell apart where it is plain that the line belongs to the article, so
whether it is kept is decided on their sum. Where a page's article is unsure as a whole, fewer than even
odds do: the threshold that makes the expected F1 of the kept words largest is half that F1 (Lipton,
Elkan & Naryanaswamy, 2014), and it is taken where it lies between LEAST and one half. That holds of pages with an
article: where not one line is the article's at even odds, there most likely is none, and no line is kept.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from model.features.layout import Matrix
from model.label import IS_KEPT, LABELS, Label

LEAST, EVEN = 0.3, 0.5


def decode(probabilities: Matrix, sizes: npt.NDArray[np.int64]) -> tuple[Sequence[Label], Sequence[float]]:
    """Each line's label, the likeliest of its kind, the first of equals, and its probability to four places.

    `probabilities` is (n, 10); `sizes` (n,) is what each line weighs in the article, in words.
    """
    kept = probabilities[:, IS_KEPT].sum(axis=1)
    article = kept > threshold(kept, sizes)
    best = np.where(article[:, None] == IS_KEPT, probabilities, -1).argmax(axis=1)
    scores = probabilities[np.arange(len(best)), best].astype(np.float64)
    return [LABELS[column] for column in best.tolist()], np.round(scores, 4).tolist()


def threshold(kept: npt.NDArray[np.float32], sizes: npt.NDArray[np.int64]) -> float:
    """The probability, LEAST to EVEN, above which keeping lines makes the expected F1 of a page largest.

    EVEN, and so none, where no line with words is above that.
    """
    if kept[sizes > 0].max(initial=0) <= EVEN:
        return EVEN
    order = np.argsort(-kept, kind="stable")
    hits = np.cumsum((kept * sizes)[order], dtype=np.float64)
    found = np.cumsum(sizes[order], dtype=np.float64)
    expected = 2 * hits / np.maximum(found + hits[-1], 1)
    return float(np.clip(expected.max() / 2, LEAST, EVEN))
