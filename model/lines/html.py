"""HTML source to lines, each with what the markup says of it: the only user of an HTML parser.

The page's text is what a browser would show without style sheets: a block element begins and ends a
line, `br` ends one, white space collapses except in `pre`, and a table row whose cells hold a line each is
one line, its cells split by tabs. Inline elements join, but for two that follow each other without a
character between: style sheets show those apart more often than not, so a space parts them.
"""

import re
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from model.lines.declared import declared
from model.page import NO_ELEMENTS, Elements, Line, Lines, Shape, Structure

# Elements whose text is not shown, or is no text of the page.
SKIPPED = frozenset(
    "script style template head svg iframe object embed canvas audio video select textarea "
    "datalist map math noframes frameset -comment _comment".split()
)
# Elements that begin and end a line: the blocks of the HTML standard's rendering section, and buttons,
# whose words belong to no sentence around them.
BLOCKS = frozenset(
    "address article aside blockquote body button caption center col colgroup dd details dialog dir div dl "
    "dt fieldset figcaption figure footer form frame h1 h2 h3 h4 h5 h6 header hgroup hr html legend li "
    "listing main menu nav noscript ol optgroup option p plaintext pre search section summary table tbody td tfoot "
    "th thead tr ul xmp".split()
)
EMPHASIS = frozenset("b strong em i u mark big small font sup sub s del ins code".split())
CELLS = frozenset(("td", "th"))
VERBATIM = frozenset(("pre", "listing", "xmp", "plaintext"))
# Attributes whose words say what an element is for.
HINTS = frozenset(("class", "id", "role", "itemprop", "itemtype", "rel", "aria-label", "data-testid", "property"))

_UNSEEN = re.compile(r"display\s*:\s*none")
# An iframe closed as XML has it. In HTML it is open, and all that follows on the page would be its text, not shown;
# browsers don't see it where it most often stands, in a noscript element, whose text is read here.
_OPEN_FRAME = re.compile(r"<iframe\b([^>]*)/>")
# What no frame's own text has.
_OUTSIDE = re.compile(r"</(?:noscript|body|html)\b")


class _Line(NamedTuple):
    """A line while the page is read; `cell` counts the table cells begun so far."""

    text: str
    structure: Structure
    cell: int


def hints_of(node: LexborNode) -> str:
    """What the attributes of `node` say it is for, as `Shape.hints` has it; "hidden" where they hide it."""
    hints, hidden = [], False
    for name, value in node.attributes.items():
        if name in HINTS:
            if value:
                hints.append(value)
        elif name == "hidden" or (name == "style" and value and _UNSEEN.search(value)):
            hidden = True
    if hidden:
        hints.append("hidden")
    return " ".join(hints)


class _Walk:
    """One walk through a parsed page: collects lines in page order."""

    def __init__(self) -> None:
        self.lines: list[_Line] = []
        self.parts: list[str] = []  # of the line being read
        self.blank = True  # the line so far ends in white space, or is empty
        self.first: int | None = None  # the element that the line's first character stands in
        self.linked = self.emphasised = self.inlined = 0
        self.gap = 1
        self.cell = 0
        self.rows: list[int] = []  # how many lines there were when each open table row began
        self.row_end = 0  # and when the last one ended
        self.closed = False  # an inline element ended, and no text came since
        self.seam = False  # and another began right behind it
        self.links = self.emphases = self.verbatims = 0  # open elements of these sorts
        self.swallowed = False  # an iframe was left open, and what follows on the page is its text

    def enter(self, tag: str) -> None:
        """An element opens: a block ends the line being read, an inline element counts in it."""
        if tag in BLOCKS:
            self.end_line()
            if tag in CELLS:
                self.cell += 1
            elif tag == "tr":
                self.rows.append(len(self.lines))
            elif tag in VERBATIM:
                self.verbatims += 1
        elif tag == "br":
            self.end_line()
            self.gap -= 1
        else:
            self.inlined += 1
            if tag in EMPHASIS:
                self.emphases += 1
            else:
                self.seam |= self.closed
                self.links += tag == "a"

    def leave(self, tag: str) -> None:
        """An element closes: a block ends its last line, a row joins those of its cells."""
        if tag in BLOCKS:
            self.end_line()
            if tag == "tr":
                self.end_row(self.rows.pop())
            elif tag in VERBATIM:
                self.verbatims -= 1
        elif tag in EMPHASIS:
            self.emphases -= 1
        elif tag != "br":
            self.closed |= not self.verbatims
            self.links -= tag == "a"

    def add(self, text: str, path: "_Path") -> None:
        """Put `text` of the innermost element behind the line being read, white space collapsed."""
        if self.verbatims:
            self.add_verbatim(text, path)
            return
        words = text.split()
        if not self.blank and (self.seam or text[0].isspace()):
            self.parts.append(" ")
            self.blank = True
        self.closed = self.seam = False
        if not words:
            return
        self.put(" ".join(words), path)
        self.blank = text[-1].isspace()
        if self.blank:
            self.parts.append(" ")

    def put(self, text: str, path: "_Path") -> None:
        """Put `text` as it is behind the line being read."""
        if self.first is None:
            self.first = path.innermost()
        self.parts.append(text)
        if self.links:
            self.linked += len(text)
        if self.emphases:
            self.emphasised += len(text)

    def add_verbatim(self, text: str, path: "_Path") -> None:
        """Put preformatted `text` behind the line being read; its newlines end lines."""
        for number, piece in enumerate(text.split("\n")):
            if number:
                self.end_line()
            if piece.strip():
                self.put(piece, path)
                self.blank = False
            elif piece:
                self.parts.append(piece)

    def end_line(self) -> None:
        """End the line being read, where there is one."""
        self.gap += 1
        self.blank = True
        self.closed = self.seam = False
        if self.first is None:
            self.parts.clear()
            return
        text = "".join(self.parts).rstrip()
        linked, emphasised = min(self.linked, len(text)), min(self.emphasised, len(text))
        structure = Structure(self.first, linked, emphasised, self.inlined, self.gap - 1)
        self.lines.append(_Line(text, structure, self.cell))
        self.parts.clear()
        self.first = None
        self.linked = self.emphasised = self.inlined = 0
        self.gap = 1

    def end_row(self, start: int) -> None:
        """Join the lines from `start` on when each stands in a cell of its own."""
        row = self.lines[start:]
        nested = self.row_end > start  # a table in a cell: this row lays the page out, it is none of data
        self.row_end = len(self.lines)
        if nested or len({line.cell for line in row}) < max(len(row), 2):
            return
        found = [line.structure for line in row]
        joined = Structure(
            found[0].element,
            sum(s.linked for s in found),
            sum(s.emphasised for s in found),
            sum(s.inlined for s in found),
            found[0].gap,
        )
        self.lines[start:] = [_Line("\t".join(line.text for line in row), joined, row[0].cell)]
        self.row_end = len(self.lines)


