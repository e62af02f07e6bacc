import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.lines.text import text_lines
from model.page import NOTHING_DECLARED

TEXTS = st.text(st.sampled_from("\n\n\r \tab\x00\x0b\x0c\x1c\x85\u2028\u2029\u3000\u200b\ufeff😀\ud83d")) | st.text()


@given(TEXTS)
def test_each_line_that_is_not_empty_comes_once_in_order_and_verbatim(text: str) -> None:
    assert [line.text for line in text_lines(text).lines] == [line for line in text.split("\n") if line.strip()]


@given(TEXTS)
def test_lines_stand_where_they_say(text: str) -> None:
    page = text_lines(text)
    assert page.text == text
    assert [text[line.start : line.end] for line in page.lines] == [line.text for line in page.lines]
    starts = [line.start for line in page.lines]
    assert starts == sorted(set(starts))
    assert all(start == 0 or text[start - 1] == "\n" for start in starts)
    assert all(line.end == len(text) or text[line.end] == "\n" for line in page.lines)


@given(TEXTS)
def test_bare_text_has_no_structure_and_declares_nothing(text: str) -> None:
    page = text_lines(text)
    assert all(line.structure is None for line in page.lines)
    assert page.declared == NOTHING_DECLARED


@pytest.mark.parametrize("text", ["", "\n", "\r\n\r\n", " \t\n\u3000\xa0\n", "\x1c\n\x85"])
def test_a_page_without_words_has_no_lines(text: str) -> None:
    assert text_lines(text).lines == ()


def test_a_carriage_return_belongs_to_its_line() -> None:
    assert [(line.text, line.start, line.end) for line in text_lines("a\r\n\r\nb\r").lines] == [
        ("a\r", 0, 2),
        ("b\r", 5, 7),
    ]


@pytest.mark.parametrize("mark", ["\r", "\x0b", "\x0c", "\x1d", "\x85", "\u2028", "\u2029"])
def test_nothing_but_a_newline_ends_a_line(mark: str) -> None:
    assert [line.text for line in text_lines(f"a{mark}b").lines] == [f"a{mark}b"]


@pytest.mark.parametrize("sign", ["\x00", "\u200b", "\ufeff", "\xad", "\ud800"])
def test_what_strip_leaves_is_a_line(sign: str) -> None:
    assert [line.text for line in text_lines(f"\n{sign}\n").lines] == [sign]
