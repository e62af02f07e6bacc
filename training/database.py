"""SQLite files that several processes share: opened for one piece of work, in WAL mode, failures told in a sentence."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from model.errors import StorageError

# Seconds one process waits for another one's transaction, which takes milliseconds.
_PATIENCE = 30


class Database:
    """A database file of one layout; each piece of work has its own connection, so that threads and forks are safe."""

    def __init__(self, path: Path, layout: str, version: int = 1) -> None:
        """Nothing is opened or made yet; `layout` are the statements that make the tables of `version`."""
        self._path = path
        self._layout = layout
        self._version = version

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection to read from; of a file that is not there yet, one to empty tables.

        Raises:
            StorageError: the file can't be used.
        """
        with self._translated():
            there = self._path.exists()
            connection = self._connect(self._path if there else ":memory:")
            try:
                yield connection
            finally:
                connection.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection in a transaction that no other process writes beside, committed at the end.

        Raises:
            StorageError: the file can't be used, or the disk is full.
        """
        with self._translated():
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            connection = self._connect(self._path)
            try:
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                except BaseException:
                    connection.execute("ROLLBACK")
                    raise
                connection.execute("COMMIT")
            finally:
                connection.close()

    def _connect(self, path: Path | str) -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
        try:
            connection.row_factory = sqlite3.Row
            # Another process may be doing the same to a new file.
            with suppress(sqlite3.OperationalError):
                connection.execute("PRAGMA journal_mode = WAL")
            # With FULL a sample that was answered for is on the disk, even if the power fails.
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")
            self._lay_out(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _lay_out(self, connection: sqlite3.Connection) -> None:
        """Make the tables of a new file; refuse a file of another layout."""
        if _layout_of(connection) == 0:
            connection.execute("BEGIN IMMEDIATE")
            # Another process may have been faster.
            if _layout_of(connection) == 0:
                for statement in self._layout.split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {self._version}")
            connection.execute("COMMIT")
        if (found := _layout_of(connection)) != self._version:
            raise StorageError(
                f"{self._path}: its layout is number {found}, this pagesieve knows {self._version}. "
                "Install the version of pagesieve that made it, or set PAGESIEVE_HOME to another folder."
            )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StorageError(
                f"{self._path}: can't be used ({error}). Free space, give this user access to it, "
                "or set PAGESIEVE_HOME to another folder."
            ) from error


def _layout_of(connection: sqlite3.Connection) -> int:
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    return int(found)
