"""The shelf of versions and the pointer to the current one, in a folder many processes share.

`models/shelf.json` is the one truth: the versions on the shelf, which of them is current, and the history.
It is written aside, synced and renamed over the old one, so that a reader sees the shelf before a change or
after it. A version's folder is put in its place whole before the shelf names it; a folder it doesn't name
is not there. The version that ships with the package is always on the shelf and can't be lost.
"""

import fcntl
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from model import artifact
from model.artifact import MANIFEST, Model
from model.errors import ArtifactError, ConflictError, CorruptError, MismatchError, StorageError, UnknownError

FORMAT = 1
_SHELF, _LOCK = "shelf.json", ".lock"
# Versions being put in their place; what a killed process leaves behind is swept away by the next one.
_ASIDE = ".aside-"
# A name becomes a folder's, and comes from a manifest that anybody may have written.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

Stamp = tuple[int, int, int]


class Action(StrEnum):
    """What was done to the shelf."""

    PUBLISH = "publish"
    ACTIVATE = "activate"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history. `shipped` says that the version was the one that ships."""

    when: str
    action: Action
    version: str
    who: str = ""
    why: str = ""
    shipped: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """What shelf.json says: the current version (None: the one that ships), those published, the history."""

    current: str | None = None
    versions: tuple[str, ...] = ()
    history: tuple[Entry, ...] = ()

    def before(self) -> list[str | None]:
        """The versions that were current before the one that is, the first one first; None ships.

        A rollback takes back the last activation that is not taken back yet, like an editor's undo.
        """
        stack: list[str | None] = [None]
        for entry in self.history:
            if entry.action is Action.ACTIVATE:
                stack.append(None if entry.shipped else entry.version)
            elif entry.action is Action.ROLLBACK and len(stack) > 1:
                stack.pop()
        return stack[:-1]


class Shelf:
    """The versions kept in the folder `home`, and the one that ships."""

    def __init__(self, home: Path, shipped: Path | None = None) -> None:
        """Nothing is made or read yet; `shipped` is the folder of the version that ships."""
        self._root = home / "models"
        self._shipped = shipped or artifact.SHIPPED

    def state(self) -> State:
        """What is on the shelf now.

        Raises:
            CorruptError: shelf.json is not what this wrote.
            StorageError: it can't be read.
        """
        path = self._root / _SHELF
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return State()
        except OSError as error:
            raise StorageError(f"{path}: can't be read ({error.strerror}). Give this user access to it.") from error
        try:
            return _parse(json.loads(content))
        except (ValueError, TypeError, KeyError) as error:
            raise CorruptError(f"{path}: not a shelf of versions. Restore it, or move it away to start anew.") from error

    def stamp(self) -> Stamp | None:
        """A value that differs whenever the shelf was changed; costs one call of the system."""
        try:
            found = (self._root / _SHELF).stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def shipped(self) -> str:
        """The name of the version that ships.

        Raises:
            ArtifactError: the package came without it.
        """
        return str(artifact.read_manifest(self._shipped)["version"])

    def current(self) -> str:
        """The name of the current version.

        Raises:
            ArtifactError, StorageError: see `state` and `shipped`.
        """
        return self.state().current or self.shipped()

    def versions(self) -> tuple[str, ...]:
        """The names of all versions, the one that ships first, then as they were published."""
        shipped = self.shipped()
        return (shipped, *(name for name in self.state().versions if name != shipped))

    def folder(self, version: str) -> Path:
        """Where `version` is.

        Raises:
            UnknownError: it is not on the shelf.
        """
        if version in self.state().versions:
            return self._root / version
        if version == self.shipped():
            return self._shipped
        raise UnknownError(f"There is no version {version!r}; the versions are {', '.join(self.versions())}.")

    def read(self, version: str) -> Model:
        """`version`, verified and loaded.

        Raises:
            UnknownError: it is not on the shelf.
            ArtifactError: its files can't be used.
        """
        return _own(self.folder(version), version)

    def read_current(self) -> Model:
        """The current version, verified and loaded.

        Raises:
            ArtifactError: it can't be used.
        """
        current = self.state().current
        return artifact.read(self._shipped) if current is None else _own(self._root / current, current)

    def publish(self, folder: Path, *, activate: bool, who: str = "", why: str = "") -> str:
        """The name of the version in `folder`, now on the shelf and, if asked, current: both or neither.

        Raises:
            ArtifactError: what is in the folder can't be used.
            ConflictError: the shelf has another version of that name.
            StorageError: the disk refused.
        """
        with self._changing() as state:
            aside = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=self._root))
            try:
                _copy(folder, aside)
                # What is verified is the copy that stays.
                version = artifact.read(aside).version
                if not _NAME.fullmatch(version):
                    raise MismatchError(f"{folder}: {version[:60]!r} is no name for a version. Train it again.")
                if version == self._shipped_or_none():
                    raise ConflictError(f"{version} is the version that ships; it is on the shelf already.")
                self._place(aside, version, known=version in state.versions)
            finally:
                shutil.rmtree(aside, ignore_errors=True)
            if version not in state.versions:
                state = _noted(state, Action.PUBLISH, version, who, why)
                state = replace(state, versions=(*state.versions, version))
            if activate and state.current != version:
                state = replace(_noted(state, Action.ACTIVATE, version, who, why), current=version)
            self._write(state)
        return version

    def activate(self, version: str, *, who: str = "", why: str = "") -> bool:
        """Make `version` the current one; False when it was already.

        Raises:
            UnknownError: it is not on the shelf.
            ArtifactError: it can't be used; the current version stays.
            StorageError: the disk refused.
        """
        with self._changing() as state:
            self.read(version)
            name = None if version not in state.versions else version
            if name == state.current:
                return False
            note = _noted(state, Action.ACTIVATE, version, who, why, shipped=name is None)
            self._write(replace(note, current=name))
        return True

    def rollback(self, *, who: str = "", why: str = "") -> str:
        """The name of the version that was current before and is so again.

        Raises:
            ConflictError: no other version was current before.
            ArtifactError: it can't be used; the current version stays.
            StorageError: the disk refused.
        """
        with self._changing() as state:
            before = state.before()
            if not before:
                raise ConflictError("No other version was current before this one; there is nothing to go back to.")
            name = before[-1]
            version = name or self.shipped()
            self.read(version)
            note = _noted(state, Action.ROLLBACK, version, who, why, shipped=name is None)
            self._write(replace(note, current=name))
        return version

    @contextmanager
    def _changing(self) -> Iterator[State]:
        """The state, while no other process changes it."""
        try:
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            with (self._root / _LOCK).open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                for left in self._root.glob(f"{_ASIDE}*"):
                    shutil.rmtree(left, ignore_errors=True)
                yield self.state()
        except OSError as error:
            raise StorageError(
                f"{self._root}: the shelf could not be changed ({error.strerror}). Free space, give this user access "
                "to it, or set PAGESIEVE_HOME to another folder."
            ) from error

    def _place(self, aside: Path, version: str, *, known: bool) -> None:
        """Rename `aside` to the version's folder, unless the same version is there already, and whole."""
        target = self._root / version
        if target.exists():
            try:
                _own(target, version)
            except ArtifactError:
                shutil.rmtree(target)
            else:
                if known or (target / MANIFEST).read_bytes() == (aside / MANIFEST).read_bytes():
                    return
                shutil.rmtree(target)
        aside.chmod(0o755)
        aside.rename(target)
        _sync(self._root)

    def _shipped_or_none(self) -> str | None:
        try:
            return self.shipped()
        except ArtifactError:
            return None

    def _write(self, state: State) -> None:
        content = {"format": FORMAT, **asdict(state)}
        handle, name = tempfile.mkstemp(prefix=_SHELF, dir=self._root)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(content, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            Path(name).rename(self._root / _SHELF)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        _sync(self._root)


def _own(folder: Path, version: str) -> Model:
    """The version in `folder`, if it is the one that is looked for there."""
    model = artifact.read(folder)
    if model.version != version:
        raise CorruptError(f"{folder}: it holds the version {model.version[:60]!r}. Publish {version} again.")
    return model


def _noted(state: State, action: Action, version: str, who: str, why: str, *, shipped: bool = False) -> State:
    when = datetime.now(UTC).isoformat(timespec="seconds")
    return replace(state, history=(*state.history, Entry(when, action, version, who, why, shipped)))


def _parse(found: Any) -> State:  # noqa: ANN401  # whatever JSON holds
    if found["format"] != FORMAT:
        raise ValueError("another format")
    current, versions = found["current"], found["versions"]
    if any(not isinstance(name, str) or not _NAME.fullmatch(name) for name in versions):
        raise ValueError("not a name")
    if current is not None and current not in versions:
        raise ValueError("the current version is not on the shelf")
    history = (Entry(**{**entry, "action": Action(entry["action"])}) for entry in found["history"])
    return State(current, tuple(versions), tuple(history))


def _copy(source: Path, target: Path) -> None:
    """The files of a version, on the disk for good when this returns."""
    names = [MANIFEST, *artifact.read_manifest(source).get("sha256", {})]
    for name in names:
        if Path(name).name != name:
            raise CorruptError(f"{source / MANIFEST}: it names the file {name[:60]!r}, outside of its folder.")
        try:
            shutil.copyfile(source / name, target / name)
        except FileNotFoundError as error:
            raise CorruptError(f"{source / name}: not there. Copy the version again.") from error
        _sync(target / name)
    _sync(target)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
