"""Views to a classifier: the estimators, their settings, and the out-of-fold scores they feed each other.

Each stage is trained on what the stage before says of pages it has not seen: folds of sites take turns
(stacked generalisation, Wolpert 1992). The stage that ships is trained on all of them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from joblib import Parallel, delayed
from sklearn.linear_model import SGDClassifier
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from model.classifier import HINTS, HTML, NEIGHBOURS, WORDS, Classifier, bag_of, family_scores
from model.errors import TrainingError
from model.features.context import kin_inputs, line_inputs, page_inputs
from model.features.layout import Matrix
from model.features.nearby import SPANS, brief
from model.features.structure import HINT_BUCKETS
from model.features.words import AROUND_BUCKETS, BUCKETS
from model.label import LABELS
from training.dataset import View
from training.perceptron import lesson_of, perceptron

K = len(LABELS)
S = TypeVar("S")
T = TypeVar("T")
F = TypeVar("F", np.float16, np.float32)
# Of labels, and of folds: with one there is nothing to tell apart, and nothing left to judge by.
FEWEST = 2
# Lines drawn from a view: its number, and theirs.
Drawn = tuple[int, npt.NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Net:
    """What a perceptron is trained with.

    Attributes:
        rows: most lines it sees.
        hidden: units of its hidden layer.
    """

    rows: int
    hidden: int

    def scaled(self, share: float) -> "Net":
        """The same with a share of the lines."""
        return replace(self, rows=round(self.rows * share))


@dataclass(frozen=True, slots=True)
class Settings:
    """What the estimators are trained with; docs/experiments.md says what each was tried against.

    Attributes:
        seed: of every random draw.
        words, around, hints: most lines that the linear models of a line's own words, of those around it and of its
            markup's see.
        sparse: L2 penalty of the linear models.
        line, page, kin: the perceptron of each pass.
        epochs: passes over the lines of a perceptron.
        alpha: L2 penalty of the perceptrons, as scikit-learn counts it.
        jobs: threads.
    """

    seed: int = 0
    words: int = 700_000
    around: int = 400_000
    hints: int = 700_000
    sparse: float = 2e-6
    line: Net = Net(500_000, 128)
    page: Net = Net(1_100_000, 192)
    kin: Net = Net(1_100_000, 64)
    epochs: int = 6
    alpha: float = 0.1
    jobs: int = 2

    def scaled(self, share: float) -> "Settings":
        """Settings with which all estimators see a share of the lines that they see with these, at most."""
        return replace(
            self,
            words=round(self.words * share),
            around=round(self.around * share),
            hints=round(self.hints * share),
            line=self.line.scaled(share),
            page=self.page.scaled(share),
            kin=self.kin.scaled(share),
        )


def fit(views: Sequence[View], settings: Settings) -> Classifier:
    """A classifier trained on the known lines of `views`.

    Raises:
        TrainingError: fewer than two labels, or fewer than two folds of sites, have lines.
    """
    labels = {int(c) for view in views for c in np.unique(view.columns[view.known])}
    folds = sorted({view.fold for view in views if view.known.any()})
    if min(len(labels), len(folds)) < FEWEST:
        raise TrainingError("Samples of two sites or more, with two labels or more, are needed to train.")
    with threadpool_limits(1):
        return _Fitting(views, folds, settings).run()


class _Fitting:
    """One training: views, and the scores of each as stages come to know them."""

    def __init__(self, views: Sequence[View], folds: Sequence[int], settings: Settings) -> None:
        self.views = views
        self.fold = np.array([view.fold for view in views])
        self.rounds: list[int | None] = [None, *folds]  # None: trained on all, to be shipped
        self.settings = settings

    def run(self) -> Classifier:
        how = self.settings
        words, own = self.across(lambda chosen: self.table(chosen, WORDS), self.scored(WORDS))
        around, near = self.across(lambda chosen: self.table(chosen, NEIGHBOURS), self.scored(NEIGHBOURS))
        hints, markup = self.across(lambda chosen: self.table(chosen, HINTS), self.scored(HINTS))
        scores = [np.concatenate(parts, axis=1) for parts in zip(own, near, markup, strict=True)]
        del own, near, markup  # half a gigabyte where there are millions of lines

        def line(number: int) -> Matrix:
            return line_inputs(self.views[number].packed.open(), scores[number])

        lines, first = self.across(
            lambda chosen: self.net(chosen, line, how.line),
            lambda net, number: net.predict_proba(line(number)),
        )

        def page(number: int) -> Matrix:
            return page_inputs(self.views[number].packed.open(), scores[number], first[number])

        pages, second = self.across(
            lambda chosen: self.net(chosen, page, how.page),
            lambda net, number: net.predict_proba(page(number)),
        )

        def kin(number: int) -> Matrix:
            return kin_inputs(self.views[number].packed.open(), second[number])

        kins = self.net(np.arange(len(self.views)), kin, how.kin)
        return Classifier(words, around, hints, lines, pages, kins)

    def across(
        self, train: Callable[[npt.NDArray[np.int64]], T], score: Callable[[T, int], Matrix]
    ) -> tuple[T, list[Matrix]]:
        """What `train` makes of all views, and each view scored by what it makes of the other folds."""
        chosen = [
            np.flatnonzero(self.fold != held_out if held_out is not None else self.fold == self.fold)
            for held_out in self.rounds
        ]
        fitted = in_threads(train, chosen, self.settings.jobs)
        judge = dict(zip(self.rounds, fitted, strict=True))
        scores = [score(judge[int(fold)], number) for number, fold in enumerate(self.fold)]
        return fitted[0], scores

    def drawn(self, chosen: npt.NDArray[np.int64], most: int) -> list[Drawn]:
        """About `most` known lines of the chosen views: each view's number and its lines."""
        total = sum(int(self.views[number].known.sum()) for number in chosen)
        share = min(1.0, most / max(total, 1))
        random = np.random.default_rng(self.settings.seed)
        found = []
        for number in chosen:
            known = np.flatnonzero(self.views[number].known)
            if share < 1:
                known = known[random.random(len(known)) < share]
            if len(known):
                found.append((int(number), known))
        return found

    def targets(self, drawn: list[Drawn]) -> tuple[npt.NDArray[np.int64], Matrix]:
        """The label columns and the weights of drawn lines."""
        return (
            np.concatenate([self.views[number].columns[lines] for number, lines in drawn]),
            np.concatenate([self.views[number].weights[lines] for number, lines in drawn]),
        )

    def table(self, chosen: npt.NDArray[np.int64], family: int) -> Matrix:
        """The weights of a linear model of a family of bags, a row a bucket, ten columns a span."""
        size, most = (
            (BUCKETS, self.settings.words),
            (AROUND_BUCKETS * len(SPANS), self.settings.around),
            (HINT_BUCKETS, self.settings.hints),
        )[family]
        if family == HINTS:
            chosen = np.array([n for n in chosen if self.views[n].packed.numbers[0, HTML]], np.int64)
        drawn = self.drawn(chosen, most)
        weights = np.zeros((size, K), np.float32)
        if drawn:
            columns, weight = self.targets(drawn)
            rows = sp.vstack(
                [bag_rows(self.views[number], lines, family, size) for number, lines in drawn], format="csr"
            )
            if len(np.unique(columns)) > 1:
                weights = _linear(rows, columns, weight, self.settings)
        if family == NEIGHBOURS:
            return abreast(weights)
        return weights

    def scored(self, family: int) -> Callable[[Matrix, int], Matrix]:
        """A function that scores a view by a table of a family of bags."""
        return lambda table, number: family_scores(self.views[number].packed.open(), family, table)

    def net(self, chosen: npt.NDArray[np.int64], inputs: Callable[[int], Matrix], net: Net) -> MLPClassifier:
        """A perceptron trained on the inputs of the chosen views."""
        drawn = self.drawn(chosen, net.rows)
        columns, weight = self.targets(drawn)
        lesson = lesson_of(input_rows(inputs, drawn, np.float16), self.likely(drawn, columns), weight)
        how = self.settings
        return perceptron(lesson, how.seed, hidden=net.hidden, epochs=how.epochs, alpha=how.alpha)

    def likely(self, drawn: list[Drawn], columns: npt.NDArray[np.int64]) -> Matrix:
        """(lines, 10): how likely each label is of drawn lines: the one they have, or what a teacher says."""
        found = np.eye(K, dtype=np.float32)[columns]
        end = 0
        for number, lines in drawn:
            start, end = end, end + len(lines)
            said = self.views[number].likely
            if said is not None:
                found[start:end] = said[lines]
        return found


