"""A stream that runs ahead of whoever takes it, in memory first and on disk when it grows.

A client may send all of its pages before it reads the first answer. If answers were only computed as
fast as they are taken, both sides would wait for the other for ever once the buffers between them are
full. So they are computed in a thread of their own and wait here.
"""

from collections.abc import Generator, Iterator
from tempfile import SpooledTemporaryFile
from threading import Condition, Thread

_IN_MEMORY = 1 << 20
_LIMIT = 1 << 30
_PIECE = 1 << 16


def run_ahead(source: Iterator[bytes], limit: int = _LIMIT) -> Generator[bytes, None, None]:
    """The bytes of `source`, made in a thread up to `limit` bytes before they are taken.

    How the bytes are cut into pieces is not kept. An exception of `source` is raised after all that
    came before it. Closing the generator stops the thread at its next piece.
    """
    spool = _Spool(limit)
    Thread(target=spool.fill, args=(source,), daemon=True).start()
    try:
        while piece := spool.take():
            yield piece
    finally:
        spool.close()


class _Spool:
    """A queue of bytes between the thread that fills it and the one that takes from it."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._file = SpooledTemporaryFile[bytes](_IN_MEMORY)
        self._written = 0
        self._taken = 0
        self._full = False
        self._closed = False
        self._error: BaseException | None = None
        self._changed = Condition()

    def fill(self, source: Iterator[bytes]) -> None:
        """Put in all of `source`, waiting while there is too much."""
        try:
            for piece in source:
                if not self._put(piece):
                    return
        except BaseException as error:  # noqa: BLE001  # it belongs to the thread that takes, and is raised there
            self._error = error
        finally:
            with self._changed:
                self._full = True
                self._changed.notify_all()

    def take(self) -> bytes:
        """The next bytes, none at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._written > self._taken or self._full)
            if self._written == self._taken:
                if self._error is not None:
                    raise self._error
                return b""
            self._file.seek(self._taken)
            piece = self._file.read(_PIECE)
            self._taken += len(piece)
            if self._taken == self._written:  # caught up: give the room back
                self._file.seek(0)
                self._file.truncate()
                self._taken = self._written = 0
            self._changed.notify_all()
            return piece

    def close(self) -> None:
        """Let go of what is held; the filling thread ends at its next piece."""
        with self._changed:
            self._closed = True
            self._file.close()
            self._changed.notify_all()

    def _put(self, piece: bytes) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._written - self._taken < self._limit)
            if self._closed:
                return False
            self._file.seek(self._written)
            self._file.write(piece)
            self._written += len(piece)
            self._changed.notify_all()
            return True
