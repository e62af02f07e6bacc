"""The whole chain on one screen: page -> lines -> features -> probabilities -> labels -> article.

INTERFACE DRAFT: signatures are final, bodies are being written.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from model.label import KEPT, Label
from model.page import Page


@dataclass(frozen=True, slots=True)
class LabelledLine:
    """One answered line: `page_text[start:end] == text`; `score` is the label's probability, 0 to 1 (rounded to 4 places)."""

    text: str
    label: Label
    score: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Stripped:
    """A page answered: every non-empty line labelled, by the model version `model`.

    `page_text` is the text the offsets count in: the text sent, or the one derived from HTML.
    """

    page_text: str
    lines: tuple[LabelledLine, ...]
    model: str

    def text(self, keep: frozenset[Label] = KEPT) -> str:
        """The lines whose label is in `keep`, joined by newlines."""
        return "\n".join(line.text for line in self.lines if line.label in keep)

    @property
    def title(self) -> str | None:
        """The text of the likeliest title line, the first of equals; None where no line is a title."""
        raise NotImplementedError


def strip(page: Page, model=None) -> Stripped:
    """`page` answered by `model`, by default the one that ships."""
    raise NotImplementedError


def strip_many(pages: Iterable[Page], model=None) -> Iterator[Stripped]:
    """Each page answered, in order and lazily; equal to `strip` of each."""
    raise NotImplementedError