def in_threads(call: Callable[[S], T], arguments: Iterable[S], jobs: int) -> list[T]:
    """What `call` makes of each argument, in order, by `jobs` threads."""
    found: list[T] = Parallel(jobs, prefer="threads")(delayed(call)(argument) for argument in arguments)
    return found


def input_rows(inputs: Callable[[int], Matrix], drawn: Sequence[Drawn], kind: type[F]) -> npt.NDArray[F]:
    """The inputs of drawn lines, view by view; filled in place, for a list to join would take the memory twice."""
    ends = np.cumsum([len(lines) for _, lines in drawn])
    rows: npt.NDArray[F] | None = None
    for (number, lines), end in zip(drawn, ends, strict=True):
        found = inputs(number)[lines]
        if rows is None:
            rows = np.empty((int(ends[-1]), found.shape[1]), kind)
        rows[end - len(lines) : end] = found
    if rows is None:
        raise TrainingError("No line with a label is left to train on. Give more samples.")
    return rows


def abreast(table: Matrix) -> Matrix:
    """(buckets, 10 * spans) from (buckets * spans, 10): the tables of the spans beside each other, as they ship."""
    return np.concatenate(np.split(table, len(SPANS)), axis=1)


def bag_rows(view: View, lines: npt.NDArray[np.int64], family: int, size: int) -> sp.csr_matrix:
    """A sparse row for each of the view's lines: its bag, or the bags of the lines around it side by side."""
    found = view.packed.open()
    bag = bag_of(found, family)
    n, at = len(bag.sizes), bag.rows
    values = bag.weights[at]
    if family != NEIGHBOURS:
        return sp.csr_matrix((values, (at, bag.buckets)), shape=(n, size))[bag.of[lines]]
    rows, columns, numbers = [], [], []
    heard = brief(found.numbers)[at]
    for number, span in enumerate(SPANS):
        for step, share in span.steps():
            moved = at - step
            inside = (moved >= 0) & (moved < n)
            if span.brief:
                inside &= heard
            rows.append(moved[inside])
            columns.append(bag.buckets[inside] + number * AROUND_BUCKETS)
            numbers.append(values[inside] * np.float32(share))
    triple = (np.concatenate(numbers), (np.concatenate(rows), np.concatenate(columns)))
    return sp.csr_matrix(triple, shape=(n, size))[lines]


def _linear(rows: sp.csr_matrix, columns: npt.NDArray[np.int64], weight: Matrix, settings: Settings) -> Matrix:
    """(features, 10): weights of logistic regressions of each label against the rest."""
    model = SGDClassifier(loss="log_loss", alpha=settings.sparse, max_iter=5, tol=None, random_state=settings.seed)
    model.fit(rows, columns, sample_weight=weight)
    found = np.zeros((rows.shape[1], K), np.float32)
    if len(model.coef_) == 1:  # of two classes one is the other's opposite
        found[:, model.classes_[1]], found[:, model.classes_[0]] = model.coef_[0], -model.coef_[0]
    else:
        found[:, model.classes_] = model.coef_.T
    return found
