import json

import pytest

from model.errors import UndecodableError
from model.label import KEPT, Label
from model.page import Page
from service.errors import FieldError, KeepError, MalformedError, MediaTypeError, NoPageError
from service.wire import Job, Options, parse_body, parse_json, parse_options

DEFAULT = Options()


def test_text_and_html_objects() -> None:
    assert parse_json(b'{"text": "a"}', DEFAULT) == Job(Page.from_text("a"))
    assert parse_json(b'{"html": "<p>a"}', DEFAULT) == Job(Page.from_html("<p>a"))


def test_an_empty_page_is_a_page() -> None:
    assert parse_json(b'{"text": ""}', DEFAULT) == Job(Page.from_text(""))
    assert parse_json(b'{"html": "", "text": null}', DEFAULT) == Job(Page.from_html(""))


def test_every_field_is_read() -> None:
    body = '{"text": "é", "id": "x", "url": "//a.example", "keep": ["title", "nav"], "page_text": true, '
    body += '"remember": true, "more": 1}'
    keep = frozenset({Label.TITLE, Label.NAV})
    expected = Job(Page.from_text("é"), "x", Options(keep, page_text=True, remember=True), "//a.example")
    assert parse_json(body.encode(), DEFAULT) == expected
    assert parse_json(body.encode("utf-8-sig"), DEFAULT) == expected


def test_an_object_goes_before_the_query() -> None:
    query = Options(frozenset({Label.AD}), page_text=True)
    assert parse_json(b'{"text": ""}', query).options == query
    own = parse_json(b'{"text": "", "keep": "nav", "page_text": false}', query).options
    assert own == Options(frozenset({Label.NAV}))


@pytest.mark.parametrize("id_", [None, "", "7", 7, -1, 1.5, 10**400])
def test_ids_that_are_given_back(id_: object) -> None:
    assert parse_json(json.dumps({"id": id_, "text": ""}).encode(), DEFAULT).id == id_


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", MalformedError),
        (b"{", MalformedError),
        (b"[]", MalformedError),
        (b"null", MalformedError),
        (b'"text"', MalformedError),
        (b'{"text": "a"} {}', MalformedError),
        (b'{"text": "a", "x": NaN}', MalformedError),
        (b'{"text": "a", "x": -Infinity}', MalformedError),
        (b'{"x": ' + b"[" * 200_000, MalformedError),
        (b'{"id": ' + b"9" * 5_000 + b"}", MalformedError),
        (b'{"text": "\xe9"}', UndecodableError),
        ('{"text": "a"}'.encode("utf-16"), UndecodableError),
        (rb'{"text": "\ud800"}', UndecodableError),
        (rb'{"html": "a\udfff"}', UndecodableError),
        (rb'{"text": "a", "id": "\ud800"}', UndecodableError),
        (b"{}", NoPageError),
        (b'{"text": null}', NoPageError),
        (b'{"text": "a", "html": "a"}', NoPageError),
        (b'{"text": 1}', FieldError),
        (b'{"html": ["a"]}', FieldError),
        (b'{"text": "a", "url": 1}', FieldError),
        (b'{"text": "a", "id": true}', FieldError),
        (b'{"text": "a", "id": {}}', FieldError),
        (b'{"text": "a", "id": 1e999}', FieldError),
        (b'{"text": "a", "keep": 1}', FieldError),
        (b'{"text": "a", "keep": ["nav", 1]}', FieldError),
        (b'{"text": "a", "page_text": "1"}', FieldError),
        (b'{"text": "a", "remember": 1}', FieldError),
        (b'{"text": "a", "keep": "nav,menu"}', KeepError),
        (b'{"text": "a", "keep": ""}', KeepError),
        (b'{"text": "a", "keep": []}', KeepError),
        (rb'{"text": "a", "keep": "\ud800"}', KeepError),
    ],
)
def test_objects_that_are_refused(body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        parse_json(body, DEFAULT)
    assert type(caught.value) is error
    str(caught.value).encode()  # half of a surrogate pair must not reach the answer either


def test_options_of_a_query() -> None:
    assert parse_options([], "") == Options(KEPT)
    assert parse_options(["title, text", "nav"], "1") == Options(
        frozenset({Label.TITLE, Label.TEXT, Label.NAV}), page_text=True
    )
    with pytest.raises(KeepError):
        parse_options([""], "")
    with pytest.raises(FieldError, match="page_text"):
        parse_options([], "perhaps")
    assert parse_options([], "", "1") == Options(remember=True)
    with pytest.raises(FieldError, match="remember"):
        parse_options([], "", "perhaps")


@pytest.mark.parametrize("media_type", ["", "application/x-www-form-urlencoded"])
def test_a_body_without_a_type_is_sniffed(media_type: str) -> None:
    assert parse_body(b"a <p> b", media_type, None, DEFAULT).page == Page.from_text("a <p> b")
    assert parse_body(b"<p>b", media_type, None, DEFAULT).page == Page.from_html("<p>b")


def test_a_type_goes_before_looks() -> None:
    assert parse_body(b"<p>b", "text/plain", None, DEFAULT).page == Page.from_text("<p>b")
    for media_type in ("text/html", "application/xhtml+xml"):
        assert parse_body(b"b", media_type, None, DEFAULT).page == Page.from_html("b")


def test_the_charset_of_the_header_is_heeded() -> None:
    assert parse_body("дом".encode("koi8-r"), "text/plain", "koi8-r", DEFAULT).page == Page.from_text("дом")


def test_other_types_are_refused() -> None:
    with pytest.raises(MediaTypeError, match="image/png"):
        parse_body(b"", "image/png", None, DEFAULT)
