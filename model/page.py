"""Plain values: a page as it came in, its lines, and what the markup says of each line."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """How a page came: as bare text or as HTML source."""

    TEXT = "text"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Page:
    """A page to strip. `source` is kept verbatim."""

    source: str
    kind: Kind

    @classmethod
    def from_text(cls, text: str) -> "Page":
        """A page of bare text: one line ends at each newline."""
        return cls(text, Kind.TEXT)

    @classmethod
    def from_html(cls, html: str) -> "Page":
        """A page given as HTML source; its lines are those of the text derived from it."""
        return cls(html, Kind.HTML)


class Shape(NamedTuple):
    """What an element has in common with others: those of the same tag and hints below elements of one shape.

    Attributes:
        above: the number of its parent's shape, -1 for that of `body`.
        tag: its tag.
        hints: the values of its class, id, role and similar attributes, split by spaces.
    """

    above: int
    tag: str
    hints: str


class Elements(NamedTuple):
    """The HTML elements that a page's lines stand in and all above these, known by their numbers: `body` is 0.

    Attributes:
        parents: the number of each element's parent, which is smaller; `body` is its own.
        shapes: the number of each element's shape.
        sorts: the shapes, each behind that of its parent.
    """

    parents: tuple[int, ...]
    shapes: tuple[int, ...]
    sorts: tuple[Shape, ...]

    def path(self, element: int) -> list[Shape]:
        """The shapes of an element and of all above it, `body` last."""
        found = [self.sorts[self.shapes[element]]]
        while found[-1].above >= 0:
            found.append(self.sorts[found[-1].above])
        return found


class Structure(NamedTuple):
    """What the markup says of one line.

    Attributes:
        element: the number of the innermost element the line's first character stands in.
        linked: characters of the line inside links, 0 to its length.
        emphasised: characters inside b, strong, em, i and the like.
        inlined: how many inline elements (links, spans, …) opened in it.
        gap: block boundaries crossed since the line before, 0 behind a line break; a measure of visual distance.
    """

    element: int
    linked: int
    emphasised: int
    inlined: int
    gap: int


class Line(NamedTuple):
    """A non-empty line of a page's text: `page_text[start:end] == text`, in code points.

    `structure` is None for bare text: that is the one place where "bare text" is known.
    """

    text: str
    start: int
    end: int
    structure: Structure | None


class Declared(NamedTuple):
    """What an HTML page declares of itself without showing it; texts are empty where it declares none.

    Attributes:
        title: of its head.
        headline: as other sites are to show it.
        description: of the page, in a sentence or two.
        author: names of authors, one a line.
        caption: of its pictures and clips.
        body: the article's text.
        kinds: what it says it is: "og article", "type newsarticle", "dated".
    """

    title: str = ""
    headline: str = ""
    description: str = ""
    author: str = ""
    caption: str = ""
    body: str = ""
    kinds: tuple[str, ...] = ()


NO_ELEMENTS = Elements((), (), ())
NOTHING_DECLARED = Declared()


@dataclass(frozen=True, slots=True)
class Lines:
    """A page's text, its non-empty lines in order, what it declares, if anything, and its elements, if any."""

    text: str
    lines: tuple[Line, ...]
    declared: Declared = NOTHING_DECLARED
    elements: Elements = NO_ELEMENTS
