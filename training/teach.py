"""Labels for pages nobody labelled: a teacher that sees the markup, held to what gold text says.

Knowledge distillation (Hinton et al., 2015) across renderings: the teacher reads HTML, its labels train
a student that must do with bare text.
"""

from collections.abc import Sequence

import numpy as np

from model.classifier import Classifier
from model.features.layout import Matrix
from model.label import COLUMN, IS_KEPT
from training.dataset import HTML, TEXT, Pages, View, views_of

_SHOWN = [COLUMN[name] for name in ("title", "byline", "caption")]
# How much of a probability is left to a label that the gold text speaks against. Gold of shops, forums
# and lists follows rules of its own, so that it is trusted less there when it leaves a line out.
AGAINST, LEFT_OUT, LEFT_OUT_ELSEWHERE = 0.02, 0.05, 0.2


def first_hand(pages: Sequence[Pages]) -> list[View]:
    """The views of the pages someone labelled."""
    found = []
    for page in pages:
        if page.labelled is not None:
            found += views_of(page, page.labelled, np.ones(len(page.labelled), np.float32))
    return found


def lessons(views: Sequence[View]) -> list[View]:
    """Those of first-hand views that a teacher learns from: the page's own lines, and the text that was labelled."""
    return [view for view in views if view.rendering in (HTML, TEXT)]


def taught(pages: Sequence[Pages], teacher: Classifier) -> list[View]:
    """The views of the pages nobody labelled, with the teacher's labels, weighted by how sure it is."""
    found = []
    for page in pages:
        if page.labelled is None:
            own = page.views[HTML] if HTML in page.views else page.views[TEXT]
            likely = limited(teacher.probabilities(own.open()), page)
            found += views_of(page, likely.argmax(axis=1), likely.max(axis=1), likely)
    return found


def limited(probabilities: Matrix, page: Pages) -> Matrix:
    """(n, 10): the probabilities of a page's own lines as far as its gold text bears them out."""
    if page.gold is None:
        return probabilities
    found = probabilities.copy()
    inside = ~IS_KEPT
    if page.sample.captions:
        inside[_SHOWN] = False
    found[page.gold] *= np.where(inside, AGAINST, 1).astype(np.float32)
    elsewhere = page.sample.captions and page.sample.kind != "article"
    left = LEFT_OUT_ELSEWHERE if elsewhere else LEFT_OUT
    found[~page.gold] *= np.where(IS_KEPT, left, 1).astype(np.float32)
    found /= found.sum(axis=1, keepdims=True)
    return found
