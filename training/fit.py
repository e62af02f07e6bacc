"""Views to a classifier: the estimators, their settings, and the out-of-fold scores they feed each other.

Each stage is trained on what the stage before says of pages it has not seen: folds of sites take turns
(stacked generalisation, Wolpert 1992). The tables that ship are trained on all of them; the perceptrons of several
turns answer together (cross-validation committees, Parmanto et al., 1996): what one says by chance the others don't.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from model.classifier import HINTS, NEIGHBOURS, WORDS, Classifier, family_scores
from model.errors import TrainingError
from model.features.context import kin_inputs, line_inputs, own_inputs, page_inputs
from model.features.layout import Matrix
from model.features.ramps import Ramps
from training.dataset import View
from training.drawing import Drawn, drawn_from, input_rows, joined, likely_of
from training.linear import table_of
from training.perceptron import Lesson, Scale, committee, perceptron
from training.settings import Net, Settings

S = TypeVar("S")
T = TypeVar("T")
# Of labels, and of folds: with one there is nothing to tell apart, and nothing left to judge by.
FEWEST = 2
# As many of the perceptrons of a pass ship as one; a fourth gave less than it took in time.
MEMBERS = 3
# Lines whose quantiles ramps lie between, and which say what inputs are scaled by; these are of so many views.
_MEASURED = 40_000
_ASKED = 1_000


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
        self.folds = folds
        self.settings = settings

    def run(self) -> Classifier:
        how = self.settings
        words, own = self.table(WORDS)
        around, near = self.table(NEIGHBOURS)
        hints, markup = self.table(HINTS)
        scores = [np.concatenate(parts, axis=1) for parts in zip(own, near, markup, strict=True)]
        del own, near, markup  # half a gigabyte where there are millions of lines

        def line(number: int) -> Matrix:
            return line_inputs(self.views[number].packed.open(), scores[number])

        lines = self.members(line, how.line)
        first = self.judged(lines, lambda net, number: net.predict_proba(line(number)))

        ramps = self.ramps(lambda number: own_inputs(self.views[number].packed.open(), scores[number], first[number]))

        def page(number: int) -> Matrix:
            return page_inputs(self.views[number].packed.open(), scores[number], first[number], ramps)

        pages = self.members(page, how.page)
        second = self.judged(pages, lambda net, number: net.predict_proba(page(number)))

        def kin(number: int) -> Matrix:
            return kin_inputs(self.views[number].packed.open(), second[number])

        kins = self.members(kin, how.kin, second)
        return Classifier(words, around, hints, ramps, *(committee(nets[:MEMBERS]) for nets in (lines, pages, kins)))

    def table(self, family: int) -> tuple[Matrix, list[Matrix]]:
        """The table of a family of bags trained on all views, and each view scored by one of the other folds."""
        how = (self.settings.words, self.settings.around, self.settings.hints)[family]
        everything, *turns = in_threads(
            lambda call: table_of(self.views, call[0], family, call[1], self.settings.seed),
            [(np.arange(len(self.views)), how.shipped), *((self.others(fold), how.crossed) for fold in self.folds)],
            self.settings.jobs,
        )
        return everything, self.judged(
            turns, lambda table, number: family_scores(self.views[number].packed.open(), family, table)
        )

    def ramps(self, inputs: Callable[[int], Matrix]) -> Ramps:
        """The ramps of some lines' own inputs."""
        return Ramps.between_quantiles(input_rows(inputs, self.drawn(_MEASURED), np.asarray), self.settings.ramps)

    def scale(self, inputs: Callable[[int], Matrix]) -> Scale:
        """What inputs are scaled by, as some lines of some views say."""
        some = np.random.default_rng(self.settings.seed).permutation(len(self.views))[:_ASKED]
        return Scale.of(input_rows(inputs, self.drawn(_MEASURED, some), np.asarray))

    def members(
        self, inputs: Callable[[int], Matrix], net: Net, said: Sequence[Matrix] | None = None
    ) -> list[MLPClassifier]:
        """Of each fold the perceptron that is trained on the inputs of the views of all others.

        With `said`, what the pass before says of each view, it learns half from that and half from the labels: it
        trusts its own less where sites that were not seen speak against it.
        """
        how, turns = self.settings, len(self.folds)
        # All learn from the same draw, each but for the lines of a fold: inputs are made, and held, once.
        drawn = self.drawn(round(net.rows * turns / (turns - 1)))
        fold = np.repeat(self.fold[[number for number, _ in drawn]], [len(lines) for _, lines in drawn])
        weight = joined(lambda number: self.views[number].weights, drawn)
        likely = likely_of(self.views, drawn)
        if said is not None:
            likely += joined(said.__getitem__, drawn)
            likely /= 2
        scale = self.scale(inputs)
        rows, summed = input_rows(inputs, drawn, scale.steps), np.cumsum(likely, axis=1)
        return in_threads(
            lambda turn: perceptron(
                Lesson(rows, scale, summed, weight, np.flatnonzero(fold != self.folds[turn])),
                how.seed + turn,
                hidden=net.hidden,
                epochs=how.epochs,
                alpha=how.alpha,
            ),
            range(turns),
            how.jobs,
        )

    def drawn(self, rows: int, chosen: npt.NDArray[np.int64] | None = None) -> list[Drawn]:
        """About so many lines of the chosen views, or of all, fewer of long ones and more of HTML."""
        chosen = np.arange(len(self.views)) if chosen is None else chosen
        return drawn_from(self.views, chosen, rows, self.settings.seed, evenly=True)

    def others(self, fold: int) -> npt.NDArray[np.int64]:
        """The views of all folds but one."""
        return np.flatnonzero(self.fold != fold)

    def judged(self, turns: Sequence[T], score: Callable[[T, int], Matrix]) -> list[Matrix]:
        """Each view scored by what was trained without its fold."""
        judge = dict(zip(self.folds, turns, strict=True))
        return in_threads(
            lambda number: score(judge[int(self.fold[number])], number), range(len(self.views)), self.settings.jobs
        )


def in_threads(call: Callable[[S], T], arguments: Iterable[S], jobs: int) -> list[T]:
    """What `call` makes of each argument, in order, by `jobs` threads."""
    found: list[T] = Parallel(jobs, prefer="threads")(delayed(call)(argument) for argument in arguments)
    return found
