"""A classifier moved by new pages and held by the base: the tables of words, then the perceptrons.

What the tables say of new pages is asked of tables moved by the other new pages only, so that the perceptrons learn
how far to trust them on pages of the same site that nobody labelled.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sklearn.neural_network import MLPClassifier

from model.classifier import HINTS, NEIGHBOURS, WORDS, Classifier, bag_of, has_bags
from model.features.context import kin_inputs, line_inputs, page_inputs
from model.features.layout import Matrix
from model.features.nearby import SPANS, brief
from model.features.words import Bags
from model.label import LABELS
from training.align import UNKNOWN
from training.dataset import View
from training.drawing import input_rows
from training.fit import in_threads
from training.linear import SIZES, abreast, bag_rows, stacked
from training.refit import Pace, Rows, held, moved, offsets

K = len(LABELS)
# Page-wise folds of the new pages for honest scores.
FOLDS = 4
# A line of this many new ones counts as much as one of the base; of fewer more, but no more than _HEAVIEST.
_EVEN, _HEAVIEST = 500, 3.0
# Of first views all are learned up to _MOST lines, of others as many as keep all to _ENOUGH: time is short.
_MOST, _ENOUGH = 50_000, 20_000
_JOBS = 2


@dataclass(frozen=True, slots=True, eq=False)
class _Family:
    """The new lines that have bags of a family, and the page each is of."""

    rows: Rows
    pages: npt.NDArray[np.int64]

    def without(self, chosen: npt.NDArray[np.bool_]) -> "_Family":
        """The lines of all pages but those chosen, (pages,)."""
        kept = np.flatnonzero(~chosen[self.pages])
        rows = self.rows
        taken = Rows(rows.bags[kept], rows.scores[kept], rows.columns[kept], rows.weights[kept])
        return _Family(taken, self.pages[kept])


class Learning:
    """A classifier and the base it is held by: what doesn't depend on what is learned, reckoned once."""

    def __init__(self, classifier: Classifier, base: Sequence[View], pace: Pace | None = None) -> None:
        """Ask the classifier of the base what it is to be held to."""
        self.classifier = classifier
        self.pace = pace or Pace()
        self.base = [view.packed.open() for view in base]
        scores = [classifier.scores(found) for found in self.base]
        answers = [classifier.passes(*pair) for pair in zip(self.base, scores, strict=True)]
        self.first, self.second, self.third = map(np.concatenate, zip(*answers, strict=True))
        columns = np.concatenate([view.columns for view in base])
        known = columns != UNKNOWN
        said = np.concatenate(scores)[known]
        self.offsets = np.concatenate([offsets(said[:, _part(family)], columns[known]) for family in SIZES])
        self.usual = {family: self._usual(family) for family in SIZES}

    def learn(self, pages: Sequence[Sequence[View]]) -> Classifier:
        """The classifier after learning the views of new pages, which are drawn from where they are too many."""
        pages = _drawn(pages)
        views = [view for page in pages for view in page]
        page_of = [number for number, page in enumerate(pages) for _ in page]
        opened = [view.packed.open() for view in views]
        before = [self.classifier.scores(found) for found in opened]
        families = {family: _family(family, views, page_of, before, self.offsets) for family in SIZES}
        folds = min(FOLDS, len(pages))
        # Of one page there are no others.
        held_out = [np.arange(len(pages)) % folds == fold for fold in range(folds if folds > 1 else 0)]

        def tables(chosen: npt.NDArray[np.bool_]) -> Classifier:
            return self._tables({name: family and family.without(chosen) for name, family in families.items()})

        moved_by_all, *judges = in_threads(tables, [np.zeros(len(pages), bool), *held_out], _JOBS)
        honest = [
            judges[page % folds].scores(found) if judges else score
            for page, found, score in zip(page_of, opened, before, strict=True)
        ]
        if not judges:
            # It is learned twice: with what the tables say of a page they don't know, and of it from now on.
            honest += [moved_by_all.scores(found) for found in opened]
            views, opened = views * 2, opened * 2
        everything = [*self.base, *opened]
        scores = [*(moved_by_all.scores(found) for found in self.base), *honest]
        known = [*(np.arange(len(found.numbers)) for found in self.base), *(_known(view) for view in views)]
        gold = np.eye(K, dtype=np.float32)[np.concatenate([view.columns[view.known] for view in views])]
        weights = self._weights(views)

        def net(old: MLPClassifier, inputs: Callable[[int], Matrix], said: Matrix) -> MLPClassifier:
            rows = input_rows(inputs, list(enumerate(known)), np.asarray)
            return held(old, rows, np.concatenate((said, gold)), weights, self.pace)

        def look(number: int) -> Matrix:
            return line_inputs(everything[number], scores[number])

        line = net(moved_by_all.line, look, self.first)
        first = [line.predict_proba(look(number)) for number in range(len(everything))]

        def around(number: int) -> Matrix:
            return page_inputs(everything[number], scores[number], first[number], self.classifier.ramps)

        page = net(moved_by_all.page, around, self.second)
        second = [page.predict_proba(around(number)) for number in range(len(everything))]
        kin = net(moved_by_all.kin, lambda number: kin_inputs(everything[number], second[number]), self.third)
        return replace(moved_by_all, line=line, page=page, kin=kin)

    def _weights(self, views: Sequence[View]) -> Matrix:
        """What each row counts: lines of the base one, new lines the more the fewer they are."""
        new = np.concatenate([view.weights[view.known] for view in views])
        each = min(_HEAVIEST, float(np.sqrt(_EVEN / max(new.sum(), 1))))
        return np.concatenate((np.ones(len(self.first), np.float32), new * np.float32(each)))

    def _tables(self, families: dict[int, _Family | None]) -> Classifier:
        """The classifier with its tables moved by new lines."""
        tables = {
            WORDS: self.classifier.words,
            NEIGHBOURS: np.concatenate(np.split(self.classifier.around, len(SPANS), axis=1)),
            HINTS: self.classifier.hints,
        }
        for name, family in families.items():
            if family is not None and len(family.pages):
                tables[name] = moved(tables[name], family.rows, self.usual[name], self.pace)
        around = abreast(tables[NEIGHBOURS])
        return replace(self.classifier, words=tables[WORDS], around=around, hints=tables[HINTS])

    def _usual(self, family: int) -> Matrix:
        """(buckets,): how much of the base's lines each bucket of a family is: the sum of its squared values."""
        spans = SPANS if family == NEIGHBOURS else SPANS[:1]
        total, of_brief = np.zeros((2, SIZES[family] // len(spans)))
        for found in self.base:
            if has_bags(family, html=found.html):
                bag = bag_of(found, family)
                total += _squares(bag, bag.of, len(total))
                of_brief += _squares(bag, bag.of[brief(found.numbers)], len(total))
        parts = [(of_brief if span.brief else total) * sum(share**2 for _, share in span.steps()) for span in spans]
        return np.concatenate(parts).astype(np.float32)


def _family(
    family: int, views: Sequence[View], page_of: Sequence[int], before: Sequence[Matrix], shift: Matrix
) -> _Family | None:
    """The known lines of views that have bags of a family, which its table gave the scores `before`; None of none."""
    chosen = [n for n, view in enumerate(views) if has_bags(family, html=view.packed.html)]
    if not chosen:
        return None
    pairs = [(n, _known(views[n])) for n in chosen]
    rows = Rows(
        stacked(bag_rows(views[n], lines, family) for n, lines in pairs),
        np.concatenate([before[n][lines, _part(family)] for n, lines in pairs]) + shift[_part(family)],
        np.concatenate([views[n].columns[lines] for n, lines in pairs]),
        np.concatenate([views[n].weights[lines] for n, lines in pairs]),
    )
    return _Family(rows, np.concatenate([np.full(len(lines), page_of[n]) for n, lines in pairs]))


def _squares(bags: Bags, lines: npt.NDArray[np.int32], size: int) -> npt.NDArray[np.float64]:
    """(size,): the sum of each bucket's squared values over lines whose bags are `lines`."""
    times = np.bincount(lines, minlength=len(bags.sizes))
    values = (bags.weights**2 * times)[bags.rows]
    return np.bincount(bags.buckets, values, minlength=size).astype(np.float64)


def _known(view: View) -> npt.NDArray[np.int64]:
    """The numbers of a view's known lines."""
    return np.flatnonzero(view.known)


def _part(family: int) -> slice:
    """Where among the scores those of a family are."""
    return slice(family * K, (family + 1) * K)


def _drawn(pages: Sequence[Sequence[View]]) -> list[list[View]]:
    """The pages, with as many of their views as there is time for: all first views before any second one.

    Where the first views alone are too many, pages are drawn evenly.
    """
    chosen: list[list[View]] = [[] for _ in pages]
    order = np.random.default_rng(0).permutation(len(pages))
    lines = 0
    for turn in range(max(map(len, pages))):
        for number in order:
            for view in pages[number][turn : turn + 1]:
                known = int(view.known.sum())
                if lines + known <= (_ENOUGH if turn else _MOST):
                    chosen[number].append(view)
                    lines += known
    return [page for page in chosen if page]
