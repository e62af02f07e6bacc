"""The model that answers now, swapped whole when another version becomes the current one."""

import logging
import time
from threading import Lock, Thread

from model import artifact
from model.artifact import Model
from model.errors import PagesieveError
from model.store import Shelf, Stamp
from service.settings import Settings

# Seconds between two looks at the shelf, and before a version that could not be used is tried again.
EVERY = 0.5
_AGAIN = 10.0

_log = logging.getLogger(__name__)


def load(settings: Settings) -> Model:
    """The model version the settings name, by default the current one of the shelf.

    Raises:
        ArtifactError: there is none, or it can't be used.
        StorageError: the shelf can't be read.
    """
    return Shelf(settings.folder).read_current() if settings.model is None else artifact.read(settings.model)


class Live:
    """Holds the current model. A request takes it once and answers with it to the end."""

    def __init__(self, model: Model, shelf: Shelf | None = None) -> None:
        """Start with `model`; without a `shelf` to look at it stays."""
        self._model = model
        self._shelf = shelf
        self._looking = Lock()
        self._seen: Stamp | None = None
        self._trouble: str | None = None
        self._tried = self._looked = 0.0
        self._following = False

    @classmethod
    def of(cls, settings: Settings) -> "Live":
        """The model the settings name; else the shelf's current one, or, if that can't be used, the one that ships.

        Raises:
            ArtifactError: the version that is named, or in the end the one that ships, can't be used.
        """
        if settings.model is not None:
            return cls(load(settings))
        shelf = Shelf(settings.folder)
        try:
            live = cls(shelf.read_current(), shelf)
        except Exception:  # noqa: BLE001  # a foreign version may raise anything
            live = cls(artifact.shipped(), shelf)
            live.look()  # which tells what is wrong
        return live

    @property
    def model(self) -> Model:
        """The model current at this moment."""
        self._look_aside()
        return self._model

    @property
    def trouble(self) -> str | None:
        """Why the current version is not the one that answers; None when it is."""
        self._look_aside()
        return self._trouble

    @property
    def pinned(self) -> bool:
        """Whether the model stays, whatever happens to the shelf."""
        return self._shelf is None

    def swap(self, model: Model) -> None:
        """Make `model` the current one; answers under way finish with theirs."""
        # One reference is replaced, which is atomic: a thread sees the old model or the new one.
        self._model = model

    def look(self) -> None:
        """Take over what has changed on the shelf. What can't be used is told of, and the model at hand stays."""
        if self._shelf is None:
            return
        with self._looking:
            stamp = self._shelf.stamp()
            again = self._trouble is not None and time.monotonic() - self._tried > _AGAIN
            if self._tried and stamp == self._seen and not again:
                return
            self._tried = time.monotonic()
            try:
                if self._shelf.current() != self._model.version:
                    self.swap(self._shelf.read_current())
                trouble = None
            except PagesieveError as error:
                trouble = str(error)
            except Exception as error:  # noqa: BLE001  # a foreign version may raise anything
                trouble = f"The current version could not be read: {type(error).__name__}: {error}"
            if trouble is not None and trouble != self._trouble:
                _log.error("Going on with version %s. %s", self._model.version, trouble)
            self._trouble = trouble
            self._seen = stamp

    def follow(self) -> None:
        """Look at the shelf now, and from now on in a thread of its own; to be called in each process that answers."""
        self.look()
        if self._shelf is not None and not self._following:
            self._following = True
            Thread(target=self._follow, daemon=True).start()

    def _follow(self) -> None:
        while True:
            time.sleep(EVERY)
            self.look()

    def _look_aside(self) -> None:
        """Where nobody follows: look now and then, in a thread, so that no request waits for a version to load."""
        if self._shelf is None or self._following or time.monotonic() - self._looked < EVERY:
            return
        self._looked = time.monotonic()
        if self._shelf.stamp() != self._seen or self._trouble is not None:
            Thread(target=self.look, daemon=True).start()
