"""Bare text as others make it of HTML: what the model must read as well as its own lines."""

import textwrap
import warnings
from collections.abc import Callable

from model.lines.html import html_lines


def own(html: str) -> str:
    """The text pagesieve derives itself."""
    return html_lines(html).text


def resiliparse(html: str) -> str:
    """Resiliparse's plain text of the whole page, with list bullets."""
    from resiliparse.extract.html2text import extract_plain_text

    return str(extract_plain_text(html, main_content=False, alt_texts=False, list_bullets=True))


def resiliparse_alt(html: str) -> str:
    """The same with the alternative texts of pictures."""
    from resiliparse.extract.html2text import extract_plain_text

    return str(extract_plain_text(html, main_content=False, alt_texts=True, list_bullets=True))


def inscriptis(html: str) -> str:
    """Inscriptis' layout-aware text."""
    from inscriptis import get_text

    return get_text(html) if html.strip() else ""


def soup(html: str) -> str:
    """BeautifulSoup's get_text with a newline between text nodes: inline links are lines of their own."""
    from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning

    with warnings.catch_warnings():
        # XHTML is read as browsers read it, and there is nothing its reader could do about it.
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        tree = BeautifulSoup(html, "lxml")
    for tag in tree(["script", "style", "noscript", "template"]):
        tag.decompose()
    return str(tree.get_text("\n", strip=True))


def html_text(html: str) -> str:
    """The html_text package's text."""
    import html_text as package

    return str(package.extract_text(html)) if html.strip() else ""


def wrapped(html: str, width: int = 80) -> str:
    """The own text hard-wrapped, as mail and terminals show it, blank lines between paragraphs."""
    return "\n\n".join("\n".join(textwrap.wrap(line, width)) for line in own(html).split("\n"))


RENDERINGS: dict[str, Callable[[str], str]] = {
    "own": own,
    "resiliparse": resiliparse,
    "alt": resiliparse_alt,
    "inscriptis": inscriptis,
    "bs4": soup,
    "html_text": html_text,
    "wrapped": wrapped,
}
