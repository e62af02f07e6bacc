"""Problem details (RFC 9457): which status and which stable type each failure is answered with.

The table stands here and not in the application factory because the lines of an NDJSON answer carry
the same problems, on the command line too, where there is no application.
"""

import logging
from dataclasses import dataclass
from typing import TypedDict

from model.errors import (
    ArtifactError,
    ConflictError,
    InputError,
    SampleError,
    StorageError,
    TooLargeError,
    UndecodableError,
    UnknownError,
)
from service.errors import (
    FieldError,
    ForbiddenError,
    KeepError,
    MalformedError,
    MediaTypeError,
    NoPageError,
    NotAcceptableError,
    UnauthorizedError,
    UnreadableError,
)

MEDIA_TYPE = "application/problem+json"

# Clients compare it as a whole; it names a kind of problem and is never to be fetched.
_TYPE = "urn:pagesieve:problem:"

_log = logging.getLogger(__name__)


class Details(TypedDict):
    """The members of a problem object, in the order they are written."""

    type: str
    title: str
    status: int
    detail: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of failure: its status, the last word of its type, and its title."""

    status: int
    name: str
    title: str

    def details(self, detail: str) -> Details:
        """The problem object for one occurrence, explained by the sentence `detail`."""
        return {"type": _TYPE + self.name, "title": self.title, "status": self.status, "detail": detail}


# The first row whose class fits wins, so a class stands above those it inherits from.
TABLE: tuple[tuple[type[Exception], Problem], ...] = (
    (UnreadableError, Problem(400, "unreadable-body", "The body could not be read")),
    (MalformedError, Problem(400, "malformed-json", "Malformed JSON")),
    (UndecodableError, Problem(400, "undecodable", "Not decodable as text")),
    (UnauthorizedError, Problem(401, "unauthorized", "The token is needed")),
    (ForbiddenError, Problem(403, "forbidden", "Forbidden")),
    (UnknownError, Problem(404, "unknown", "Not there")),
    (NotAcceptableError, Problem(406, "not-acceptable", "No acceptable form of answer")),
    (ConflictError, Problem(409, "conflict", "Not possible now")),
    (TooLargeError, Problem(413, "too-large", "Too large")),
    (MediaTypeError, Problem(415, "unsupported-media-type", "Unsupported media type")),
    (NoPageError, Problem(422, "no-page", "No page, or two")),
    (KeepError, Problem(422, "unknown-label", "Unknown label")),
    (FieldError, Problem(422, "invalid-field", "Invalid field")),
    (SampleError, Problem(422, "invalid-sample", "Labels that don't fit")),
    (InputError, Problem(422, "invalid-input", "Invalid input")),
    (ArtifactError, Problem(503, "model-unavailable", "The model is not available")),
    (StorageError, Problem(503, "storage-unavailable", "The data folder is not available")),
)
INTERNAL = Problem(500, "internal-error", "Internal error")

# Statuses the web framework and the server answer with by themselves.
STATUSES: dict[int, Problem] = {
    400: Problem(400, "bad-request", "Bad request"),
    403: Problem(403, "forbidden", "Forbidden"),
    404: Problem(404, "not-found", "Not found"),
    405: Problem(405, "method-not-allowed", "Method not allowed"),
    406: Problem(406, "not-acceptable", "No acceptable form of answer"),
    408: Problem(408, "request-timeout", "Request timeout"),
    413: Problem(413, "too-large", "Too large"),
    414: Problem(414, "uri-too-long", "URI too long"),
    415: Problem(415, "unsupported-media-type", "Unsupported media type"),
    417: Problem(417, "expectation-failed", "Expectation failed"),
    431: Problem(431, "header-fields-too-large", "Header fields too large"),
    500: INTERNAL,
    501: Problem(501, "not-implemented", "Not implemented"),
    503: Problem(503, "unavailable", "Unavailable"),
}


def explain(error: Exception) -> Details:
    """The problem object for `error`.

    What was not raised on purpose is logged and answered as an internal error that tells nothing of
    the inside.
    """
    for kind, problem in TABLE:
        if isinstance(error, kind):
            return problem.details(str(error))
    _log.error("Unforeseen failure while answering.", exc_info=error)
    return INTERNAL.details("Something went wrong on our side; the log tells what.")


def of_status(status: int, detail: str) -> Details:
    """The problem object for a status that carries no error of ours."""
    problem = STATUSES.get(status) or Problem(status, f"status-{status}", f"Status {status}")
    return problem.details(detail)
