"""A labelled page as it was sent, in any of its forms -> the archive; the same over HTTP and on the command line."""

from typing import Any
from urllib.parse import urlsplit

from model.artifact import Model
from model.errors import SampleError
from model.features.layout import Matrix
from model.features.matrix import features
from model.page import Lines
from model.strip import lines_of_page
from service import wire
from service.errors import FieldError
from training.archive import About, Archive
from training.labelling import Understood, from_article, from_labels, from_lines

# Of which a submission has exactly one. An exported sample has labels and, as gold, the article they came from.
_FORMS = ("labels", "lines", "article")
_LONGEST = 2_000


def submit(fields: dict[str, Any], archive: Archive, model: Model) -> dict[str, Any]:
    """What was understood of a submission that is stored now, as it is answered; `new` says if it was not there yet.

    Raises:
        NoPageError, FieldError, UndecodableError: the object can't be used.
        SampleError: its labels don't fit its lines.
        StorageError: it could not be stored.
    """
    page = wire.parse_source(fields)
    lines = lines_of_page(page)
    if not lines.lines:
        raise SampleError("The page has no line that is not empty; there is nothing to learn from it.")
    about = {name: wire.parse_string(fields, name) or "" for name in ("url", "source", "annotator")}
    for name, value in about.items():
        if len(value) > _LONGEST:
            raise FieldError(f"{name} has {len(value):,} characters; it may have {_LONGEST:,}.")
    try:
        urlsplit(about["url"])
    except ValueError as error:
        raise FieldError(f"url is {about['url'][:60]!r}, which is none ({error}).") from None
    understood, article = _understand(fields, lines, model)
    stored, new = archive.add(
        page, understood.labels, [line.text for line in lines.lines], About(**about, article=article)
    )
    return {
        "id": stored.id,
        "new": new,
        "lines": len(stored.labels),
        "labels": stored.counts(),
        "coverage": understood.coverage,
    }


def _understand(fields: dict[str, Any], lines: Lines, model: Model) -> tuple[Understood, str]:
    """The labels of a submission, and the article they were found with, if so."""
    forms = [name for name in _FORMS if fields.get(name) is not None]
    if len(forms) != 1:
        given = " and ".join(forms) or "none of them"
        raise FieldError(f"Give labels, lines or article, and one of them; this object has {given}.")
    match forms[0]:
        case "labels":
            return from_labels(lines, _names(fields["labels"])), wire.parse_string(fields, "gold") or ""
        case "lines":
            return from_lines(lines, _pairs(fields["lines"])), ""
        case _:
            article = wire.parse_string(fields, "article") or ""

            def probabilities(page: Lines) -> Matrix:
                return model.classifier.probabilities(features(page))

            return from_article(lines, article, probabilities), article


def _names(labels: object) -> list[str]:
    if not isinstance(labels, list):
        raise FieldError(f"labels is {wire.name_of(labels)}; it must be a list of labels, one a line.")
    for number, name in enumerate(labels, 1):
        if not isinstance(name, str):
            raise FieldError(f"Label {number} is {wire.name_of(name)}; it must be a string.")
    return labels


def _pairs(lines: object) -> list[tuple[str, str]]:
    if not isinstance(lines, list):
        raise FieldError(f"lines is {wire.name_of(lines)}; it must be a list of objects.")
    found = []
    for number, line in enumerate(lines, 1):
        if not isinstance(line, dict):
            raise FieldError(f"Line {number} is {wire.name_of(line)}; it must be an object with text and label.")
        text, label = line.get("text"), line.get("label")
        if not isinstance(text, str) or not isinstance(label, str):
            raise FieldError(f"Line {number} must have text and label, both strings.")
        found.append((text, label))
    return found
