"""The laws of the house, which hold for any page."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model import LABELS, Label, Page, strip, strip_many

# What lines are made of: words, white space of every kind, what other programs take for line ends.
PIECES = st.sampled_from(
    [
        "\n",
        "\r\n",
        "\n\n",
        " ",
        "\t",
        "\r",
        "\x0b",
        "\u2028",
        "\u3000",
        "\xa0",
        "\ufeff",
        "\x00",
        "word ",
        "Menu",
        "日本語。",
        "مرحبا",
        "A whole sentence, with a comma and a stop. ",
        "😀",
        "https://a.example/b?c=d",
        "<p>",
        "&amp;",
        "12:30",
    ]
)
TEXTS = st.lists(PIECES | st.text(st.characters(exclude_categories=["Cs"]), max_size=12), max_size=30).map("".join)
TAGS = st.sampled_from(
    ["<p>", "</p>", "<div class=ad>", "</div>", "<br>", "<li><a href=x>", "</a>", "<pre>", "<!--x-->"]
)
SOURCES = st.lists(TAGS | TEXTS, max_size=20).map("".join)
PAGES = TEXTS.map(Page.from_text) | SOURCES.map(Page.from_html)
KEEPS = st.frozensets(st.sampled_from(list(Label)), min_size=1)

few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@few
@given(TEXTS)
def test_each_line_of_text_that_is_not_empty_is_answered_once_and_in_order(text: str) -> None:
    stripped = strip(Page.from_text(text))
    assert stripped.page_text == text
    assert [line.text for line in stripped.lines] == [line for line in text.split("\n") if line.strip()]


@few
@given(PAGES)
def test_lines_stand_where_they_say(page: Page) -> None:
    stripped = strip(page)
    at = 0
    for line in stripped.lines:
        assert stripped.page_text[line.start : line.end] == line.text
        assert line.text.strip()
        assert "\n" not in line.text
        assert not stripped.page_text[at : line.start].strip()
        assert line.label in LABELS
        assert 0 <= line.score <= 1
        at = line.end
    assert not stripped.page_text[at:].strip()


@few
@given(PAGES, KEEPS)
def test_text_is_the_kept_lines_and_nothing_else(page: Page, keep: frozenset[Label]) -> None:
    stripped = strip(page)
    assert stripped.text(keep) == "\n".join(line.text for line in stripped.lines if line.label in keep)


@few
@given(st.lists(PAGES, max_size=4))
def test_one_page_is_answered_as_among_many(pages: list[Page]) -> None:
    assert list(strip_many(pages)) == [strip(page) for page in pages]


def test_many_pages_are_answered_lazily() -> None:
    taken = []

    def source() -> Iterator[Page]:
        for number in range(3):
            taken.append(number)
            yield Page.from_text("A line.")

    answers = strip_many(source())
    assert taken == []
    next(iter(answers))
    assert len(taken) <= 2


@few
@given(TEXTS, KEEPS)
def test_http_answers_what_python_answers(client: FlaskClient, text: str, keep: frozenset[Label]) -> None:
    stripped = strip(Page.from_text(text))
    answer = client.post("/v1/strip", json={"text": text, "keep": sorted(keep), "page_text": True}).get_json()
    assert answer["page_text"] == text
    assert answer["title"] == stripped.title
    assert answer["text"] == stripped.text(keep)
    assert [(line["text"], line["label"], line["score"], line["start"], line["end"]) for line in answer["lines"]] == [
        (line.text, line.label, line.score, line.start, line.end) for line in stripped.lines
    ]


@pytest.mark.parametrize("kind", ["text", "html"])
def test_every_door_gives_the_same_bytes(client: FlaskClient, text_page: str, html_page: str, kind: str) -> None:
    source = text_page if kind == "text" else html_page
    sent = client.post("/v1/strip", data=source.encode(), content_type=f"text/{'plain' if kind == 'text' else 'html'}")
    again = client.post("/v1/strip", data=source.encode())
    as_object = client.post("/v1/strip", json={kind: source})
    as_line = client.post("/v1/strip", data=json.dumps({kind: source}), content_type="application/x-ndjson")
    # Another process, with hashes salted otherwise and after other pages.
    other = subprocess.run(
        [sys.executable, "-m", "service", "strip", "--ndjson"],
        input="\n".join(json.dumps(page) for page in ({"text": "Something else."}, {kind: source})).encode(),
        env={**os.environ, "PYTHONHASHSEED": "7"},
        check=True,
        capture_output=True,
    ).stdout.splitlines(keepends=True)[1]
    assert sent.data == again.data == as_object.data == as_line.data == other
