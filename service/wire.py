"""What comes over the wire -> values: JSON objects, raw bodies, parameters and their limits."""

import json
import math
from dataclasses import dataclass
from typing import Any, NoReturn

from model.errors import InputError, TooLargeError, UndecodableError
from model.label import KEPT, Label, parse_labels
from model.lines.charset import decode
from model.page import Page
from service.errors import FieldError, KeepError, MalformedError, MediaTypeError, NoPageError
from service.sniff import looks_like_html

# curl names the type of a form when it was given none, and so says nothing of what it sends.
UNTYPED = frozenset({"", "application/x-www-form-urlencoded"})
TEXT = "text/plain"
HTML = frozenset({"text/html", "application/xhtml+xml"})
JSON = "application/json"
NDJSON = "application/x-ndjson"

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"", "0", "false", "no", "off"})

Id = str | int | float | None


@dataclass(frozen=True, slots=True)
class Options:
    """What an answer holds, and whether its page is kept.

    `keep` are the labels that make up its text; `page_text` asks for the page's text along with it, and
    `remember` for the page to be kept until somebody labels it.
    """

    keep: frozenset[Label] = KEPT
    page_text: bool = False
    remember: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """A page to strip, the name its sender gave it, how to answer, and where it is from."""

    page: Page
    id: Id = None
    options: Options = Options()
    url: str = ""


def parse_options(keep: list[str], page_text: str, remember: str = "") -> Options:
    """The options given as query parameters; `keep` may be repeated or separated by commas.

    Raises:
        KeepError: keep names something that is no label.
        FieldError: one of the others is neither yes nor no.
    """
    for name, value in (("page_text", page_text), ("remember", remember)):
        if value.lower() not in _TRUE | _FALSE:
            raise FieldError(f"{name} is {value!r}; it must be 1 or 0.")
    kept = parse_keep(",".join(keep)) if keep else KEPT
    return Options(kept, page_text.lower() in _TRUE, remember.lower() in _TRUE)


def parse_keep(names: str) -> frozenset[Label]:
    """The labels named in `names`, separated by commas.

    Raises:
        KeepError: a name that is no label.
    """
    try:
        return parse_labels(names.split(","))
    except InputError as error:
        raise KeepError(str(error)) from None


def parse_body(body: bytes, media_type: str, charset: str | None, options: Options) -> Job:
    """The job a whole body of `media_type` asks for; without a type it is sniffed.

    Raises:
        MediaTypeError: a type that is not taken.
        UndecodableError: bytes that are no text.
        MalformedError, FieldError: see `parse_json`.
    """
    if media_type == JSON:
        return parse_json(body, options)
    if media_type in UNTYPED:
        html = looks_like_html(body)
    elif media_type == TEXT or media_type in HTML:
        html = media_type in HTML
    else:
        taken = ", ".join([TEXT, *sorted(HTML), JSON, NDJSON])
        raise MediaTypeError(f"A body of type {media_type} is not taken; send one of {taken}.")
    return Job(parse_page(body, charset, html=html), options=options)


def parse_page(body: bytes, charset: str | None, *, html: bool) -> Page:
    """The page `body` holds as bytes.

    Raises:
        UndecodableError: bytes that are no text.
    """
    source = decode(body, charset, html)
    return Page.from_html(source) if html else Page.from_text(source)


def parse_json(body: bytes, options: Options) -> Job:
    """The job a JSON object asks for; its own `keep` and `page_text` go before `options`.

    Raises:
        UndecodableError: not UTF-8, or a string that is not Unicode text.
        MalformedError: no JSON, or no object.
        NoPageError: neither text nor html, or both.
        FieldError: a field of the wrong type; KeepError for keep.
    """
    return parse_fields(parse_object(body), options)


def parse_object(body: bytes) -> dict[str, Any]:
    """The JSON object `body` holds.

    Raises:
        UndecodableError: not UTF-8.
        MalformedError: no JSON, or no object.
    """
    try:
        fields = json.loads(body.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise UndecodableError(f"JSON must be UTF-8, and byte {error.start} of this is not.") from None
    except RecursionError:
        raise MalformedError("The JSON is nested too deeply.") from None
    except ValueError as error:  # also what json lets through from int(): too many digits
        raise MalformedError(f"This is no JSON: {error}.") from None
    if not isinstance(fields, dict):
        raise MalformedError(f"A JSON object is needed, and this is {name_of(fields)}.")
    return fields


def parse_fields(fields: dict[str, Any], options: Options) -> Job:
    """The job an object's fields ask for; fields of other names are left alone.

    Raises:
        NoPageError, FieldError, KeepError, UndecodableError: see `parse_json`.
    """
    page = parse_source(fields)
    return Job(page, parse_id(fields), _own_options(fields, options), parse_string(fields, "url") or "")


def parse_source(fields: dict[str, Any]) -> Page:
    """The page an object holds as text or as html.

    Raises:
        NoPageError: neither, or both.
        FieldError, UndecodableError: see `parse_string`.
    """
    text = parse_string(fields, "text")
    html = parse_string(fields, "html")
    if (text is None) == (html is None):
        given = "neither" if text is None else "both"
        raise NoPageError(f"Give the page as text or as html; this object has {given}.")
    return Page.from_text(text) if text is not None else Page.from_html(html or "")


def parse_id(fields: dict[str, Any]) -> Id:
    """The id an object carries, None where it carries none.

    Raises:
        FieldError: neither a string nor a number.
        UndecodableError: a string that is not Unicode text.
    """
    value = fields.get("id")
    if value is None or isinstance(value, str):
        return parse_string(fields, "id")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FieldError(f"id is {name_of(value)}; it must be a string or a number.")
    if isinstance(value, float) and not math.isfinite(value):
        raise FieldError("id is a number too large to be told from others.")
    return value


def too_large(limit: int) -> TooLargeError:
    """The error for a page of more than `limit` bytes."""
    return TooLargeError(f"A page may have {limit:,} bytes and this one has more; PAGESIEVE_MAX_BYTES sets the limit.")


def _own_options(fields: dict[str, Any], options: Options) -> Options:
    keep: Any = fields.get("keep")
    if isinstance(keep, list) and all(isinstance(name, str) for name in keep):
        keep = ",".join(keep)
    if keep is not None and not isinstance(keep, str):
        raise FieldError(f"keep is {name_of(keep)}; it must be a string or a list of strings.")
    return Options(
        options.keep if keep is None else parse_keep(keep),
        parse_flag(fields, "page_text", options.page_text),
        parse_flag(fields, "remember", options.remember),
    )


def parse_flag(fields: dict[str, Any], name: str, otherwise: bool) -> bool:
    """The truth value an object has under a name, `otherwise` where it has none.

    Raises:
        FieldError: something else.
    """
    value = fields.get(name)
    if value is None:
        return otherwise
    if not isinstance(value, bool):
        raise FieldError(f"{name} is {name_of(value)}; it must be true or false.")
    return value


def parse_string(fields: dict[str, Any], name: str) -> str | None:
    """The string an object has under a name, None where it has none.

    Raises:
        FieldError: something else.
        UndecodableError: a string that is not Unicode text.
    """
    value = fields.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise FieldError(f"{name} is {name_of(value)}; it must be a string.")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise UndecodableError(
            f"{name} holds half of a surrogate pair at position {error.start}, which is no character."
        ) from None
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def name_of(value: object) -> str:
    """What kind of JSON value it is, in words."""
    match value:
        case None:
            return "null"
        case bool():
            return "a truth value"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "an array"
        case _:
            return "an object"
