"""A body read in pieces: from a request or from standard input, never more at once than is allowed."""

from collections.abc import Iterator
from typing import Protocol

from model.errors import InputError, TooLargeError
from service.errors import UnreadableError
from service.wire import too_large

# Small enough that an answer does not wait for pages still to be sent, large enough to be cheap.
_PIECE = 8192


class Readable(Protocol):
    """Anything bytes are read from: a WSGI input stream, a file, a pipe."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; none at the end."""


def read_whole(stream: Readable, limit: int) -> bytes:
    """All that `stream` holds.

    Raises:
        TooLargeError: more than `limit` bytes.
        UnreadableError: the body broke off.
    """
    pieces = []
    size = 0
    for piece in _pieces(stream):
        size += len(piece)
        if size > limit:
            raise too_large(limit)
        pieces.append(piece)
    return b"".join(pieces)


def read_lines(stream: Readable, limit: int) -> Iterator[bytes | InputError]:
    """Each line of `stream` that is not blank, without its newline.

    A line of more than `limit` bytes is skipped, and a body that breaks off ends; both stand as the
    error they are to be answered with. At no time is more than one line held.
    """
    held = bytearray()
    searched = 0
    skipping: TooLargeError | None = None
    try:
        for piece in _pieces(stream):
            held += piece
            while (end := held.find(b"\n", searched)) >= 0:
                if skipping is not None or end > limit:
                    yield skipping or too_large(limit)
                elif line := bytes(held[:end]).strip():
                    yield line
                skipping = None
                del held[: end + 1]
                searched = 0
            if skipping is not None or len(held) > limit:
                skipping = skipping or too_large(limit)
                held.clear()
            searched = len(held)
    except UnreadableError as error:
        yield error
        return
    if skipping is not None:
        yield skipping
    elif line := bytes(held).strip():
        yield line


def _pieces(stream: Readable) -> Iterator[bytes]:
    # A pipe hands over what is there; read() would wait until the piece is full.
    read = getattr(stream, "read1", stream.read)
    while True:
        try:
            piece = read(_PIECE)
        except Exception as error:
            # Each server has errors of its own for a body that breaks off or is framed wrongly, and
            # whatever they are, the sender is the one who can do something about it.
            raise UnreadableError(f"The body could not be read to its end: {error}") from error
        if not piece:
            return
        yield piece
