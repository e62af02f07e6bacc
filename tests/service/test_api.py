import json
from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from model import LABELS, Page, artifact, strip
from service.app import create_app
from service.settings import Settings

URL = "/v1/strip"


def test_text_and_html_of_every_type(client: FlaskClient, text_page: str, html_page: str) -> None:
    of_text = strip(Page.from_text(text_page)).text()
    of_html = strip(Page.from_html(html_page)).text()
    assert of_text
    assert of_html
    for source, media_type, expected in (
        (text_page, "text/plain", of_text),
        (text_page, "text/plain; charset=utf-8", of_text),
        (text_page, "application/x-www-form-urlencoded", of_text),
        (text_page, None, of_text),
        (html_page, "text/html", of_html),
        (html_page, "application/xhtml+xml", of_html),
        (html_page, "application/x-www-form-urlencoded", of_html),
        (html_page, None, of_html),
        (json.dumps({"text": text_page}), "application/json", of_text),
        (json.dumps({"html": html_page}), "Application/JSON; charset=utf-8", of_html),
    ):
        response = client.post(URL, data=source.encode(), content_type=media_type)
        assert response.status_code == 200, (media_type, response.text)
        assert response.mimetype == "application/json"
        assert response.get_json()["text"] == expected, media_type


def test_every_line_is_answered_with_where_it_stands(client: FlaskClient, text_page: str) -> None:
    answer = client.post(URL, data=text_page, query_string={"page_text": 1}).get_json()
    assert [line["text"] for line in answer["lines"]] == [line for line in text_page.split("\n") if line.strip()]
    assert answer["page_text"] == text_page
    for line in answer["lines"]:
        assert text_page[line["start"] : line["end"]] == line["text"]
        assert line["label"] in LABELS
        assert 0 <= line["score"] <= 1
    assert answer["model"] == artifact.shipped().version


def test_keep_chooses_the_text(client: FlaskClient, text_page: str) -> None:
    for query in ({"keep": "title,nav"}, {"keep": ["title", "nav"]}):
        answer = client.post(URL, data=text_page, query_string=query).get_json()
        kept = [line["text"] for line in answer["lines"] if line["label"] in {"title", "nav"}]
        assert kept
        assert answer["text"] == "\n".join(kept)


def test_an_empty_page_is_no_error(client: FlaskClient) -> None:
    for body, media_type in (
        (b"", None),
        (b" \n\n\t", "text/plain"),
        (b"", "text/html"),
        (b'{"text": ""}', "application/json"),
    ):
        response = client.post(URL, data=body, content_type=media_type)
        assert response.status_code == 200
        answer = response.get_json()
        assert (answer["text"], answer["lines"], answer["title"]) == ("", [], None)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("text/plain", "text/plain"),
        ("text/*", "text/plain"),
        ("text/markdown", "text/markdown"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "application/json"),
        ("application/json;q=0.2, text/markdown;q=0.9, text/plain;q=0.5", "text/markdown"),
        ("application/json;q=0, */*;q=0.1", "text/plain"),
        ("text/plain;q=0, text/*", "text/markdown"),
        ("text/plain, application/json", "application/json"),
    ],
)
def test_accept_chooses_the_form(client: FlaskClient, accept: str | None, expected: str) -> None:
    response = client.post(URL, data="One line.", headers={} if accept is None else {"Accept": accept})
    assert response.mimetype == expected
    assert response.headers["Vary"] == "Accept"
    assert response.headers["Pagesieve-Model"] == artifact.shipped().version


@pytest.mark.parametrize(("sent", "kind"), [("A line.", "text"), ("<p>A line.", "html"), ("", "text")])
def test_it_says_what_the_page_was_taken_for(client: FlaskClient, sent: str, kind: str) -> None:
    assert client.post(URL, data=sent).headers["Pagesieve-Kind"] == kind
    assert client.post(URL, json={kind: sent}).headers["Pagesieve-Kind"] == kind


def test_text_and_markdown_are_the_article(client: FlaskClient, text_page: str) -> None:
    stripped = strip(Page.from_text(text_page))
    assert client.post(URL, data=text_page, headers={"Accept": "text/plain"}).text == stripped.text()
    markdown = client.post(URL, data=text_page, headers={"Accept": "text/markdown"}).text
    assert markdown.startswith(f"# {stripped.title}\n\n")


def _names(response: TestResponse) -> tuple[int, str]:
    assert response.mimetype == "application/problem+json"
    problem = response.get_json()
    assert problem["status"] == response.status_code
    assert problem["detail"]
    return response.status_code, problem["type"].removeprefix("urn:pagesieve:problem:")


