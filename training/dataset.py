"""Samples to views: every page in several renderings, as features with labels where they are known.

A page is labelled in one rendering; its words carry the labels to the lines of the others. Features are
kept in half precision: a million lines fit into memory many times over.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from model.features.matrix import BARE, NAMES, Features, Terms, features
from model.features.words import Bags
from model.label import COLUMN, LABELS
from model.lines.html import html_lines
from model.lines.text import text_lines
from model.page import Lines
from model.processes import in_processes
from training.align import UNKNOWN, Alignment, align
from training.hashed import line_hash
from training.renderings import RENDERINGS
from training.samples import Sample

HTML, TEXT = "html", "text"
# What a line of each view weighs: first-hand labels one, a teacher's less, and carried ones less again,
# for they come several times.
FIRST_HAND, TAUGHT, CARRIED = 1.0, 0.5, 0.35
# Renderings made of a page without labels beside resiliparse's: drawn by the page's name.
DRAWN = 2

_TITLE, _BYLINE, _CAPTION = (COLUMN[name] for name in ("title", "byline", "caption"))
# Below a line of these a picture is the article's.
_PICTURED = [COLUMN[name] for name in ("title", "text", "heading", "byline", "caption")]

Columns = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """`Features` in half the memory. Of bare text the numbers of markup, all zero, are left out."""

    numbers: npt.NDArray[np.float16]
    bags: tuple[Bags, Bags, Bags]
    terms: tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]

    @classmethod
    def of(cls, found: Features) -> "Packed":
        """`found`, packed."""
        columns = len(NAMES) if found.html else BARE
        return cls(
            found.numbers[:, :columns].astype(np.float16),
            (found.words, found.around, found.hints),
            (found.terms.words.astype(np.int32), found.terms.rows.astype(np.int32)),
        )

    @property
    def html(self) -> bool:
        """Whether they are of HTML."""
        return bool(self.numbers.shape[1] > BARE)

    def open(self) -> Features:
        """The features, but for the precision of their numbers."""
        numbers = np.zeros((len(self.numbers), len(NAMES)), np.float32)
        numbers[:, : self.numbers.shape[1]] = self.numbers
        terms = Terms(self.terms[0].astype(np.int64), self.terms[1].astype(np.int64))
        return Features(numbers, *self.bags, terms)


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A page in one rendering: n lines, their features, `columns` (n,) of their labels or UNKNOWN, weights.

    `likely` (n, 10) are a teacher's probabilities of each label, which sum to 1; without them the columns are sure.
    """

    sample: str
    rendering: str
    fold: int
    packed: Packed
    columns: Columns
    weights: npt.NDArray[np.float32]
    likely: npt.NDArray[np.float16] | None = None

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        """(n,) which lines have a label."""
        return np.asarray(self.columns != UNKNOWN)


class Pages(NamedTuple):
    """A sample made ready: its renderings' features and how labels get from its own lines to theirs.

    The sample's texts, of no use from here on, are gone: thousands of pages' sources take half a gigabyte.
    `own` are the columns of its own lines as far as they are known, `gold` which of them its gold text
    covers, or None where nobody knows. `others` are those of the lines that a rendering has alone.
    """

    sample: Sample
    views: dict[str, Packed]
    alignments: dict[str, Alignment]
    own: Columns | None
    text: Columns | None
    gold: npt.NDArray[np.bool_] | None
    others: dict[str, Columns]

    @property
    def labelled(self) -> Columns | None:
        """The columns somebody gave the page, of its own lines or, without HTML, of its text; None if nobody did."""
        return self.own if self.own is not None else self.text


def prepare(samples: Iterable[Sample], jobs: int) -> Iterator[Pages]:
    """Each sample made ready, in order, by as many processes as `jobs` says; samples without lines left out.

    One job is done in this process, without another.
    """
    return (pages for pages in in_processes(_preparer, samples, jobs) if pages is not None)


def _preparer() -> Callable[[Sample], Pages | None]:
    return _prepare


