"""The routes to the versions of the model: which there are, what each is, which one answers."""

from typing import Any

from flask import Blueprint, Response, request

from model import artifact
from model.errors import ArtifactError, ConflictError
from model.history import By
from model.store import Shelf
from service import guard, render, wire
from service.live import Live
from service.settings import Settings
from service.trainings import parse_small, parse_words


def routes(settings: Settings, live: Live) -> Blueprint:
    """The routes to the versions in the settings' folder."""
    api = Blueprint("models", __name__, url_prefix="/v1/models")
    shelf = Shelf(settings.folder)

    @api.get("")
    def list_all() -> Response:
        """All versions, which of them is current, and the history, the last change first."""
        return _json(overview(shelf) | {"answering": live.model.version})

    @api.get("/<version>")
    def get(version: str) -> Response:
        """A version: its manifest and its report."""
        return _json(describe(shelf, version))

    @api.post("/<version>/activate")
    def activate(version: str) -> Response:
        """The version, current from now on."""
        by = _by()
        shelf.activate(version, by)
        live.look()
        return _json({"current": version})

    @api.post("/rollback")
    def rollback() -> Response:
        """The version that was current before, and is so again."""
        version = shelf.rollback(_by())
        live.look()
        return _json({"current": version})

    def _by() -> By:
        guard.check_writing(request, settings)
        fields = parse_small()
        if live.pinned:
            raise ConflictError(
                "The service answers with the version that PAGESIEVE_MODEL names; unset it to choose one here."
            )
        return By(parse_words(fields, "who") or request.remote_addr or "", parse_words(fields, "why"))

    return api


def overview(shelf: Shelf) -> dict[str, Any]:
    """All versions with where they are from, the name of the current one, and the history, the last change first.

    Raises:
        ArtifactError, StorageError: the shelf can't be read.
    """
    state = shelf.state()
    shipped, current = shelf.shipped(), shelf.current()
    return {
        "current": current,
        "models": [
            {
                "version": version,
                "current": version == current,
                "shipped": version == shipped,
                "published": next((entry.when for entry in state.history if entry.version == version), None)
                if version != shipped
                else None,
            }
            for version in shelf.versions()
        ],
        "history": [
            {"when": entry.when, "action": entry.action, "version": entry.version, "who": entry.who, "why": entry.why}
            for entry in reversed(state.history)
        ],
    }


def describe(shelf: Shelf, version: str) -> dict[str, Any]:
    """A version: its manifest, and its report, None where that can't be read.

    Raises:
        UnknownError: there is no such version.
        ArtifactError: it can't be used.
    """
    folder = shelf.folder(version)
    manifest = artifact.read_manifest(folder)
    try:
        report = artifact.read_report(folder)
    except ArtifactError:
        report = None
    return {
        "version": version,
        "current": version == shelf.current(),
        "shipped": version == shelf.shipped(),
        "manifest": manifest,
        "report": report,
    }


def _json(value: dict[str, Any]) -> Response:
    return Response(render.dump(value) + "\n", mimetype=wire.JSON)
