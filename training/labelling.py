"""What a person says of a page, in one of three forms, understood as one label a line.

The forms: a label for each line; the lines themselves with their labels, as an answer held them, corrected;
the article's text alone, from which the lines that belong to it are found, the model telling the rest apart.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from model.errors import SampleError
from model.features.layout import Matrix
from model.label import COLUMN, IS_KEPT, LABELS, Label
from model.page import Lines
from training.align import MOST_TOKENS, align, tokens

# An article of which less is found on the page is another page's.
LEAST_COVERAGE = 0.5
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Understood:
    """One label a line, and the share of the article's words found in the page, 0 to 1 (1 without an article)."""

    labels: tuple[Label, ...]
    coverage: float = 1.0

    def counts(self) -> dict[str, int]:
        """How many lines each label has, in the labels' order, those without lines left out."""
        found = Counter(self.labels)
        return {label: found[label] for label in LABELS if found[label]}


def from_labels(page: Lines, names: Sequence[str]) -> Understood:
    """`names`, one a non-empty line of the page.

    Raises:
        SampleError: a name is no label, or they are not as many as the lines.
    """
    labels = tuple(_label(name, number, page) for number, name in enumerate(names, 1))
    if len(labels) != len(page.lines):
        count = f"{len(labels)} labels for {len(page.lines)} lines"
        if len(labels) < len(page.lines):
            first = f"line {len(labels) + 1}, {_shown(page, len(labels) + 1)}, has none"
        else:
            first = f"label {len(page.lines) + 1} has no line"
        raise SampleError(f"{count} that are not empty: {first}. Give each line one.")
    return Understood(labels)


def from_lines(page: Lines, lines: Sequence[tuple[str, str]]) -> Understood:
    """The labels of `lines`, pairs of text and label, which must be the page's lines, in order.

    White space at the ends of a line doesn't matter.

    Raises:
        SampleError: a line is another than the page's, or has a name that is no label.
    """
    for number, (text, _) in enumerate(lines[: len(page.lines)], 1):
        if text.strip() != page.lines[number - 1].text.strip():
            raise SampleError(
                f"Line {number} of the page is {_shown(page, number)}, and line {number} that was sent is "
                f"{_cut(text)}. Send the lines of the answer, all and in order."
            )
    return from_labels(page, [name for _, name in lines])


def from_article(page: Lines, article: str, probabilities: Callable[[Lines], Matrix]) -> Understood:
    """Labels by which the lines that `article` holds are its text, and the others are not.

    Which of the labels left to it a line has, `probabilities` says: (lines, 10), as a classifier gives them.

    Raises:
        SampleError: the article is empty, or less than half of its words are on the page.
    """
    words = tokens(article)
    if not words:
        raise SampleError("The article holds no word. For a page without an article send labels.")
    if not page.lines:
        raise SampleError("The page is empty, so that no line of it can be the article's.")
    lines = [line.text for line in page.lines]
    if max(len(words), sum(len(tokens(line)) for line in lines)) > MOST_TOKENS:
        raise SampleError(f"Page or article have more than {MOST_TOKENS:,} words; send labels instead.")
    found = align(article.split("\n"), lines)
    coverage = found.times.sum() / len(words)
    if coverage < LEAST_COVERAGE:
        raise SampleError(
            f"Only {coverage:.0%} of the article's words are on the page; {LEAST_COVERAGE:.0%} are needed. "
            "Is it another page's article?"
        )
    inside = found.covered()
    # A line without words, a rule or a bullet, goes with the line before it.
    for row in np.flatnonzero(found.size == 0):
        inside[row] = row > 0 and inside[row - 1]
    likely = probabilities(page)
    allowed = inside[:, np.newaxis] == IS_KEPT
    # People copy the title along with the article.
    allowed[likely.argmax(axis=1) == Label.TITLE.column, Label.TITLE.column] = True
    # The smallest number keeps a label that the classifier rules out before one that is not allowed.
    columns = ((likely + np.finfo(np.float32).tiny) * allowed).argmax(axis=1)
    return Understood(tuple(LABELS[column] for column in columns), round(coverage, 4))


def _label(name: str, number: int, page: Lines) -> Label:
    if name not in COLUMN:
        raise SampleError(
            f"Label {number}, of the line {_shown(page, number)}, is {_cut(name)}; the labels are {', '.join(LABELS)}."
        )
    return Label(name)


def _shown(page: Lines, number: int) -> str:
    return _cut(page.lines[number - 1].text) if number <= len(page.lines) else "that is not there"


def _cut(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")
