"""Trainings as jobs: one at a time, each in a process of its own, their state where every process sees it.

Whoever trains holds a lock on a file, taken by the one that starts it and handed down to the process; the kernel
lets go of it when that process ends, however it ends. A job that is said to be running while nobody holds the lock
was killed, and whoever looks next says so.
"""

import json
import os
import secrets
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from threading import Thread
from typing import Any

from model import history
from model.errors import ConflictError, StorageError, UnknownError
from training.database import Database
from training.lock import Lock

# What a job is run by; it is told the home folder, the job's id, and the descriptor of the lock it inherits.
COMMAND: tuple[str, ...] = (sys.executable, "-m", "training.retrain")

_LAYOUT = """
CREATE TABLE job (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    wish TEXT NOT NULL,
    progress TEXT NOT NULL DEFAULT '',
    version TEXT,
    reasons TEXT NOT NULL DEFAULT '[]',
    report TEXT,
    pid INTEGER,
    publishing INTEGER NOT NULL DEFAULT 0,
    created TEXT NOT NULL,
    ended TEXT
)
"""
_KILLED = "Its process ended before its work was done: it was killed, or the machine stopped."
_BY_NAME = "SELECT * FROM job WHERE id = ?"
_LAST = "SELECT * FROM job ORDER BY number DESC LIMIT ?"
_ACTIVE = "SELECT * FROM job WHERE state IN ('queued', 'running')"


class State(StrEnum):
    """How far a job is. The last four are for good."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def active(self) -> bool:
        """Whether it still goes on."""
        return self in {State.QUEUED, State.RUNNING}


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for: whether to make the version current, who asks and why, and whether to pass the gate by."""

    activate: bool = True
    override: bool = False
    who: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """A training as it stands: the last thing it said, and in the end its version, the reasons and the report."""

    id: str
    state: State
    wish: Wish
    created: str
    ended: str | None = None
    progress: str = ""
    version: str | None = None
    reasons: tuple[str, ...] = ()
    report: dict[str, Any] | None = field(default=None, hash=False)


