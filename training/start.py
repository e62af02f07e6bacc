"""What a training starts from: the version that knows none of the samples, so that what is lost doesn't add up."""

from collections.abc import Iterable
from dataclasses import dataclass

from model.artifact import Model
from model.errors import ArtifactError, UnknownError
from model.store import Shelf
from training.archive import Stored


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """Where learning starts.

    Attributes:
        model: the version that all samples are learned on top of.
        learned: ids of the samples that the current version has learned, on top of the same, as they are now.
    """

    model: Model
    learned: frozenset[str] = frozenset()


def start_of(shelf: Shelf, current: Model, stored: Iterable[Stored]) -> Start:
    """Where the next training starts: where the current version did, or from that version if it learned no samples.

    Where the version to start from is gone, as after an update of pagesieve, it is the one that ships now.

    Raises:
        ArtifactError: that one can't be used either.
    """
    root, newest = current.manifest.get("root"), current.manifest.get("revision", 0)
    learned = frozenset(one.id for one in stored if one.number <= newest)
    if root is None:
        return Start(current, learned)
    try:
        return Start(shelf.read(root), learned)
    except (ArtifactError, UnknownError):
        return Start(shelf.read(shelf.shipped()), learned)
