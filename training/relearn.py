"""New samples on top of a trained model: what they teach is taken in, and what the model knew is kept.

The new lines stand beside the lines of the base, which the model is held to its own answers on. What the tables of
words say of new pages is asked of tables moved by the other new pages only, so that the perceptrons learn how far
to trust them on pages of the same site that nobody labelled.
"""

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from threadpoolctl import threadpool_limits

from model.artifact import Model
from model.classifier import AROUND, HTML, Classifier, mean
from model.decode import decode
from model.errors import TrainingError
from model.features.context import line_inputs, page_inputs
from model.features.layout import Matrix
from model.features.matrix import features
from model.features.structure import HINT_BUCKETS
from model.features.words import AROUND_BUCKETS, BUCKETS
from model.label import COLUMN, KEPT, LABELS
from model.lines.html import html_lines
from model.lines.text import text_lines
from model.page import Lines
from training import base as shipped_base
from training.align import UNKNOWN, align
from training.dataset import HTML as OWN
from training.dataset import TEXT, Columns, Packed, View
from training.fit import HINTS, NEIGHBOURS, WORDS, bag_rows
from training.metrics import confusion, macro_f1
from training.refit import Pace, Rows, held, moved, offsets
from training.samples import Sample

Say = Callable[[str], None]

K = len(LABELS)
# Every HELD_OUT-th page of the new samples is asked what a model says that has not seen it.
HELD_OUT = 5
# Page-wise folds of the new pages for honest scores.
FOLDS = 4
# What a line counts of the text a page is sent as, of its text alone, and of that text wrapped.
_WEIGHTS = {OWN: 1.0, TEXT: 1.0, "own": 1.0, "wrapped": 0.5}
_WIDTH = 80
# A line of this many new ones counts as much as one of the base; of fewer more, but no more than _HEAVIEST.
_EVEN, _HEAVIEST = 1000, 3.0
# More new lines are drawn from: time is short.
_MOST = 40_000
_SIZES = {WORDS: BUCKETS, NEIGHBOURS: AROUND_BUCKETS * len(AROUND), HINTS: HINT_BUCKETS}
_KEPT = np.isin(np.arange(K), [COLUMN[label] for label in KEPT])


def relearn(
    base: Path, current: Model, samples: Sequence[Sample], say: Say, *, start: Model | None = None
) -> tuple[Classifier, dict[str, Any]]:
    """A classifier that has learned `samples` on top of `start`, and its scores beside the current one's.

    `start` is the version the samples are learned on, by default the current one. To learn all samples on the one
    that knows none of them keeps what it loses from adding up. The report holds, for `current` and `candidate`,
    scores on the frozen test, and on every fifth new page of a candidate that was trained without those; the
    classifier itself is trained on all.

    Raises:
        TrainingError: no sample is labelled, or the base can't be read.
    """
    start = start or current
    found = shipped_base.read(base)
    pages = [views for sample in sorted(samples, key=lambda sample: sample.id) if (views := views_of_sample(sample))]
    if not pages:
        raise TrainingError("None of the samples is labelled. Label some pages first.")
    with threadpool_limits(1):
        before = {"frozen": scores(current.classifier, found.test)}
        after = {}
        learning = Learning(start.classifier, found.train)
        if len(pages) >= HELD_OUT:
            asked = [views[0] for views in pages[HELD_OUT - 1 :: HELD_OUT]]
            others = [views for number, views in enumerate(pages, 1) if number % HELD_OUT]
            say(f"Learning {len(others)} pages, to be asked of {len(asked)} others.")
            before["new"] = scores(current.classifier, asked)
            after["new"] = scores(_rounded(learning.learn(others)), asked)
        say(f"Learning {len(pages)} pages.")
        classifier = _rounded(learning.learn(pages))
        say("Measuring on the frozen test.")
        after["frozen"] = scores(classifier, found.test)
    return classifier, {"current": before, "candidate": after}


def views_of_sample(sample: Sample) -> list[View]:
    """The views of a labelled sample, first the page as it was sent; none of a sample without labels.

    HTML is seen as text too: the one derived from it, and that wrapped as mail shows it.
    """
    if sample.labels is None:
        return []
    given = np.array([UNKNOWN if label is None else label.column for label in sample.labels], np.int64)
    text = text_lines(sample.text) if sample.text is not None else None
    if sample.html is None:
        return [_view(sample, TEXT, text, given)] if text is not None and len(given) else []
    own = html_lines(sample.html)
    if not own.lines:
        return []
    columns = given if text is None else _carried(text, given, own)
    # The text that was labelled, or else the one we derive.
    plain, known = (text_lines(own.text), columns) if text is None else (text, given)
    wrapped = text_lines("\n\n".join("\n".join(textwrap.wrap(line, _WIDTH)) for line in own.text.split("\n")))
    return [
        _view(sample, OWN, own, columns),
        _view(sample, "own", plain, known),
        _view(sample, "wrapped", wrapped, _carried(own, columns, wrapped)),
    ]


