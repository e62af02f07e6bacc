"""Bare text to lines."""

from collections.abc import Sequence

from model.page import Line, Lines, Structure


def text_lines(text: str) -> Lines:
    """The non-empty lines of bare text, verbatim.

    A line ends at a newline; it is empty when `str.strip()` leaves nothing, so a carriage return
    before the newline is white space that belongs to its line.
    """
    return lines_of(text)


def lines_of(text: str, structures: Sequence[Structure] = (), title: str = "") -> Lines:
    """The non-empty lines of `text`, the i-th with the i-th structure, or without where none are given."""
    found: list[Line] = []
    start = 0
    for raw in text.split("\n"):
        end = start + len(raw)
        if raw and not raw.isspace():
            structure = structures[len(found)] if structures else None
            found.append(Line(raw, start, end, structure))
        start = end + 1
    return Lines(text, tuple(found), title)
