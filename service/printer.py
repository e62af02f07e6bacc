"""Answers printed: as they are, or line by line in colour on a terminal."""

import re
import sys
from collections.abc import Callable

from rich.console import Console
from rich.text import Text

from model import Label, Stripped
from service import render
from service.wire import Options

# Like the playground's, as far as the colours of a terminal go.
_STYLES = {
    Label.TITLE: "bold magenta",
    Label.TEXT: "default",
    Label.HEADING: "bold cyan",
    Label.BYLINE: "blue",
    Label.CAPTION: "green",
    Label.NAV: "bright_black",
    Label.AD: "red",
    Label.RELATED: "yellow",
    Label.COMMENT: "bright_blue",
    Label.LEGAL: "bright_red",
}
# What would move a terminal's cursor or change its colours.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

Printer = Callable[[Stripped, Options, str | None], None]


def print_text(stripped: Stripped, options: Options, name: str | None) -> None:
    """The article's text."""
    del name
    _write(render.as_text(stripped, options))


def print_json(stripped: Stripped, options: Options, name: str | None) -> None:
    """The whole answer on one line; its id is the file's name."""
    _write(render.as_json(stripped, options, name))


def print_markdown(stripped: Stripped, options: Options, name: str | None) -> None:
    """The article as Markdown."""
    del name
    _write(render.as_markdown(stripped, options).removesuffix("\n"))


def print_lines(stripped: Stripped, options: Options, name: str | None) -> None:
    """Each line with its label and score: in colour on a terminal, elsewhere separated by tabs."""
    del name
    console = Console(soft_wrap=True, highlight=False)
    if not console.is_terminal:
        for line in stripped.lines:
            _write(f"{line.label}\t{line.score:.4f}\t{line.text}")
        return
    for line in stripped.lines:
        style = _STYLES[line.label]
        row = Text()
        row.append(f"{line.label:<8}", style=style)
        row.append(f"{line.score:5.2f} ", style="dim")
        row.append("▌" if line.label in options.keep else " ", style=style)
        row.append(_CONTROLS.sub("", line.text), style=style)
        console.print(row)


PRINTERS: dict[str, Printer] = {
    "text": print_text,
    "json": print_json,
    "markdown": print_markdown,
    "lines": print_lines,
}


def _write(text: str) -> None:
    """`text` and a newline as UTF-8, whatever the locale; nothing for no text."""
    if text:
        sys.stdout.buffer.write(text.encode() + b"\n")