class _Path:
    """The elements open at a point of the walk, from the body inwards, and all that were numbered so far.

    An element gets a number when the first text below it is read: most of a page's have none.
    """

    def __init__(self, body: LexborNode) -> None:
        self.nodes = [body]
        self.tags = ["body"]
        self.numbers: list[int | None] = [0]
        self.parents = [0]
        self.shapes = [0]
        self.sorts = {(-1, "body", hints_of(body)): 0}

    def innermost(self) -> int:
        """The number of the innermost element."""
        numbers, parents, shapes, sorts = self.numbers, self.parents, self.shapes, self.sorts
        first = len(numbers)
        while (above := numbers[first - 1]) is None:
            first -= 1
        for at in range(first, len(numbers)):
            shape = shapes[above], self.tags[at], hints_of(self.nodes[at])
            shapes.append(sorts.setdefault(shape, len(sorts)))
            parents.append(above)
            above = numbers[at] = len(parents) - 1
        return above

    def elements(self) -> Elements:
        """All that were numbered."""
        return Elements(tuple(self.parents), tuple(self.shapes), tuple(map(Shape._make, self.sorts)))


def html_lines(source: str) -> Lines:
    """The lines of the text derived from HTML source."""
    tree = LexborHTMLParser(source)
    walk, elements = _read(tree.body)
    if walk.swallowed:
        tree = LexborHTMLParser(_OPEN_FRAME.sub(r"<iframe\1></iframe>", source))
        walk, elements = _read(tree.body)
    lines = []
    start = 0
    for text, structure, _ in walk.lines:
        end = start + len(text)
        lines.append(Line(text, start, end, structure))
        start = end + 1
    return Lines(
        "\n".join([text for text, _, _ in walk.lines]),
        tuple(lines),
        declared(tree),
        elements,
    )


def _read(body: LexborNode | None) -> tuple[_Walk, Elements]:
    """The walk through what is below `body`, without recursion, so that no depth of nesting is lost."""
    walk = _Walk()
    if body is None:
        return walk, NO_ELEMENTS
    path = _Path(body)
    nodes, tags, numbers = path.nodes, path.tags, path.numbers
    node = body.first_child
    while nodes:
        if node is None:  # behind the last child
            walk.leave(tags.pop())
            numbers.pop()
            node = nodes.pop().next
            continue
        tag = node.tag or ""
        if tag == "-text":
            text = node.text_content
            if text:
                walk.add(text, path)
        elif tag not in SKIPPED:
            walk.enter(tag)
            child = node.first_child
            if child is not None:
                nodes.append(node)
                tags.append(tag)
                numbers.append(None)
                node = child
                continue
            walk.leave(tag)
        elif tag == "iframe" and _OUTSIDE.search(node.text()):
            walk.swallowed = True
        node = node.next
    return walk, path.elements()