def _carried(source: Lines, columns: Columns, target: Lines) -> Columns:
    texts = ([line.text for line in page.lines] for page in (source, target))
    return align(*texts).carry(columns, K)


def _view(sample: Sample, rendering: str, page: Lines, columns: Columns) -> View:
    weights = np.full(len(columns), _WEIGHTS[rendering], np.float32)
    return View(sample.id, rendering, sample.fold, Packed.of(features(page)), columns, weights)


def scores(classifier: Classifier, views: Sequence[View]) -> dict[str, float]:
    """Word F1, a mean over views, and over their known lines macro-F1, the share that is right, and kappa.

    Word F1 is of the words of kept lines against those of lines that are to be kept; without any of both it is 1.
    Kappa (Cohen, 1960) is agreement beyond chance: 0 where answers know no more than how common each label is,
    as after learning shuffled labels, however large the share of right lines is that this gives.
    """
    matrix = np.zeros((K, K), np.int64)
    f1 = []
    for view in views:
        found = view.packed.open()
        labels, _ = decode(classifier.probabilities(found), found.sizes)
        answer = np.array([label.column for label in labels], np.int64)[view.known]
        gold, sizes = view.columns[view.known], found.sizes[view.known]
        matrix += confusion(gold, answer)
        words = int(sizes[_KEPT[answer]].sum() + sizes[_KEPT[gold]].sum())
        f1.append(2 * int(sizes[_KEPT[answer] & _KEPT[gold]].sum()) / words if words else 1.0)
    return {
        "word_f1": float(np.mean(f1)),
        "macro_f1": macro_f1(matrix),
        "accuracy": float(np.trace(matrix) / max(matrix.sum(), 1)),
        "kappa": _kappa(matrix),
    }


def _kappa(matrix: Columns) -> float:
    """Cohen's kappa of a confusion matrix; 1 where there is one label only, and it was always given."""
    share = matrix / max(int(matrix.sum()), 1)
    chance = float(share.sum(axis=0) @ share.sum(axis=1))
    return (float(np.trace(share)) - chance) / (1 - chance) if chance < 1 else 1.0


def _rounded(classifier: Classifier) -> Classifier:
    """The classifier with its tables as a version stores them."""
    words, around, hints = (
        table.astype(np.float16).astype(np.float32)
        for table in (classifier.words, classifier.around, classifier.hints)
    )
    return replace(classifier, words=words, around=around, hints=hints)


