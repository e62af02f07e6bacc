"""The history of the shelf of versions: what is current, what was before, who wanted it so, when and why."""

import re
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from model.errors import CorruptError

FORMAT = 1
# A version's name becomes a folder's, and comes from a manifest that anybody may have written.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class Action(StrEnum):
    """What was done to the shelf."""

    PUBLISH = "publish"
    ACTIVATE = "activate"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True)
class By:
    """Who wants a change of the shelf, and why; both may be empty."""

    who: str = ""
    why: str = ""


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

    def published(self, version: str, by: By) -> "State":
        """The state with `version` on the shelf."""
        return replace(self._noted(Action.PUBLISH, version, by), versions=(*self.versions, version))

    def activated(self, version: str, by: By, *, shipped: bool) -> "State":
        """The state with `version` current."""
        return replace(self._noted(Action.ACTIVATE, version, by, shipped), current=None if shipped else version)

    def rolled_back(self, version: str, by: By, *, shipped: bool) -> "State":
        """The state with `version`, the last of `before`, current again."""
        return replace(self._noted(Action.ROLLBACK, version, by, shipped), current=None if shipped else version)

    def _noted(self, action: Action, version: str, by: By, shipped: bool = False) -> "State":
        when = datetime.now(UTC).isoformat(timespec="seconds")
        return replace(self, history=(*self.history, Entry(when, action, version, by.who, by.why, shipped)))

    def as_json(self) -> dict[str, Any]:
        """What `parse` makes the state of again."""
        return {"format": FORMAT, **asdict(self)}


def parse(found: Any, where: object) -> State:  # noqa: ANN401  # whatever JSON holds
    """The state that JSON from the file `where` says.

    Raises:
        CorruptError: it says none.
    """
    try:
        current, versions = found["current"], tuple(found["versions"])
        history = tuple(Entry(**{**entry, "action": Action(entry["action"])}) for entry in found["history"])
        sound = (
            found["format"] == FORMAT
            and all(isinstance(name, str) and NAME.fullmatch(name) for name in versions)
            and (current is None or current in versions)
        )
        state = State(current, versions, history)
    except (ValueError, TypeError, KeyError):
        sound, state = False, State()
    if not sound:
        raise CorruptError(f"{where}: not a shelf of versions. Restore it, or move it away to start anew.")
    return state
