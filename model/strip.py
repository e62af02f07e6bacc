"""The whole chain on one screen: page -> lines -> features -> probabilities -> labels -> article."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from model.artifact import Model, shipped
from model.decode import decode
from model.features.matrix import features
from model.label import KEPT, Label
from model.lines.html import html_lines
from model.lines.text import text_lines
from model.page import Kind, Lines, Page


class LabelledLine(NamedTuple):
    """One answered line: `page_text[start:end] == text`; `score` is the label's probability, 0 to 1."""

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
        titles = [line for line in self.lines if line.label is Label.TITLE]
        return max(titles, key=lambda line: line.score).text.strip() if titles else None


def strip(page: Page, model: Model | None = None) -> Stripped:
    """`page` answered by `model`, by default the one that ships.

    Raises:
        ArtifactError: the model that ships can't be used.
    """
    return next(strip_many([page], model))


def strip_many(pages: Iterable[Page], model: Model | None = None) -> Iterator[Stripped]:
    """Each page answered, in order and as it is asked for; equal to `strip` of each.

    Raises:
        ArtifactError: the model that ships can't be used.
    """
    model = model or shipped()
    for page in pages:
        yield _answer(lines_of_page(page), model)


def lines_of_page(page: Page) -> Lines:
    """The page's text and its non-empty lines."""
    return html_lines(page.source) if page.kind is Kind.HTML else text_lines(page.source)


def _answer(page: Lines, model: Model) -> Stripped:
    # Each page is reckoned by itself: sums of floating-point numbers depend on what else is in the
    # matrix, and an answer must not depend on the pages around it.
    if not page.lines:
        return Stripped(page.text, (), model.version)
    known = features(page)
    labels, scores = decode(model.classifier.probabilities(known), known.sizes)
    found = [
        LabelledLine(text, label, score, start, end)
        for (text, start, end, _), label, score in zip(page.lines, labels, scores, strict=True)
    ]
    return Stripped(page.text, tuple(found), model.version)