class Learning:
    """A classifier and the base it is held by: what doesn't depend on what is learned, reckoned once."""

    def __init__(self, classifier: Classifier, base: Sequence[View], pace: Pace | None = None) -> None:
        self.classifier = classifier
        self.pace = pace or Pace()
        self.base = [view.packed.open() for view in base]
        before = [classifier.scores(found) for found in self.base]
        first = [mean(classifier.line, line_inputs(*pair)) for pair in zip(self.base, before, strict=True)]
        self.first = np.concatenate(first)
        self.second = np.concatenate(
            [mean(classifier.page, page_inputs(*triple)) for triple in zip(self.base, before, first, strict=True)]
        )
        columns = np.concatenate([view.columns for view in base])
        known = columns != UNKNOWN
        parts = np.concatenate(before)[known]
        self.offsets = np.concatenate([offsets(parts[:, _part(family)], columns[known]) for family in _SIZES])
        self.usual = {family: self._usual(family) for family in _SIZES}

    def learn(self, pages: Sequence[Sequence[View]]) -> Classifier:
        """The classifier after learning the views of new pages, of which too many are drawn from."""
        pages = _drawn(pages)
        views = [view for page in pages for view in page]
        page_of = np.array([number for number, page in enumerate(pages) for _ in page])
        opened = [view.packed.open() for view in views]
        before = [self.classifier.scores(found) for found in opened]
        tables = self._tables(views, before)
        honest = list(before)
        folds = min(FOLDS, len(pages))
        for fold in range(folds if folds > 1 else 0):
            others = np.flatnonzero(page_of % folds != fold)
            judge = self._tables([views[n] for n in others], [before[n] for n in others])
            for number in np.flatnonzero(page_of % folds == fold):
                honest[number] = judge.scores(opened[number])

        everything = [*self.base, *opened]
        words = [*(tables.scores(found) for found in self.base), *honest]
        gold = np.eye(K, dtype=np.float32)[np.concatenate([view.columns[view.known] for view in views])]
        weights = self._weights(views)
        known = np.concatenate([np.ones(len(self.first), bool), *(view.known for view in views)])

        inputs = [line_inputs(*pair) for pair in zip(everything, words, strict=True)]
        targets = np.concatenate((self.first, gold))
        line = tuple(held(net, np.concatenate(inputs)[known], targets, weights, self.pace) for net in tables.line)
        first = [mean(line, rows) for rows in inputs]
        del inputs
        rows = np.concatenate([page_inputs(*triple) for triple in zip(everything, words, first, strict=True)])[known]
        targets = np.concatenate((self.second, gold))
        page = tuple(held(net, rows.copy(), targets, weights, self.pace) for net in tables.page)
        return replace(tables, line=line, page=page)

    def _weights(self, views: Sequence[View]) -> Matrix:
        """What each row counts: lines of the base one, new lines the more the fewer they are."""
        new = np.concatenate([view.weights[view.known] for view in views])
        each = min(_HEAVIEST, float(np.sqrt(_EVEN / max(new.sum(), 1))))
        return np.concatenate((np.ones(len(self.first), np.float32), new * np.float32(each)))

    def _tables(self, views: Sequence[View], before: Sequence[Matrix]) -> Classifier:
        """The classifier with its tables moved by new views, which they gave the scores `before`."""
        found = {}
        tables = {
            WORDS: self.classifier.words,
            NEIGHBOURS: np.concatenate(np.split(self.classifier.around, len(AROUND), axis=1)),
            HINTS: self.classifier.hints,
        }
        for family, table in tables.items():
            chosen = [n for n, view in enumerate(views) if view.known.any() and _has(view.packed.numbers, family)]
            found[family] = table
            if chosen:
                lines = [np.flatnonzero(views[n].known) for n in chosen]
                pairs = list(zip(chosen, lines, strict=True))
                rows = Rows(
                    sp.vstack([bag_rows(views[n], own, family, _SIZES[family]) for n, own in pairs], format="csr"),
                    np.concatenate([before[n][own, _part(family)] for n, own in pairs]) + self.offsets[_part(family)],
                    np.concatenate([views[n].columns[own] for n, own in pairs]),
                    np.concatenate([views[n].weights[own] for n, own in pairs]),
                )
                found[family] = moved(table, rows, self.usual[family], self.pace)
        around = np.concatenate(np.split(found[NEIGHBOURS], len(AROUND)), axis=1)
        return replace(self.classifier, words=found[WORDS], around=around, hints=found[HINTS])

    def _usual(self, family: int) -> Matrix:
        """(buckets,): how much of the base's lines each bucket of a family is: the sum of its squared values."""
        total = np.zeros(_SIZES[family])
        for found in self.base:
            bag = (found.words, found.around, found.hints)[family]
            if _has(found.numbers, family):
                mass = np.bincount(bag.buckets, bag.weights[bag.rows] ** 2, minlength=len(total) // _spans(family))
                total += np.concatenate([mass * (last - first + 1) for first, last in AROUND[: _spans(family)]])
        return total.astype(np.float32)


def _part(family: int) -> slice:
    """Where among the scores those of a family are."""
    return slice(family * K, (family + 1) * K)


def _spans(family: int) -> int:
    return len(AROUND) if family == NEIGHBOURS else 1


def _has(numbers: npt.NDArray[np.floating[Any]], family: int) -> bool:
    """Whether a view of these numbers has bags of a family: bare text has no hints."""
    return family != HINTS or bool(numbers[0, HTML])


def _drawn(pages: Sequence[Sequence[View]]) -> list[list[View]]:
    """The pages, as many of their views as keep the lines to _MOST: all first views before any second one.

    Where the first views alone are too many, pages are drawn evenly.
    """
    chosen: list[list[View]] = [[] for _ in pages]
    left = _MOST
    for number, view in _turns(pages):
        lines = int(view.known.sum())
        if lines and lines <= left:
            chosen[number].append(view)
            left -= lines
    return [page for page in chosen if page]


def _turns(pages: Sequence[Sequence[View]]) -> Iterator[tuple[int, View]]:
    """Each page's number and view, first views first, in an order that is drawn but always the same."""
    order = np.random.default_rng(0).permutation(len(pages))
    for turn in range(max(map(len, pages))):
        for number in order:
            if turn < len(pages[number]):
                yield int(number), pages[number][turn]
