"""The lines of a page that went wrong, with their words: for the eyes of who trains, never for the project."""

from dataclasses import dataclass

from model import KEPT, LABELS, strip
from model.artifact import Model
from training.align import UNKNOWN, align
from training.samples import Sample
from training.scored import HTML, TEXT, carried, gold_of, labelled_page, rendered

# Where only the article is known, a line's gold label is one of these.
INSIDE, OUTSIDE = "article", "elsewhere"


@dataclass(frozen=True, slots=True)
class WrongLine:
    """A line, its number on the page from 1 on, what it is, what it was taken for, and how surely (0 to 1)."""

    number: int
    text: str
    gold: str
    answer: str
    score: float


def wrong_lines(sample: Sample, rendering: str, model: Model) -> list[WrongLine]:
    """The wrong lines of a page in a rendering.

    A labelled page is looked at as HTML or as the text that was labelled, and a line is wrong that has
    another label. Where only gold text is known, a line is wrong that is kept and not in it, or in it
    and not kept.
    """
    page = labelled_page(sample, HTML if rendering == HTML else TEXT)
    labelled = page is not None
    page = page or rendered(sample, rendering)
    if page is None:
        return []
    lines = strip(page, model).lines
    if labelled:
        columns = carried(sample, strip(page, model))
        gold = ["" if column == UNKNOWN else str(LABELS[column]) for column in columns]
        right = [name in {"", line.label} for name, line in zip(gold, lines, strict=True)]
    else:
        covered = align((gold_of(sample) or "").split("\n"), [line.text for line in lines]).covered()
        gold = [INSIDE if inside else OUTSIDE for inside in covered]
        right = [inside == (line.label in KEPT) for inside, line in zip(covered, lines, strict=True)]
    return [
        WrongLine(number, line.text, name, str(line.label), line.score)
        for number, (line, name, fine) in enumerate(zip(lines, gold, right, strict=True), 1)
        if not fine
    ]
