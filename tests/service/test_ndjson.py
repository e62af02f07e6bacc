import json
import logging
from io import BytesIO

import pytest

from model import Page, artifact, strip
from model.errors import TooLargeError
from service import ndjson, render
from service.body import read_lines
from service.settings import Settings
from service.wire import Options

BROKEN = [b"[1, 2", b"{}", b'{"id": 5}', b'{"id": "x", "text": 3}', b'{"id": [], "text": ""}', b"\xff"]


def test_a_line_is_answered_as_its_page_is(text_page: str) -> None:
    line = json.dumps({"id": 1, "text": text_page}).encode()
    model = artifact.shipped()
    expected = render.as_json(strip(Page.from_text(text_page), model), Options(), 1).encode() + b"\n"
    assert ndjson.answer(line, Options(), model) == expected


def test_broken_lines_are_answered_by_problems_with_their_id() -> None:
    answers = [json.loads(ndjson.answer(line, Options(), artifact.shipped())) for line in BROKEN]
    assert [answer["id"] for answer in answers] == [None, None, 5, "x", None, None]
    names = [answer["error"]["type"].rpartition(":")[2] for answer in answers]
    assert names == ["malformed-json", "no-page", "no-page", "invalid-field", "invalid-field", "undecodable"]
    assert all(answer["error"]["status"] in {400, 422} for answer in answers)


def test_a_line_that_was_an_error_when_it_was_read() -> None:
    answer = json.loads(ndjson.answer(TooLargeError("Too much."), Options(), artifact.shipped()))
    assert answer["error"]["status"] == 413
    assert answer["error"]["detail"] == "Too much."


def test_a_fault_of_ours_stops_no_other_line(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def fail(page: Page, model: object) -> None:
        raise ZeroDivisionError(page.source)

    monkeypatch.setattr(ndjson, "strip", fail)
    with caplog.at_level(logging.CRITICAL):
        (answer,) = ndjson.answer_all([b'{"id": 1, "text": "a"}'], Options(), artifact.shipped())
    assert json.loads(answer)["id"] == 1
    assert json.loads(answer)["error"]["status"] == 500


def test_processes_answer_what_one_answers(text_page: str) -> None:
    pages = text_page.splitlines()
    lines = [json.dumps({"id": number, "text": pages[number % len(pages)]}).encode() for number in range(100)]
    lines[3:3] = BROKEN
    source = b"\n".join([*lines, b"a" * 3_000]) + b"\n"

    def read() -> list[ndjson.Line]:
        return list(read_lines(BytesIO(source), 2_000))

    alone = list(ndjson.answer_all(read(), Options(), artifact.shipped()))
    assert len(alone) == 100 + len(BROKEN) + 1
    assert list(ndjson.answer_in_processes(read(), Options(), Settings(), jobs=2)) == alone
