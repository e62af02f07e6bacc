"""The application factory: routes, the model, and every error turned into a problem."""

from http import HTTPStatus

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from service import api, models, problem, render, samples, trainings
from service.live import Live
from service.playground import playground
from service.settings import Settings

# Where the server finds the model that it has to keep current in each of its workers.
LIVE = "pagesieve.live"


def create_app(settings: Settings | None = None) -> Flask:
    """A WSGI application set by `settings`, by default those of the environment.

    Raises:
        SettingError: the environment holds a setting that can't be used.
        ArtifactError: the model can't be used.
    """
    settings = settings or Settings.from_env()
    # The playground brings its own static files.
    app = Flask("service", static_folder=None)
    live = Live.of(settings)
    app.extensions[LIVE] = live
    for room in (api, samples, trainings, models):
        app.register_blueprint(room.routes(settings, live))
    app.register_blueprint(playground)
    app.register_error_handler(HTTPException, _answer_http_exception)
    app.register_error_handler(Exception, _answer_error)
    app.after_request(_forbid_sniffing)
    return app


def _answer_error(error: Exception) -> Response:
    return _answer(problem.explain(error))


def _answer_http_exception(error: HTTPException) -> Response:
    """What the framework refused: its status and headers (Allow, Location), with our body."""
    response = error.get_response()
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:  # a redirect is no problem
        return Response(response.response, error.code, list(response.headers.items()))
    answer = _answer(problem.of_status(error.code, error.description or HTTPStatus(error.code).phrase))
    for name, value in response.headers.items():
        if name not in {"Content-Type", "Content-Length"}:
            answer.headers[name] = value
    return answer


def _answer(details: problem.Details) -> Response:
    answer = Response(render.dump(details) + "\n", details["status"], mimetype=problem.MEDIA_TYPE)
    if details["status"] == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="pagesieve"'
    if details["status"] == HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
        answer.headers["Accept-Encoding"] = "identity"
        answer.headers["Accept-Post"] = ", ".join(api.TAKEN)
    return answer


def _forbid_sniffing(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
