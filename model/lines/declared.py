"""What an HTML page declares of itself without showing it: by meta elements and by JSON-LD.

Meta elements have the names of HTML, of Open Graph (ogp.me) and of a few widespread others; JSON-LD has the types and
properties of schema.org. Both are written for search engines and for those who link to the page.
"""

import json
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from model.page import Declared

Node = dict[str, Any]

# The text that the value of a meta element belongs to, by its name in lower case.
_METAS = {
    "og:title": "headline",
    "twitter:title": "headline",
    "description": "description",
    "og:description": "description",
    "twitter:description": "description",
    "author": "author",
    "article:author": "author",
    "parsely-author": "author",
    "sailthru.author": "author",
    "dc.creator": "author",
    "og:image:alt": "caption",
    "twitter:image:alt": "caption",
}
_DATES = frozenset(("article:published_time", "datepublished", "date", "pubdate", "dc.date", "dc.date.issued"))
# And those of JSON-LD: of the page itself, and of pictures and clips on it.
_PROPERTIES = {"headline": "headline", "description": "description", "articleBody": "body", "text": "body"}
_OF_PICTURES = ("caption", "description", "name")
_PICTURE_TYPES = frozenset(("imageobject", "videoobject", "audioobject", "clip"))
_PICTURES = ("image", "video", "audio", "primaryImageOfPage")
_AUTHORS = ("author", "creator")
# What is in these is of the page itself; what is elsewhere is of things that it links to.
_WITHIN = ("@graph", "mainEntity", "mainEntityOfPage", "acceptedAnswer", "suggestedAnswer")
_DEEPEST, _MOST_NODES = 6, 200
# Longer texts say no more: whole books are not looked up in a page. Longer names are none of kinds.
_LONGEST, _LONGEST_KIND = 100_000, 60
_DATA = 'script[type="application/ld+json"]'


def declared(tree: LexborHTMLParser) -> Declared:
    """What the parsed page declares."""
    found = _Found()
    for node in tree.css(f"meta[content], {_DATA}"):
        if node.tag == "meta":
            found.add_meta(node.attributes)
        else:
            found.add_data(node.text())
    title = tree.css_first("head > title")
    return found.said(" ".join(title.text().split()) if title is not None else "")


class _Found:
    """What was found so far: texts by what they are, and kinds."""

    def __init__(self) -> None:
        self.texts: dict[str, dict[str, None]] = {}
        self.kinds: dict[str, None] = {}

    def said(self, title: str) -> Declared:
        """All of it, each text once."""
        texts = {name: "\n".join(found)[:_LONGEST] for name, found in self.texts.items()}
        return Declared(title, **texts, kinds=tuple(self.kinds))

    def add(self, name: str, value: Any) -> None:  # noqa: ANN401  # whatever JSON holds
        """Take a text, or a list of them; what is none is left out."""
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and text:
                self.texts.setdefault(name, {})[text] = None

    def add_kind(self, sort: str, name: str) -> None:
        """Take the name of a kind, of one of two sorts."""
        if len(name) <= _LONGEST_KIND:
            self.kinds[f"{sort} {name.lower()}"] = None

    def add_meta(self, attributes: dict[str, str | None]) -> None:
        """Take what a meta element declares."""
        name = (attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or "").lower()
        value = (attributes.get("content") or "").strip()
        if name == "og:type":
            self.add_kind("og", value)
        elif name in _DATES:
            self.kinds["dated"] = None
        elif name in _METAS and "://" not in value:  # authors may be the address of a page of theirs
            self.add(_METAS[name], value)

    def add_data(self, source: str) -> None:
        """Take what JSON-LD declares. One page of a hundred has some that is no JSON: nothing is taken of that."""
        try:
            data = json.loads(source, strict=False)
        except (ValueError, RecursionError):
            return
        for node in _nodes(data):
            types = [name.rpartition("/")[2].lower() for name in _listed(node.get("@type"), str)]
            for name in types:
                self.add_kind("type", name)
            if _PICTURE_TYPES.isdisjoint(types):
                self.add_page(node)
            else:
                self.add_picture(node)

    def add_page(self, node: Node) -> None:
        """Take what a node that is no picture says."""
        if "datePublished" in node:
            self.kinds["dated"] = None
        for name, text in _PROPERTIES.items():
            self.add(text, node.get(name))
        for name in _AUTHORS:
            self.add("author", node.get(name))
            for author in _listed(node.get(name), dict):
                self.add("author", author.get("name"))
        for name in _PICTURES:
            for picture in _listed(node.get(name), dict):
                self.add_picture(picture)

    def add_picture(self, node: Node) -> None:
        """Take what a picture or a clip says."""
        for name in _OF_PICTURES:
            self.add("caption", node.get(name))


def _nodes(data: Any) -> Iterator[Node]:  # noqa: ANN401
    """The nodes that are of the page itself, each before those within it."""
    level = _listed(data, dict)
    left = _MOST_NODES
    for _ in range(_DEEPEST):
        level = level[:left]
        left -= len(level)
        yield from level
        level = [inner for node in level for name in _WITHIN for inner in _listed(node.get(name), dict)]


def _listed(value: Any, kind: type) -> list[Any]:  # noqa: ANN401
    """Those of a kind in a value, which may be one of them or a list."""
    return [entry for entry in (value if isinstance(value, list) else [value]) if isinstance(entry, kind)]
