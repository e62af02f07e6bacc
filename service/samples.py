"""The routes to labelled samples: send, list, look at, take out, and which pages to label next."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for

from model.errors import InputError
from model.label import COLUMN, LABELS, Label
from service import body, guard, problem, render, wire
from service.errors import KeepError
from service.live import Live
from service.query import LARGEST, parse_number
from service.settings import Settings
from service.submission import submit
from training import export
from training.archive import Archive, Chosen, Stored

# Lines with labels repeat the page's text, and JSON its quotes: a submission may be larger than its page.
ROOM = 4
_PAGE, _MOST = 50, 500
_SUGGESTED, _MOST_SUGGESTED = 10, 100


def routes(settings: Settings, live: Live) -> Blueprint:
    """The routes to the samples in the settings' folder."""
    api = Blueprint("samples", __name__, url_prefix="/v1/samples")
    archive = Archive(settings.folder)

    @api.post("")
    def add() -> Response:
        """What was understood of the sample in the body, or of each in an NDJSON body."""
        guard.check_writing(request, settings)
        guard.check_json(request)
        if request.mimetype == wire.NDJSON:
            return _add_many(settings, archive, live)
        content = body.read_whole(request.stream, ROOM * settings.max_bytes)
        told = submit(wire.parse_object(content), archive, live.model)
        answer = _json(told, HTTPStatus.CREATED if told["new"] else HTTPStatus.OK)
        answer.headers["Location"] = url_for("samples.get", name=told["id"])
        return answer

    @api.get("")
    def choose() -> Response:
        """The samples, those labelled last first, without their pages."""
        guard.check_reading(request, settings)
        chosen = _chosen()
        found = archive.choose(chosen)
        told = [_about(stored) for stored in found]
        following = None
        if len(found) == chosen.limit:
            query = {**request.args.to_dict(), "before": str(found[-1].number)}
            following = f"{url_for('samples.choose')}?{urlencode(query)}"
        return _json({"samples": told, "total": archive.count(), "next": following})

    @api.get("/<name>")
    def get(name: str) -> Response:
        """One sample: its page, its lines with their labels, and its earlier revisions."""
        guard.check_reading(request, settings)
        newest, *earlier = archive.get(name)
        lines = [{"text": text, "label": label} for text, label in zip(newest.lines, newest.labels, strict=True)]
        told = _about(newest) | {newest.page.kind: newest.page.source, "lines": lines}
        if newest.about.article:
            told["article"] = newest.about.article
        told["revisions"] = [
            {"added": stored.added, "annotator": stored.about.annotator, "labels": stored.counts()}
            for stored in earlier
        ]
        return _json(told)

    @api.delete("/<name>")
    def remove(name: str) -> Response:
        """Nothing: the sample is forgotten, with all its revisions."""
        guard.check_writing(request, settings)
        archive.remove(name)
        return Response(status=HTTPStatus.NO_CONTENT)

    @api.get("/export")
    def export_all() -> Response:
        """All samples, one a line, as `pagesieve train` reads them."""
        guard.check_reading(request, settings)
        return Response(export.lines(archive), mimetype=wire.NDJSON)

    @api.get("/suggest")
    def suggest() -> Response:
        """Remembered pages that nobody labelled, those first whose labels the model is least sure of."""
        guard.check_reading(request, settings)
        pages = archive.suggest(parse_number(request, "limit", _SUGGESTED, _MOST_SUGGESTED))
        told = [
            {"id": page.id, "url": page.url, "uncertainty": page.uncertainty, "model": page.model}
            | {page.page.kind: page.page.source}
            for page in pages
        ]
        return _json({"pages": told})

    return api


def _add_many(settings: Settings, archive: Archive, live: Live) -> Response:
    """Each line answered: 201 when all are stored, 207 when some are, 422 when none is."""
    told: list[dict[str, Any]] = []
    for number, line in enumerate(body.read_lines(request.stream, ROOM * settings.max_bytes), 1):
        try:
            if isinstance(line, InputError):
                raise line  # so that it is answered like what is raised below
            told.append(submit(wire.parse_object(line), archive, live.model))
        except InputError as error:
            told.append({"line": number, "error": problem.explain(error)})
    failed = sum("error" in line for line in told)
    status = HTTPStatus.CREATED
    if failed:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if failed == len(told) else HTTPStatus.MULTI_STATUS
    return Response("".join(render.dump(line) + "\n" for line in told), status, mimetype=wire.NDJSON)


def _about(stored: Stored) -> dict[str, Any]:
    return {
        "id": stored.id,
        "kind": stored.page.kind,
        "title": stored.title,
        "url": stored.about.url,
        "host": stored.host,
        "source": stored.about.source,
        "annotator": stored.about.annotator,
        "added": stored.added,
        "line_count": len(stored.labels),
        "labels": stored.counts(),
    }


def _chosen() -> Chosen:
    label, host = request.args.get("label"), request.args.get("host")
    if label is not None and label not in COLUMN:
        raise KeepError(f"{label[:60]!r} is no label; the labels are {', '.join(LABELS)}.")
    return Chosen(
        label=None if label is None else Label(label),
        host=None if host is None else host.lower(),
        before=parse_number(request, "before", LARGEST),
        limit=parse_number(request, "limit", _PAGE, _MOST),
    )


def _json(value: dict[str, Any], status: HTTPStatus = HTTPStatus.OK) -> Response:
    return Response(render.dump(value) + "\n", status, mimetype=wire.JSON)