def _prepare(sample: Sample) -> Pages | None:
    labels = (
        None
        if sample.labels is None
        else np.array([UNKNOWN if label is None else label.column for label in sample.labels])
    )
    rest = replace(sample, html="", text=None, gold=None)
    if sample.html is None:
        page = text_lines(sample.text or "")
        gold = _covered(sample, page)
        return Pages(rest, {TEXT: _pack(page)}, {}, None, labels, gold, {}) if page.lines else None
    own = html_lines(sample.html)
    if not own.lines:
        return None
    texts = _texts(own)
    views = {HTML: _pack(own)}
    alignments, others = {}, {}
    said = {digits: label.column for digits, label in sample.others}
    carried, text = labels, None
    page = text_lines(sample.text or "")
    if sample.text is not None and labels is not None and page.lines:
        carried, text = align(_texts(page), texts).carry(labels, len(LABELS)), labels
        views[TEXT] = _pack(page)
    for name in RENDERINGS if labels is not None else _drawn(sample.id):
        page = text_lines(RENDERINGS[name](sample.html))
        # Of the very text that was labelled there are better labels than those its words carry over.
        if page.lines and (TEXT not in views or page.text != sample.text):
            lines = _texts(page)
            views[name] = _pack(page)
            alignments[name] = align(texts, lines)
            if said:
                hashed = np.array([said.get(line_hash(line), UNKNOWN) for line in lines])
                others[name] = np.where(alone(alignments[name]), hashed, UNKNOWN)
    return Pages(rest, views, alignments, carried, text, _covered(sample, own), others)


def _covered(sample: Sample, page: Lines) -> npt.NDArray[np.bool_] | None:
    return align(sample.gold.split("\n"), _texts(page)).covered() if sample.gold else None


def _drawn(name: str) -> list[str]:
    """The renderings made of a page without labels."""
    others = [rendering for rendering in RENDERINGS if rendering != "resiliparse"]
    others.sort(key=lambda rendering: zlib.crc32(f"{name} {rendering}".encode()))
    return ["resiliparse", *others[:DRAWN]]


def _texts(page: Lines) -> list[str]:
    return [line.text for line in page.lines]


def _pack(page: Lines) -> Packed:
    return Packed.of(features(page))


def alone(alignment: Alignment) -> npt.NDArray[np.bool_]:
    """Which lines only the rendering has: the head's title, and alternative texts of pictures."""
    return (alignment.size > 0) & ~alignment.covered()


def filled(columns: Columns, alignment: Alignment) -> Columns:
    """The columns carried to a rendering, and for the lines it alone has a column by what stands around them.

    The head's title comes first; alternative texts of pictures are captions in the article, and elsewhere part of
    the block they stand in. Of 1,180 such lines that were labelled by hand 86 % have the label this gives.
    """
    gaps = alone(alignment)
    rest = np.flatnonzero(~gaps & (columns != UNKNOWN))
    found = columns.copy()
    if not len(rest):
        return found
    lines = np.flatnonzero(gaps)
    after = np.searchsorted(rest, lines)
    above = np.where(after > 0, columns[rest[after - 1]], UNKNOWN)
    below = np.where(after < len(rest), columns[rest[np.minimum(after, len(rest) - 1)]], UNKNOWN)
    bylines = (above == _BYLINE) & (below == _BYLINE)
    pictured = (below == _CAPTION) | (np.isin(above, _PICTURED) & ~bylines)
    found[lines] = np.where(lines == 0, _TITLE, np.where(pictured, _CAPTION, above))
    return found


def _certain(likely: npt.NDArray[np.float32], columns: Columns) -> npt.NDArray[np.float32]:
    """`likely`, and where it says nothing or something else of a line, nothing but its column."""
    other = likely.argmax(axis=1) != columns
    return np.where(other[:, None], np.eye(len(LABELS), dtype=np.float32)[columns], likely)


def views_of(
    pages: Pages, own: Columns, weights: npt.NDArray[np.float32], likely: npt.NDArray[np.float32] | None = None
) -> list[View]:
    """All views of a page whose own lines have the labels and weights given.

    Renderings take both over from the page's own lines; a text labelled first-hand keeps its labels. With `likely`,
    (own lines, 10), the labels are a teacher's, and renderings take over how likely it holds each. Lines that it
    saw itself keep the likeliest: nothing would be learned there from its own doubts.
    """
    found = []
    sample = pages.sample
    for name, packed in pages.views.items():
        n = len(packed.numbers)
        said: npt.NDArray[np.float16] | None = None
        if name == TEXT and pages.text is not None:
            columns, scale = pages.text, np.ones(n, np.float32)
        elif name not in pages.alignments:
            columns, scale = own, weights * np.float32(FIRST_HAND if likely is None else TAUGHT)
        else:
            columns = filled(pages.alignments[name].carry(own, len(LABELS)), pages.alignments[name])
            others = pages.others.get(name, columns)
            columns = np.where(others == UNKNOWN, columns, others)
            scale = np.full(n, CARRIED * float(weights.mean()), np.float32)
            if likely is not None:
                said = _certain(pages.alignments[name].averaged(likely), columns).astype(np.float16)
        found.append(View(sample.id, name, sample.fold, packed, columns, scale.astype(np.float32), said))
    return found
