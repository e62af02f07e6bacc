"""Bare text to lines."""

from model.page import Line, Lines


def text_lines(text: str) -> Lines:
    """The non-empty lines of bare text, verbatim.

    A line ends at a newline; it is empty when `str.strip()` leaves nothing, so a carriage return
    before the newline is white space that belongs to its line.
    """
    found = []
    start = 0
    for raw in text.split("\n"):
        end = start + len(raw)
        if raw and not raw.isspace():
            found.append(Line(raw, start, end, None))
        start = end + 1
    return Lines(text, tuple(found))
