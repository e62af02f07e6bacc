"""What the estimators of a training are trained with."""

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True)
class _Estimator:
    """What sees so many lines at most, and fewer where a share is asked for."""

    rows: int

    def scaled(self, share: float) -> Self:
        """The same with a share of the lines."""
        return replace(self, rows=round(self.rows * share))


@dataclass(frozen=True, slots=True)
class Linear(_Estimator):
    """What a linear model of hashed words is trained with.

    Attributes:
        rows: most lines it sees.
        epochs: passes over them.
        alpha: L2 penalty.
    """

    epochs: int
    alpha: float


@dataclass(frozen=True, slots=True)
class Table:
    """What the linear models of one family of hashed words are trained with.

    Attributes:
        shipped: the one of all folds.
        crossed: those without one fold each, whose scores the perceptrons learn from. They may see fewer lines: what
            is learned from weaker scores trusts them a little less, and fares well with stronger ones.
    """

    shipped: Linear
    crossed: Linear

    def scaled(self, share: float) -> "Table":
        """The same with a share of the lines."""
        return Table(self.shipped.scaled(share), self.crossed.scaled(share))


@dataclass(frozen=True, slots=True)
class Net(_Estimator):
    """What the perceptrons of a pass are trained with, each without one fold of sites.

    Attributes:
        rows: most lines one sees.
        hidden: units of its hidden layer.
    """

    hidden: int


@dataclass(frozen=True, slots=True)
class Settings:
    """What the estimators are trained with; docs/experiments.md says what each was tried against.

    Attributes:
        seed: of every random draw.
        words, around, hints: the linear models of a line's own words, of those around it and of its markup's.
        line, page, kin: the perceptrons of each pass.
        ramps: parts that what the second sees of a line itself is cut into.
        epochs: passes over the lines of a perceptron.
        alpha: L2 penalty of the perceptrons, as scikit-learn counts it.
        jobs: threads.
    """

    seed: int = 0
    words: Table = Table(Linear(2_500_000, 2, 2.5e-7), Linear(700_000, 5, 1e-6))
    around: Table = Table(Linear(1_000_000, 3, 2e-6), Linear(400_000, 4, 2e-6))
    hints: Table = Table(Linear(700_000, 4, 2e-6), Linear(700_000, 5, 2e-6))
    line: Net = Net(900_000, 48)
    page: Net = Net(1_000_000, 64)
    kin: Net = Net(1_000_000, 24)
    ramps: int = 6
    epochs: int = 6
    alpha: float = 0.1
    jobs: int = 2

    def scaled(self, share: float) -> "Settings":
        """Settings with which all estimators see a share of the lines that they see with these, at most."""
        return replace(
            self,
            words=self.words.scaled(share),
            around=self.around.scaled(share),
            hints=self.hints.scaled(share),
            line=self.line.scaled(share),
            page=self.page.scaled(share),
            kin=self.kin.scaled(share),
        )
