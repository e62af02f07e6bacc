"""Pages kept, when their sender asks for it, until somebody labels them."""

from flask import Request

from model.strip import Stripped
from service import guard
from service.errors import ForbiddenError, UnauthorizedError
from service.ndjson import Seen
from service.settings import Settings
from service.wire import Job
from training.archive import Archive


def remember(request: Request, settings: Settings) -> Seen:
    """What keeps a page whose options say so, with how unsure the model was of it.

    What that returns raises, for a page that is to be kept:
        UnauthorizedError, ForbiddenError: the request may not write.
        StorageError: it could not be stored.
    """
    # Looked into now: the request is gone when the pages of a stream are answered.
    refusal: UnauthorizedError | ForbiddenError | None = None
    try:
        guard.check_writing(request, settings)
    except (UnauthorizedError, ForbiddenError) as error:
        refusal = error

    def seen(job: Job, stripped: Stripped) -> None:
        if not job.options.remember:
            return
        if refusal is not None:
            raise refusal
        if stripped.lines:
            archive = Archive(settings.folder)
            archive.remember(job.page, job.url, uncertainty(stripped), stripped.model, settings.remember)

    return seen


def uncertainty(stripped: Stripped) -> float:
    """The share of its lines that the model expects to have labelled wrongly, 0 to 1."""
    return round(sum(1 - line.score for line in stripped.lines) / len(stripped.lines), 4)
