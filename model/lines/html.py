"""HTML source to lines, each with what the markup says of it: the only user of an HTML parser.

The page's text is what a browser would show without style sheets: a block element begins and ends a
line, `br` ends one, inline elements join, white space collapses except in `pre`, and a table row whose
cells hold a line each is one line, its cells split by tabs.
"""

from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from model.lines.text import lines_of
from model.page import Element, Lines, Structure

# Elements whose text is not shown, or is no text of the page.
SKIPPED = frozenset(
    "script style noscript template head svg iframe object embed canvas audio video select textarea "
    "datalist map math noframes frameset -comment _comment".split()
)
# Elements that begin and end a line: the blocks of the HTML standard's rendering section, and buttons,
# whose words belong to no sentence around them.
BLOCKS = frozenset(
    "address article aside blockquote body button caption center col colgroup dd details dialog dir div dl "
    "dt fieldset figcaption figure footer form frame h1 h2 h3 h4 h5 h6 header hgroup hr html legend li "
    "listing main menu nav ol optgroup option p plaintext pre search section summary table tbody td tfoot "
    "th thead tr ul xmp".split()
)
EMPHASIS = frozenset("b strong em i u mark big".split())
CELLS = frozenset(("td", "th"))
VERBATIM = frozenset(("pre", "listing", "xmp", "plaintext"))
# Attributes whose words say what an element is for.
HINTS = ("class", "id", "role", "itemprop", "itemtype", "rel", "aria-label", "data-testid", "property")


class _Line(NamedTuple):
    """A line while the page is read; `cell` counts the table cells begun so far."""

    text: str
    structure: Structure
    cell: int


def element_of(node: LexborNode, tag: str, parent: Element | None) -> Element:
    """`node` as a plain value below `parent`."""
    attributes = node.attributes
    if not attributes:
        return Element(tag, "", parent)
    values = [value for name in HINTS if (value := attributes.get(name))]
    if "hidden" in attributes or "none" in (attributes.get("style") or ""):
        values.append("hidden")
    return Element(tag, " ".join(values), parent)


class _Walk:
    """One walk through a parsed page: collects lines in page order."""

    def __init__(self) -> None:
        self.lines: list[_Line] = []
        self.parts: list[str] = []  # of the line being read
        self.blank = True  # the line so far ends in white space, or is empty
        self.first: Element | None = None  # where the line's first character stands
        self.linked = self.emphasised = self.inlined = 0
        self.gap = 1
        self.cell = 0

    def add(self, text: str, element: Element, in_link: bool, in_emphasis: bool) -> None:
        """Put `text`, white space collapsed, behind the line being read."""
        words = text.split()
        if not words:
            if not self.blank:
                self.parts.append(" ")
                self.blank = True
            return
        if text[0].isspace() and not self.blank:
            self.parts.append(" ")
        joined = " ".join(words)
        self.put(joined, element, in_link, in_emphasis)
        self.blank = text[-1].isspace()
        if self.blank:
            self.parts.append(" ")

    def put(self, text: str, element: Element, in_link: bool, in_emphasis: bool) -> None:
        """Put `text` as it is behind the line being read."""
        if self.first is None:
            self.first = element
        self.parts.append(text)
        if in_link:
            self.linked += len(text)
        if in_emphasis:
            self.emphasised += len(text)

    def add_verbatim(self, text: str, element: Element, in_link: bool, in_emphasis: bool) -> None:
        """Put preformatted `text` behind the line being read; its newlines end lines."""
        for number, piece in enumerate(text.split("\n")):
            if number:
                self.end_line()
            if piece.strip():
                self.put(piece, element, in_link, in_emphasis)
                self.blank = False
            elif piece:
                self.parts.append(piece)

    def end_line(self) -> None:
        """End the line being read, where there is one."""
        self.gap += 1
        self.blank = True
        if self.first is None:
            self.parts.clear()
            return
        text = "".join(self.parts).rstrip()
        structure = Structure(self.first, self.linked, self.emphasised, self.inlined, self.gap - 1)
        self.lines.append(_Line(text, structure, self.cell))
        self.parts.clear()
        self.first = None
        self.linked = self.emphasised = self.inlined = 0
        self.gap = 1

    def end_row(self, start: int) -> None:
        """Join the lines from `start` on when each stands in a cell of its own."""
        row = self.lines[start:]
        if len(row) < 2 or len({line.cell for line in row}) < len(row):
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


def html_lines(source: str) -> Lines:
    """The lines of the text derived from HTML source; blank lines part what blocks part widely."""
    walk = _Walk()
    tree = LexborHTMLParser(source)
    if tree.body is not None:
        _read(walk, tree.body)
    title = tree.css_first("head > title")
    return lines_of(
        "\n".join(line.text for line in walk.lines),
        tuple(line.structure for line in walk.lines),
        " ".join(title.text().split()) if title is not None else "",
    )


def _read(walk: _Walk, root: LexborNode) -> None:
    """Walk through the elements below `root` without recursion, so that no depth of nesting is lost."""
    top = element_of(root, "body", None)
    # One entry for each open element: (its value, is block, row start or -1, links, emphases, verbatim)
    stack = [(top, True, -1, 0, 0, False)]
    node = root.first_child
    parent = root
    while True:
        if node is None:  # behind the last child: close the parent
            _, block, row, _, _, _ = stack.pop()
            if block:
                walk.end_line()
            if row >= 0:
                walk.end_row(row)
            if not stack:
                return
            node, parent = parent.next, parent.parent
            continue
        tag = node.tag
        element, _, _, links, emphases, verbatim = stack[-1]
        if tag == "-text":
            text = node.text_content
            if text:
                (walk.add_verbatim if verbatim else walk.add)(text, element, links > 0, emphases > 0)
        elif tag == "br":
            walk.end_line()
            walk.gap -= 1
        elif tag not in SKIPPED and tag:
            child = node.first_child
            block = tag in BLOCKS
            if block:
                walk.end_line()
                if tag in CELLS:
                    walk.cell += 1
            else:
                walk.inlined += 1
            if child is not None:
                stack.append(
                    (
                        element_of(node, tag, element),
                        block,
                        len(walk.lines) if tag == "tr" else -1,
                        links + (tag == "a"),
                        emphases + (tag in EMPHASIS),
                        verbatim or tag in VERBATIM,
                    )
                )
                node, parent = child, node
                continue
            if block:
                walk.end_line()
        node = node.next