@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        (lambda c: c.get("/nowhere"), (404, "not-found")),
        (lambda c: c.get("/v1/strip/"), (404, "not-found")),
        (lambda c: c.get(URL), (405, "method-not-allowed")),
        (lambda c: c.post("/healthz"), (405, "method-not-allowed")),
        (lambda c: c.post(URL, data="a", headers={"Accept": "image/png"}), (406, "not-acceptable")),
        (lambda c: c.post(URL, data="a", headers={"Accept": "application/x-ndjson"}), (406, "not-acceptable")),
        (
            lambda c: c.post(URL, data="{}", content_type="application/x-ndjson", headers={"Accept": "text/plain"}),
            (406, "not-acceptable"),
        ),
        (lambda c: c.post(URL, data="a", content_type="image/png"), (415, "unsupported-media-type")),
        (lambda c: c.post(URL, data={"a": (BytesIO(b""), "f")}), (415, "unsupported-media-type")),
        (lambda c: c.post(URL, data="a", headers={"Content-Encoding": "gzip"}), (415, "unsupported-media-type")),
        (lambda c: c.post(URL, data="{", content_type="application/json"), (400, "malformed-json")),
        (
            lambda c: c.post(URL, data=bytes(range(32)), content_type="text/plain"),
            (400, "undecodable"),
        ),
        (lambda c: c.post(URL, data=b'"\xff"', content_type="application/json"), (400, "undecodable")),
        (lambda c: c.post(URL, json={}), (422, "no-page")),
        (lambda c: c.post(URL, json={"text": 1}), (422, "invalid-field")),
        (lambda c: c.post(URL, json={"text": "", "keep": "x"}), (422, "unknown-label")),
        (lambda c: c.post(URL + "?keep=menu", data="a"), (422, "unknown-label")),
        (lambda c: c.post(URL + "?page_text=2", data="a"), (422, "invalid-field")),
    ],
)
def test_errors_are_problems(
    client: FlaskClient, ask: Callable[[FlaskClient], TestResponse], expected: tuple[int, str]
) -> None:
    assert _names(ask(client)) == expected


def test_a_problem_says_what_would_have_been_taken(client: FlaskClient) -> None:
    assert set(client.get(URL).headers["Allow"].split(", ")) == {"POST", "OPTIONS"}
    assert "text/html" in client.post(URL, data="a", content_type="image/png").headers["Accept-Post"]


def test_the_limit_counts_bytes() -> None:
    client = create_app(Settings(max_bytes=100)).test_client()
    assert client.post(URL, data=b"a" * 100).status_code == 200
    assert _names(client.post(URL, data=b"a" * 101)) == (413, "too-large")
    # Without a length, as a chunked body comes.
    chunked = {"wsgi.input_terminated": True}
    assert client.post(URL, input_stream=BytesIO(b"a" * 100), environ_overrides=chunked).status_code == 200
    assert _names(client.post(URL, input_stream=BytesIO(b"a" * 101), environ_overrides=chunked)) == (413, "too-large")


def test_the_limit_is_one_for_each_line() -> None:
    client = create_app(Settings(max_bytes=100)).test_client()
    line = json.dumps({"text": "a" * 50}).encode()
    long = json.dumps({"text": "a" * 100}).encode()
    response = client.post(URL, data=b"\n".join([line] * 5 + [long, line]), content_type="application/x-ndjson")
    answers = [json.loads(answer) for answer in response.text.splitlines()]
    assert [answer.get("error", {}).get("status") for answer in answers] == [None] * 5 + [413, None]


def test_a_stream_is_answered_in_order(client: FlaskClient, text_page: str) -> None:
    pages = [line for line in text_page.splitlines() if line]
    body = "\n".join(json.dumps({"id": number, "text": page}) for number, page in enumerate(pages))
    response = client.post(URL + "?keep=nav", data=body, content_type="application/x-ndjson")
    assert response.mimetype == "application/x-ndjson"
    assert response.headers["Pagesieve-Model"] == artifact.shipped().version
    answers = [json.loads(line) for line in response.text.splitlines()]
    assert [answer["id"] for answer in answers] == list(range(len(pages)))
    assert [answer["lines"][0]["text"] for answer in answers] == pages
    assert all(line["kept"] == (line["label"] == "nav") for answer in answers for line in answer["lines"])


def test_what_the_service_says_of_itself(client: FlaskClient) -> None:
    model = artifact.shipped()
    assert client.get("/healthz").get_json() == {"status": "ok", "model": model.version}
    described = client.get("/v1/model").get_json()
    assert described["version"] == model.version
    assert described["labels"] == list(LABELS)
    assert described["manifest"] == json.loads(json.dumps(dict(model.manifest)))


def test_head_and_options(client: FlaskClient) -> None:
    for path in ("/", "/healthz", "/v1/model"):
        head = client.head(path)
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["Content-Length"] == client.get(path).headers["Content-Length"]
    options = client.options(URL)
    assert options.status_code == 200
    assert "POST" in options.headers["Allow"]


def test_no_answer_is_to_be_sniffed(client: FlaskClient) -> None:
    for response in (client.get("/"), client.get("/nowhere"), client.post(URL, data="a")):
        assert response.headers["X-Content-Type-Options"] == "nosniff"
