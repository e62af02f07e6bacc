"""The routes to trainings: start one, watch it, cancel it."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, request, url_for

from model.errors import ConflictError
from model.store import Shelf
from service import body, guard, render, wire
from service.errors import FieldError
from service.live import Live
from service.query import parse_number
from service.settings import Settings
from training.archive import Archive
from training.jobs import Job, Jobs, Wish

# Of bodies that hold a few words.
LIMIT = 100_000
_LAST, _MOST = 20, 200
_LONGEST = 1_000


def routes(settings: Settings, live: Live) -> Blueprint:
    """The routes to the trainings in the settings' folder."""
    api = Blueprint("trainings", __name__, url_prefix="/v1/trainings")
    jobs = of(settings)

    @api.post("")
    def start() -> Response:
        """A training that has just begun."""
        guard.check_writing(request, settings)
        wish = _wish(parse_small(), request.remote_addr or "")
        if live.pinned and wish.activate:
            raise ConflictError(
                "The service answers with the version that PAGESIEVE_MODEL names and would go on so; "
                'unset it, or send {"activate": false}.'
            )
        job = begin(jobs, settings, wish)
        answer = _json(as_json(job), HTTPStatus.ACCEPTED)
        answer.headers["Location"] = url_for("trainings.get", name=job.id)
        return answer

    @api.get("")
    def last() -> Response:
        """The last trainings, the newest first, without their reports."""
        guard.check_reading(request, settings)
        found = jobs.last(parse_number(request, "limit", _LAST, _MOST))
        return _json({"trainings": [as_json(job) | {"report": None} for job in found]})

    @api.get("/<name>")
    def get(name: str) -> Response:
        """One training as it stands."""
        guard.check_reading(request, settings)
        return _json(as_json(jobs.get(name)))

    @api.delete("/<name>")
    def cancel(name: str) -> Response:
        """The training, cancelled."""
        guard.check_writing(request, settings)
        return _json(as_json(jobs.cancel(name)))

    return api


def of(settings: Settings) -> Jobs:
    """The trainings in the settings' folder."""
    return Jobs(settings.folder, Shelf(settings.folder).state)


def begin(jobs: Jobs, settings: Settings, wish: Wish) -> Job:
    """A training that has just begun.

    Raises:
        ConflictError: one is running, or there is nothing to learn from.
        StorageError: it can't be stored, or no process started.
    """
    if not Archive(settings.folder).count():
        raise ConflictError("There are no samples to learn from. Label some pages first.")
    return jobs.start(wish)


def as_json(job: Job) -> dict[str, Any]:
    """A training as it is answered."""
    return {
        "id": job.id,
        "state": job.state,
        "progress": job.progress,
        "version": job.version,
        "reasons": job.reasons,
        "report": job.report,
        "activate": job.wish.activate,
        "created": job.created,
        "ended": job.ended,
    }


def parse_small() -> dict[str, Any]:
    """The object in the request's body; an empty one where it has none.

    Raises:
        MediaTypeError: the body is not said to be JSON.
        TooLargeError, MalformedError: it can't be used.
    """
    guard.check_json(request, empty=True)
    content = body.read_whole(request.stream, LIMIT)
    return wire.parse_object(content) if content.strip() else {}


def parse_words(fields: dict[str, Any], name: str) -> str:
    """A short string, empty where there is none.

    Raises:
        FieldError: something else, or a long one.
    """
    value = wire.parse_string(fields, name) or ""
    if len(value) > _LONGEST:
        raise FieldError(f"{name} has {len(value):,} characters; it may have {_LONGEST:,}.")
    return value.strip()


def _wish(fields: dict[str, Any], address: str) -> Wish:
    wish = Wish(
        activate=wire.parse_flag(fields, "activate", True),
        override=wire.parse_flag(fields, "override_gate", False),
        who=parse_words(fields, "who") or address,
        why=parse_words(fields, "why"),
    )
    if wish.override and not wish.why:
        raise FieldError("override_gate needs a reason; give it as why.")
    return wish


def _json(value: dict[str, Any], status: HTTPStatus = HTTPStatus.OK) -> Response:
    return Response(render.dump(value) + "\n", status, mimetype=wire.JSON)
