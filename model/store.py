"""The shelf of versions and the pointer to the current one, in a folder many processes share.

`models/shelf.json` is the one truth: the versions on the shelf, which of them is current, and the history.
It is written aside, synced and renamed over the old one, so that a reader sees the shelf before a change or
after it. A version's folder is put in its place whole before the shelf names it; a folder it doesn't name
is not there. The version that ships with the package is always on the shelf and can't be lost.
"""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from model import artifact
from model.artifact import MANIFEST, Model
from model.errors import ArtifactError, ConflictError, CorruptError, MismatchError, StorageError, UnknownError
from model.history import NAME, By, State, parse

_SHELF, _LOCK = "shelf.json", ".lock"
# What is being put in its place; what a killed process leaves behind is swept away by the next one.
_ASIDE = ".aside-"

Stamp = tuple[int, int, int]
NOBODY = By()


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
            found = json.loads(content)
        except ValueError:
            found = None
        return parse(found, path)

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
        if current is not None:
            return _own(self._root / current, current)
        # The package's own version is read once, however often it becomes current again.
        return artifact.shipped() if self._shipped == artifact.SHIPPED else artifact.read(self._shipped)

    def publish(self, folder: Path, *, activate: bool, by: By = NOBODY) -> str:
        """The name of the version in `folder`, now on the shelf and, if asked, current: both or neither.

        Raises:
            ArtifactError: what is in the folder can't be used.
            ConflictError: it is the version that ships.
            StorageError: the disk refused.
        """
        with self._changing() as state:
            aside = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=self._root))
            try:
                _copy(folder, aside)
                # What is verified is the copy that stays.
                version = artifact.read(aside).version
                if not NAME.fullmatch(version):
                    raise MismatchError(f"{folder}: {version[:60]!r} is no name for a version. Train it again.")
                if version == self._shipped_or_none():
                    raise ConflictError(f"{version} is the version that ships; it is on the shelf already.")
                self._place(aside, version, known=version in state.versions)
            finally:
                shutil.rmtree(aside, ignore_errors=True)
            after = state if version in state.versions else state.published(version, by)
            if activate and after.current != version:
                after = after.activated(version, by, shipped=False)
            if after != state:
                self._write(after)
        return version

    def activate(self, version: str, by: By = NOBODY) -> bool:
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
            self._write(state.activated(version, by, shipped=name is None))
        return True

    def rollback(self, by: By = NOBODY) -> str:
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
            self._write(state.rolled_back(version, by, shipped=name is None))
        return version

    @contextmanager
    def _changing(self) -> Iterator[State]:
        """The state, while no other process changes it."""
        try:
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            with (self._root / _LOCK).open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                for left in self._root.glob(f"{_ASIDE}*"):
                    if left.is_dir():
                        shutil.rmtree(left, ignore_errors=True)
                    else:
                        left.unlink()
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
        handle, name = tempfile.mkstemp(prefix=_ASIDE, dir=self._root)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(state.as_json(), file, ensure_ascii=False, indent=1)
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