class Jobs:
    """The trainings in the folder `home`."""

    def __init__(self, home: Path, shelf: Callable[[], history.State]) -> None:
        """Nothing is made yet; `shelf` gives what is on the shelf of versions now."""
        self._home = home
        self._root = home / "trainings"
        self._lock = Lock(self._root / ".lock")
        self._database = Database(home / "trainings.db", _LAYOUT)
        self._shelf = shelf

    def start(self, wish: Wish, command: Sequence[str] | None = None) -> Job:
        """A new job, whose process is on its way.

        Raises:
            ConflictError: one is running.
            StorageError: it can't be stored, or no process started.
        """
        for job in self.last(1):
            if job.state.active:
                raise ConflictError(f"Training {job.id} is {job.state}. Wait for its end, or cancel it.")
        lock = self._lock.take()
        if lock is None:  # one has just begun, or is just ending
            raise ConflictError("Another training is running. Wait for its end, or cancel it.")
        try:
            name = secrets.token_hex(6)
            with self._database.writing() as database:
                self._bury(database)
                database.execute(
                    "INSERT INTO job (id, state, wish, created) VALUES (?, 'queued', ?, ?)",
                    (name, json.dumps(asdict(wish)), _now()),
                )
            try:
                with self.log(name).open("wb") as log:
                    process = subprocess.Popen(  # noqa: S603  # the command is ours, the id of hexadecimal digits
                        [*(command or COMMAND), str(self._home), name, str(lock)],
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=log,
                        pass_fds=(lock,),
                        start_new_session=True,
                    )
            except OSError as error:
                self._end(name, State.FAILED, (f"No process could be started: {error.strerror}.",))
                raise StorageError(f"No process could be started to train in: {error.strerror}.") from error
        finally:
            os.close(lock)
        # Somebody has to take note of its end, or it stays in the table of processes.
        Thread(target=process.wait, daemon=True).start()
        return self.get(name)

    def get(self, name: str) -> Job:
        """A job.

        Raises:
            UnknownError: there is none of that name.
        """
        found = self._find(_BY_NAME, name)
        if not found:
            raise UnknownError(f"There is no training {name[:60]!r}; GET /v1/trainings names them.")
        return found[0]

    def last(self, limit: int) -> list[Job]:
        """The jobs started last, the last one first."""
        return self._find(_LAST, limit)

    def cancel(self, name: str) -> Job:
        """The job, cancelled; one that was cancelled before stays so.

        Raises:
            UnknownError: there is none of that name.
            ConflictError: it has ended already, or is putting its version on the shelf.
        """
        job = self.get(name)
        if job.state is State.CANCELLED:
            return job
        with self._database.writing() as database:
            done = database.execute(
                "UPDATE job SET state = 'cancelled', ended = ? "
                "WHERE id = ? AND state IN ('queued', 'running') AND NOT publishing",
                (_now(), name),
            ).rowcount
            pid = database.execute("SELECT pid FROM job WHERE id = ?", (name,)).fetchone()["pid"]
        if not done:
            raise ConflictError(f"Training {name} is not to be stopped any more; it is {self.get(name).state}.")
        # As long as the lock is held the process lives, and the number is its own. One that has not said its
        # number yet finds out that it was cancelled when it does.
        if pid is not None and self._lock.held():
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
        return self.get(name)

    def log(self, name: str) -> Path:
        """The file with what a job's process printed."""
        return self._root / f"{name}.log"

    # What follows is for the process that trains.

    def begin(self, name: str) -> Wish | None:
        """Say that the calling process runs the job: what it is to do, None when it was cancelled."""
        with self._database.writing() as database:
            done = database.execute(
                "UPDATE job SET state = 'running', pid = ? WHERE id = ? AND state = 'queued'", (os.getpid(), name)
            ).rowcount
        return self.get(name).wish if done else None

    def say(self, name: str, progress: str) -> None:
        """Note what a running job says of itself."""
        with self._database.writing() as database:
            database.execute("UPDATE job SET progress = ? WHERE id = ? AND state = 'running'", (progress, name))

    def publishing(self, name: str, version: str, reasons: Sequence[str], report: dict[str, Any]) -> bool:
        """Whether a job may put its version on the shelf; from then on it can't be cancelled any more."""
        with self._database.writing() as database:
            done = database.execute(
                "UPDATE job SET publishing = 1, version = ?, reasons = ?, report = ? "
                "WHERE id = ? AND state = 'running'",
                (version, json.dumps(reasons), json.dumps(report), name),
            ).rowcount
        return bool(done)

    def finish(self, name: str, state: State, reasons: Sequence[str], report: dict[str, Any] | None = None) -> None:
        """Note the end of a job that is not cancelled."""
        self._end(name, state, reasons, report)

    def _end(self, name: str, state: State, reasons: Sequence[str], report: dict[str, Any] | None = None) -> None:
        with self._database.writing() as database:
            database.execute(
                "UPDATE job SET state = ?, reasons = ?, report = coalesce(?, report), ended = ?, "
                "version = CASE ? WHEN 'succeeded' THEN version END WHERE id = ? AND state IN ('queued', 'running')",
                (state, json.dumps(reasons), None if report is None else json.dumps(report), _now(), state, name),
            )

    def _find(self, statement: str, value: object) -> list[Job]:
        with self._database.reading() as database:
            rows = database.execute(statement, (value,)).fetchall()
        if any(State(row["state"]).active for row in rows) and not self._lock.held():
            with self._database.writing() as database:
                # Between the two looks it may have ended as it should, or another one have begun.
                if not self._lock.held():
                    self._bury(database)
                rows = database.execute(statement, (value,)).fetchall()
        return [_job(row) for row in rows]

    def _bury(self, database: sqlite3.Connection) -> None:
        """Note the end of jobs whose process is gone: one that had come to publish has succeeded if it did."""
        for row in database.execute(_ACTIVE).fetchall():
            if row["publishing"] and _published(_job(row), self._shelf()):
                state, reasons = State.SUCCEEDED, row["reasons"]
            else:
                state = State.FAILED
                reasons = json.dumps([_KILLED])
            database.execute(
                "UPDATE job SET state = ?, reasons = ?, ended = ?, version = CASE ? WHEN 'succeeded' THEN version END "
                "WHERE id = ?",
                (state, reasons, _now(), state, row["id"]),
            )


def mark(name: str) -> str:
    """What the history's reason begins with where a job put its version on the shelf."""
    return f"training {name}"


def _published(job: Job, shelf: history.State) -> bool:
    """Whether what a job was to do with its version is done.

    That the version is on the shelf is not enough: from the same samples an earlier job may have made the same one.
    """
    if job.version not in shelf.versions:
        return False
    noted = any(entry.why.startswith(mark(job.id)) for entry in shelf.history)
    return noted or not job.wish.activate or shelf.current == job.version


def _job(row: sqlite3.Row) -> Job:
    return Job(
        row["id"],
        State(row["state"]),
        Wish(**json.loads(row["wish"])),
        row["created"],
        row["ended"],
        row["progress"],
        row["version"],
        tuple(json.loads(row["reasons"])),
        None if row["report"] is None else json.loads(row["report"]),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
