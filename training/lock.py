"""A lock on a file that is handed from a process to the one it starts, and that ends with that one, however it ends."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from model.errors import StorageError

# Who asks whether the lock is held holds it for a moment, so that taking it is tried again.
_TRIES, _PAUSE = 40, 0.025


class Lock:
    """The lock on the file at `path`."""

    def __init__(self, path: Path) -> None:
        """Nothing is made yet."""
        self._path = path

    def take(self) -> int | None:
        """A descriptor that holds the lock until every copy of it is closed; None while another process holds it.

        Raises:
            StorageError: the file can't be made.
        """
        for _ in range(_TRIES):
            with self._opened() as handle, suppress(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return os.dup(handle)
            time.sleep(_PAUSE)
        return None

    def held(self) -> bool:
        """Whether a process holds the lock.

        Raises:
            StorageError: the file can't be made.
        """
        if not self._path.exists():
            return False
        with self._opened() as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    @contextmanager
    def _opened(self) -> Iterator[int]:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StorageError(f"{self._path}: can't be made ({error.strerror}). Set PAGESIEVE_HOME.") from error
        try:
            yield handle
        finally:
            os.close(handle)
