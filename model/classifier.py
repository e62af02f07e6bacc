"""Features to probabilities: linear weights of hashed words, then three small perceptrons.

The words of a line and of its neighbours are weighed by linear models (one table row a hashed word);
a first multi-layer perceptron reads these scores with the line's looks and neighbourhood; a second one
reads the first's answer for the lines around; a third, small one the second's for the lines of its kind.
All are trained with scikit-learn.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from sklearn.neural_network import MLPClassifier

from model.features.context import LINE_BARE, PAGE_BARE, kin_inputs, line_inputs, page_bare, page_inputs
from model.features.layout import Matrix
from model.features.matrix import Features
from model.features.nearby import gathered
from model.features.ramps import Ramps
from model.features.words import Bags, weighed
from model.perceptron import Perceptron

# The families of hashed words, in the order of their scores: a line's own, those of the lines around it, those of
# its markup.
FAMILIES = range(3)
WORDS, NEIGHBOURS, HINTS = FAMILIES


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """Trained weights.

    Attributes:
        words: (words.BUCKETS, 10) weights of a line's own hashed words.
        around: (words.AROUND_BUCKETS, 10 * len(SPANS)) weights of the words of the lines around it, ten a span.
        hints: (structure.HINT_BUCKETS, 10) weights of the words of its markup.
        ramps: of what the second pass sees of a line itself.
        line, page, kin: the perceptrons of the three passes.
    """

    words: npt.NDArray[np.float32]
    around: npt.NDArray[np.float32]
    hints: npt.NDArray[np.float32]
    ramps: Ramps
    line: MLPClassifier
    page: MLPClassifier
    kin: MLPClassifier
    _passes: tuple[Perceptron, Perceptron, Perceptron] = field(init=False, repr=False)
    _bare_ramps: Ramps = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Make the perceptrons ready to answer."""
        passes = (Perceptron(self.line, LINE_BARE), Perceptron(self.page, page_bare(self.ramps)), Perceptron(self.kin))
        object.__setattr__(self, "_passes", passes)
        object.__setattr__(self, "_bare_ramps", self.ramps.within(PAGE_BARE))

    def probabilities(self, features: Features) -> Matrix:
        """(n, 10) float32, each row summing to 1: how likely each of n lines has each label."""
        return self.passes(features, self.scores(features))[-1]

    def passes(self, features: Features, scores: Matrix) -> tuple[Matrix, Matrix, Matrix]:
        """What each of the three passes says of n lines, (n, 10) each, where the words say `scores`."""
        bare = not features.html
        line, page, kin = self._passes
        first = line.probabilities(line_inputs(features, scores, bare=bare), bare=bare)
        ramps = self._bare_ramps if bare else self.ramps
        second = page.probabilities(page_inputs(features, scores, first, ramps, bare=bare), bare=bare)
        return first, second, kin.probabilities(kin_inputs(features, second))

    def scores(self, features: Features) -> Matrix:
        """(n, 30): what the words say: the line's own, those around it, those of its markup."""
        tables = (self.words, self.around, self.hints)
        return np.concatenate(
            [family_scores(features, family, table) for family, table in zip(FAMILIES, tables, strict=True)], axis=1
        )


def bag_of(features: Features, family: int) -> Bags:
    """The bags of a family of hashed words."""
    return (features.words, features.around, features.hints)[family]


def has_bags(family: int, *, html: bool) -> bool:
    """Whether a page has bags of a family: bare text has no hints."""
    return html or family != HINTS


def family_scores(features: Features, family: int, table: Matrix) -> Matrix:
    """(n, 10): what the words of a family say by its table; of a family that a page has no bags of, nothing."""
    if not has_bags(family, html=features.html):
        return np.zeros((len(features.numbers), table.shape[1]), np.float32)
    weights = weighed(bag_of(features, family), table)
    return gathered(weights, features.numbers) if family == NEIGHBOURS else weights
