"""New samples on top of a trained model: what they teach is taken in, and what the model knew is kept.

The new lines stand beside the lines of the base, on which the model is held to its own answers
(`training.learning`). It is measured as the gate wants it: on the frozen test, and on new pages it has not seen.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from model.artifact import Model, rounded
from model.classifier import Classifier
from model.decode import decode
from model.errors import TrainingError
from model.features.matrix import features
from model.label import IS_KEPT, LABELS
from model.lines.html import html_lines
from model.lines.text import text_lines
from model.page import Lines
from training import base as shipped_base
from training.align import UNKNOWN, align
from training.dataset import HTML, TEXT, Columns, Packed, View
from training.learning import Learning
from training.metrics import confusion, macro_f1
from training.samples import Sample
from training.start import Start

Say = Callable[[str], None]

K = len(LABELS)
# Every HELD_OUT-th page of the new samples is asked what a model says that has not seen it.
HELD_OUT = 5


def relearn(
    base: Path, current: Model, samples: Sequence[Sample], say: Say, *, start: Start | None = None
) -> tuple[Classifier, dict[str, Any]]:
    """A classifier that has learned `samples` on top of `start`, and its scores beside the current one's.

    By default they are learned on top of the current version. To learn all samples on the one that knows none of
    them keeps what it loses from adding up. The report holds, for `current` and `candidate`, scores on the frozen
    test, and on every fifth new page of a candidate that was trained without those; the classifier itself is
    trained on all. Of pages that the current version has learned, the one started from is asked in its place: who
    knows the answers by heart can't be outdone by who was not told them.

    Raises:
        TrainingError: no sample is labelled, or the base can't be read.
    """
    start = start or Start(current)
    found = shipped_base.read(base)
    pages = [views for sample in sorted(samples, key=lambda sample: sample.id) if (views := views_of_sample(sample))]
    if not pages:
        raise TrainingError("None of the samples is labelled. Label some pages first.")
    with threadpool_limits(1):
        before = {"frozen": scores(current.classifier, found.test)}
        after = {}
        learning = Learning(start.model.classifier, found.train)
        if len(pages) >= HELD_OUT:
            asked = [views[0] for views in pages[HELD_OUT - 1 :: HELD_OUT]]
            others = [views for number, views in enumerate(pages, 1) if number % HELD_OUT]
            say(f"Learning {_told(len(others))}, to be asked of {len(asked)} held out.")
            fair = [(start.model if view.sample in start.learned else current, view) for view in asked]
            before["new"] = _scores((model.classifier, view) for model, view in fair)
            after["new"] = scores(rounded(learning.learn(others)), asked)
        say(f"Learning {_told(len(pages))}.")
        classifier = rounded(learning.learn(pages))
        say("Measuring on the frozen test.")
        after["frozen"] = scores(classifier, found.test)
    return classifier, {"current": before, "candidate": after}


def _told(pages: int) -> str:
    return "1 page" if pages == 1 else f"{pages} pages"


def views_of_sample(sample: Sample) -> list[View]:
    """The views of a labelled sample, first the page as it was sent; none of a sample without labels.

    HTML is seen as text too: the text that was labelled, or else the one derived from it.
    """
    if sample.labels is None:
        return []
    given = np.array([UNKNOWN if label is None else label.column for label in sample.labels], np.int64)
    if not (given != UNKNOWN).any():
        return []
    text = text_lines(sample.text) if sample.text is not None else None
    if sample.html is None:
        return [_view(sample, TEXT, text, given)] if text is not None else []
    own = html_lines(sample.html)
    if text is None:
        return [_view(sample, HTML, own, given), _view(sample, TEXT, text_lines(own.text), given)]
    texts = ([line.text for line in page.lines] for page in (text, own))
    columns = align(*texts).carry(given, K)
    return [_view(sample, HTML, own, columns), _view(sample, TEXT, text, given)]


def _view(sample: Sample, rendering: str, page: Lines, columns: Columns) -> View:
    weights = np.ones(len(columns), np.float32)
    return View(sample.id, rendering, sample.fold, Packed.of(features(page)), columns, weights)


def scores(classifier: Classifier, views: Sequence[View]) -> dict[str, float]:
    """Word F1, a mean over views, and over their known lines macro-F1, the share that is right, and kappa.

    Word F1 is of the words of kept lines against those of lines that are to be kept; without any of both it is 1.
    Kappa (Cohen, 1960) is agreement beyond chance: 0 where answers know no more than how common each label is,
    as after learning shuffled labels, however large the share of right lines is that this gives.
    """
    return _scores((classifier, view) for view in views)


def _scores(asked: Iterable[tuple[Classifier, View]]) -> dict[str, float]:
    """The same of views, each with the classifier that is asked of it."""
    matrix = np.zeros((K, K), np.int64)
    f1 = []
    for classifier, view in asked:
        found = view.packed.open()
        labels, _ = decode(classifier.probabilities(found), found.sizes)
        answer = np.array([label.column for label in labels], np.int64)[view.known]
        gold, sizes = view.columns[view.known], found.sizes[view.known]
        matrix += confusion(gold, answer)
        words = int(sizes[IS_KEPT[answer]].sum() + sizes[IS_KEPT[gold]].sum())
        f1.append(2 * int(sizes[IS_KEPT[answer] & IS_KEPT[gold]].sum()) / words if words else 1.0)
    return {
        "word_f1": float(np.mean(f1)),
        "macro_f1": macro_f1(matrix),
        "accuracy": float(np.trace(matrix) / max(matrix.sum(), 1)),
        "kappa": _kappa(matrix),
    }


def _kappa(matrix: Columns) -> float:
    """Cohen's kappa of a confusion matrix; the share that is right where all lines have one label.

    There chance gives every right answer too, and kappa would be 0 for one wrong line of a hundred.
    """
    share = matrix / max(int(matrix.sum()), 1)
    if np.count_nonzero(share.sum(axis=1)) == 1:
        return float(np.trace(share))
    chance = float(share.sum(axis=0) @ share.sum(axis=1))
    return (float(np.trace(share)) - chance) / (1 - chance)
