"""The routes of the HTTP interface; thin: what they take and give is made in wire, render and ndjson."""

from collections.abc import Callable

from flask import Blueprint, Response, request

from model import LABELS, Stripped, strip
from service import body, memory, ndjson, render, wire
from service.errors import MediaTypeError, NotAcceptableError, UnreadableError
from service.live import Live
from service.ndjson import Seen
from service.settings import Settings
from service.spool import run_ahead
from service.wire import Options

# Types of a body, as the Accept-Post header names them.
TAKEN = (wire.TEXT, *sorted(wire.HTML), wire.JSON, wire.NDJSON)

_MARKDOWN = "text/markdown"
_WRITERS: dict[str, Callable[[Stripped, Options], str]] = {
    wire.TEXT: render.as_text,
    _MARKDOWN: render.as_markdown,
}


def routes(settings: Settings, live: Live) -> Blueprint:
    """The routes, answered with the current model of `live` within the limits of `settings`."""
    api = Blueprint("api", __name__)

    @api.post("/v1/strip")
    def strip_page() -> Response:
        """The page of the body, or each page of an NDJSON body, with every line labelled."""
        _refuse_encoded()
        asked = request.args
        options = wire.parse_options(asked.getlist("keep"), asked.get("page_text", ""), asked.get("remember", ""))
        seen = memory.remember(request, settings)
        if request.mimetype == wire.NDJSON:
            return _strip_stream(options, settings, live, seen)
        return _strip_one(options, settings, live, seen)

    @api.get("/healthz")
    def healthz() -> Response:
        """That the service answers, with which model version, and what keeps it from the current one."""
        trouble = live.trouble
        if trouble is None:
            return _json({"status": "ok", "model": live.model.version})
        # It does answer, and so is not to be taken out of service: the status stays 200.
        return _json({"status": "degraded", "model": live.model.version, "reason": trouble})

    @api.get("/v1/model")
    def model() -> Response:
        """The current model: its version, its labels in order, and its manifest."""
        current = live.model
        return _json({"version": current.version, "labels": LABELS, "manifest": current.manifest})

    return api


def _strip_one(options: Options, settings: Settings, live: Live, seen: Seen) -> Response:
    accepted = _negotiate((wire.JSON, wire.TEXT, _MARKDOWN))
    if (request.content_length or 0) > settings.max_bytes:  # refused before it is read
        raise wire.too_large(settings.max_bytes)
    content = body.read_whole(request.stream, settings.max_bytes)
    if len(content) < (request.content_length or 0):
        raise UnreadableError(f"The body broke off after {len(content):,} of {request.content_length:,} bytes.")
    charset = request.mimetype_params.get("charset")
    job = wire.parse_body(content, request.mimetype, charset, options)
    model = live.model
    stripped = strip(job.page, model)
    seen(job, stripped)
    if accepted == wire.JSON:
        text = render.as_json(stripped, job.options, job.id) + "\n"
    else:
        text = _WRITERS[accepted](stripped, job.options)
    answer = _answer(text, accepted, model.version)
    answer.headers["Pagesieve-Kind"] = job.page.kind
    return answer


def _strip_stream(options: Options, settings: Settings, live: Live, seen: Seen) -> Response:
    accepted = _negotiate((wire.NDJSON,))
    model = live.model
    lines = body.read_lines(request.stream, settings.max_bytes)
    answers = run_ahead(ndjson.answer_all(lines, options, model, seen))
    return _answer(answers, accepted, model.version)


def _negotiate(offered: tuple[str, ...]) -> str:
    """The type the client likes best of those offered, the first of equals.

    Raises:
        NotAcceptableError: it accepts none of them.
    """
    accept = request.accept_mimetypes
    if not accept:
        return offered[0]
    best = max(offered, key=accept.quality)
    if accept.quality(best) <= 0:
        raise NotAcceptableError(f"Accept is {accept.to_header()!r}; the answer comes as {' or '.join(offered)}.")
    return best


def _refuse_encoded() -> None:
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding != "identity":
        raise MediaTypeError(f"A body encoded with {encoding} is not taken; send it as it is.")


def _answer(content: object, media_type: str, version: str) -> Response:
    answer = Response(content, mimetype=media_type)  # type: ignore[arg-type]
    answer.headers["Pagesieve-Model"] = version
    answer.headers["Vary"] = "Accept"
    return answer


def _json(value: dict[str, object]) -> Response:
    return Response(render.dump(value) + "\n", mimetype=wire.JSON)
