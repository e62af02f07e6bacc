"""One page scored: its article in each rendering against gold text, and its lines against gold labels."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from model import KEPT, LABELS, Page, Stripped, strip
from model.artifact import Model
from model.features.matrix import features
from model.strip import lines_of_page
from training.align import UNKNOWN, align
from training.language import language_of
from training.metrics import Columns, Shingles, shingles, word_f1
from training.renderings import RENDERINGS
from training.samples import Sample

HTML, TEXT = "html", "text"
# What the article is measured from; TEXT stands for the text of a sample that has no HTML.
MEASURED = (HTML, "resiliparse", "inscriptis", "bs4", "own")


@dataclass(frozen=True, slots=True)
class Article:
    """What an article came to: word F1, and its shingles for the F1 over pages."""

    word_f1: float
    shingles: Shingles


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """The n lines of a page whose label is known: (n,) gold and answered columns and scores, (n, 10) probabilities.

    `rows` (n,) are their places among all the lines of the page.
    """

    rows: Columns
    gold: Columns
    answer: Columns
    scores: npt.NDArray[np.float64]
    probabilities: npt.NDArray[np.float32]

    @property
    def accuracy(self) -> float:
        """The share of lines that have the right label."""
        return float((self.gold == self.answer).mean())


@dataclass(frozen=True, slots=True, eq=False)
class ScoredPage:
    """A page's scores: `articles` by rendering, `marks` by HTML and TEXT; both empty where nothing is known."""

    id: str
    host: str
    source: str
    kind: str
    language: str
    articles: dict[str, Article] = field(default_factory=dict)
    marks: dict[str, Marks] = field(default_factory=dict)


def gold_of(sample: Sample) -> str | None:
    """The main text of a sample, which may be empty; None where nobody knows.

    Without gold text it is what its labels keep. Labels of a rendering of HTML don't count for that:
    what they keep is that rendering's words, and other renderings would be blamed for having others. Nor do
    the labels of a page of which some lines have none.
    """
    if sample.gold is not None:
        return sample.gold
    if sample.labels is None or None in sample.labels or (sample.html is not None and sample.text is not None):
        return None
    texts = [line.text for line in lines_of_page(own_page(sample)).lines]
    return "\n".join(text for text, label in zip(texts, sample.labels, strict=True) if label in KEPT)


def own_page(sample: Sample) -> Page:
    """The page that the labels of a sample belong to."""
    return Page.from_text(sample.text) if sample.text is not None else Page.from_html(sample.html or "")


def rendered(sample: Sample, rendering: str) -> Page | None:
    """A sample's page in a rendering; None where it has no HTML to render, or no text of its own."""
    if rendering == TEXT:
        return Page.from_text(sample.text) if sample.html is None and sample.text is not None else None
    if sample.html is None:
        return None
    return Page.from_html(sample.html) if rendering == HTML else Page.from_text(RENDERINGS[rendering](sample.html))


def score_page(sample: Sample, model: Model, renderings: Sequence[str]) -> ScoredPage:
    """A page's scores: its article in each of the renderings, and its lines wherever their labels are known."""
    return ScoredPage(
        sample.id,
        sample.site,
        sample.source,
        sample.kind,
        language_of(sample),
        _articles(sample, model, renderings),
        {view: marks for view in (TEXT, HTML) if (marks := mark(sample, view, model)) is not None},
    )


def _articles(sample: Sample, model: Model, renderings: Sequence[str]) -> dict[str, Article]:
    gold = gold_of(sample)
    if gold is None:
        return {}
    found = {}
    for rendering in (*renderings, TEXT):
        page = rendered(sample, rendering)
        if page is not None:
            answer = strip(page, model).text()
            found[rendering] = Article(word_f1(answer, gold), shingles(answer, gold))
    return found


def mark(sample: Sample, view: str, model: Model) -> Marks | None:
    """The lines of a sample's page, as TEXT or as HTML, beside their gold labels; None where none is known."""
    page = labelled_page(sample, view)
    if page is None:
        return None
    stripped = strip(page, model)
    gold = carried(sample, stripped)
    rows = np.flatnonzero(gold != UNKNOWN)
    if not len(rows):
        return None
    answer = np.array([line.label.column for line in stripped.lines], np.int64)
    scores = np.array([line.score for line in stripped.lines], np.float64)
    probabilities = model.classifier.probabilities(features(lines_of_page(page)))
    return Marks(rows, gold[rows], answer[rows], scores[rows], probabilities[rows])


def labelled_page(sample: Sample, view: str) -> Page | None:
    """The page of a labelled sample as TEXT or as HTML; None where it is not labelled or can't be had so."""
    if sample.labels is None:
        return None
    if view == HTML:
        return Page.from_html(sample.html) if sample.html is not None else None
    return Page.from_text(sample.text if sample.text is not None else lines_of_page(own_page(sample)).text)


def carried(sample: Sample, stripped: Stripped) -> Columns:
    """The gold column of each answered line of a labelled sample, or UNKNOWN.

    Lines that are the labelled ones keep their labels; to others labels are carried by their words.
    """
    columns = np.array([UNKNOWN if label is None else label.column for label in sample.labels or ()], np.int64)
    labelled = [line.text for line in lines_of_page(own_page(sample)).lines]
    texts = [line.text for line in stripped.lines]
    return columns if texts == labelled else align(labelled, texts).carry(columns, len(LABELS))
