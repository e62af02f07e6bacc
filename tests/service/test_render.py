import json

import pytest

from model.label import Label
from model.strip import LabelledLine, Stripped
from service.render import as_json, as_markdown, as_text
from service.wire import Options

ROWS = [
    ("Menu", Label.NAV),
    ("Head", Label.TITLE),
    ("First *point*.", Label.TEXT),
    ("Section_one", Label.HEADING),
    ("  # not a heading", Label.TEXT),
    ("\ta photo", Label.CAPTION),
]


def stripped(*rows: tuple[str, Label]) -> Stripped:
    page_text = "\n".join(text for text, _ in rows)
    lines, at = [], 0
    for text, label in rows:
        lines.append(LabelledLine(text, label, 0.5, at, at + len(text)))
        at += len(text) + 1
    return Stripped(page_text, tuple(lines), "v1")


def test_json_holds_everything_in_order() -> None:
    answer = json.loads(as_json(stripped(*ROWS), Options(), "x"))
    assert list(answer) == ["id", "title", "text", "lines", "model"]
    assert answer["id"] == "x"
    assert answer["title"] == "Head"
    assert answer["text"] == "First *point*.\nSection_one\n  # not a heading"
    assert answer["model"] == "v1"
    assert answer["lines"][0] == {"text": "Menu", "label": "nav", "score": 0.5, "kept": False, "start": 0, "end": 4}
    assert [line["kept"] for line in answer["lines"]] == [False, False, True, True, True, False]


def test_page_text_comes_when_asked_for() -> None:
    answer = json.loads(as_json(stripped(*ROWS), Options(page_text=True)))
    assert answer["page_text"] == "\n".join(text for text, _ in ROWS)
    for line in answer["lines"]:
        assert answer["page_text"][line["start"] : line["end"]] == line["text"]


def test_json_is_one_line_of_characters_as_they_are() -> None:
    text = as_json(stripped(("é\u2028日", Label.TEXT)), Options())
    assert "\n" not in text
    assert "é\u2028日" in text


def test_text_is_the_kept_lines() -> None:
    keep = frozenset({Label.CAPTION, Label.NAV})
    assert as_text(stripped(*ROWS), Options(keep)) == "Menu\n\ta photo"


def test_markdown_marks_title_and_headings() -> None:
    assert as_markdown(stripped(*ROWS), Options()) == (
        "# Head\n\nFirst \\*point\\*.\n\n## Section_one\n\n\\# not a heading\n"
    )


def test_markdown_has_the_title_once() -> None:
    keep = frozenset({Label.TITLE, Label.TEXT})
    assert (
        as_markdown(stripped(("T", Label.TITLE), ("a", Label.TEXT), ("T", Label.TITLE)), Options(keep)) == "# T\n\na\n"
    )


def test_nothing_to_show_is_nothing() -> None:
    empty = stripped()
    assert as_markdown(empty, Options()) == as_text(empty, Options()) == ""
    assert json.loads(as_json(empty, Options())) == {"id": None, "title": None, "text": "", "lines": [], "model": "v1"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>", r"\<script>"),
        ("a_b _c_", r"a_b \_c\_"),
        ("[1] a", r"\[1] a"),
        ("> quoted", r"\> quoted"),
        ("---", r"\---"),
        ("- item", "- item"),
        ("1. step", "1. step"),
        (r"back\slash", r"back\\slash"),
        ("#hashtag", "#hashtag"),
        ("  indented like code", "indented like code"),
    ],
)
def test_markdown_shows_characters_as_they_are(text: str, shown: str) -> None:
    assert as_markdown(stripped((text, Label.TEXT)), Options()) == shown + "\n"
