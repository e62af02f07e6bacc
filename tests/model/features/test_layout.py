from math import log, log1p

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from model.features.characters import COUNT, characters
from model.features.layout import COLUMNS, NAMES, layout, one_hot
from model.lines.text import text_lines

PAGE = """\
Menu


  Hello World, this is it.
•  by Ann Lee, 12:30
MENU
\tpage 2 | page 3
Jane Miller23 May
menu
日本語です。"""


def column(name: str, text: str = PAGE) -> list[float]:
    return [float(value) for value in layout(characters(text_lines(text)))[:, NAMES[name]]]


def approx(*values: float) -> object:
    return pytest.approx(values, rel=1e-5)


def test_each_column_is_named_once_and_explained() -> None:
    assert len(NAMES) == len(COLUMNS)
    assert all(name and unit and meaning for name, unit, meaning in COLUMNS)


@settings(max_examples=100, deadline=None)
@given(st.text() | st.text(st.sampled_from("a \n\n\t•|.©1日😀\x00\ud800")))
def test_columns_are_finite_and_as_many_as_declared(text: str) -> None:
    page = text_lines(text)
    assume(page.lines)
    found = layout(characters(page))
    assert found.shape == (len(page.lines), len(COLUMNS))
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    for name, unit, _ in COLUMNS:
        values = found[:, NAMES[name]]
        if unit in {"0-1", "share", "0/1"}:
            assert values.min() >= 0, name
            assert values.max() <= 1, name
        if unit == "0/1":
            assert set(values.tolist()) <= {0.0, 1.0}, name
        if unit == "log1p":
            assert values.min() >= 0, name


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("characters", [log1p(n) for n in (4, 24, 20, 4, 15, 17, 4, 6)]),
        ("words", [log1p(n) for n in (1, 5, 5, 1, 4, 3, 1, 5)]),
        ("long", [0.1, 0.5, 0.5, 0.1, 0.4, 0.3, 0.1, 0.5]),
        ("sentence", [n / 25 for n in (1, 5, 5, 1, 4, 3, 1, 5)]),
        ("word_size", [n / 10 for n in (4, 18 / 5, 12 / 5, 4, 10 / 4, 15 / 3, 4, 1)]),
        ("longest", [log1p(n) for n in (4, 5, 3, 4, 4, 8, 4, 1)]),
        ("capitalised", [1, 2 / 5, 2 / 5, 1, 0, 1, 0, 0]),
        ("numeric", [0, 0, 2 / 5, 0, 2 / 4, 0, 0, 0]),
        ("marks", [0, 2 / 5, 1 / 5, 0, 0, 0, 0, 1 / 5]),
        ("share_upper", [1 / 4, 2 / 24, 2 / 20, 1, 0, 3 / 17, 0, 0]),
        ("share_digit", [0, 0, 4 / 20, 0, 2 / 15, 2 / 17, 0, 0]),
        ("share_unspaced", [0] * 7 + [5 / 6]),
        ("count_comma", [0, log(2), log(2), 0, 0, 0, 0, 0]),
        ("count_separator", [0, 0, 0, 0, log(2), 0, 0, 0]),
        ("count_colon", [0, 0, log(2), 0, 0, 0, 0, 0]),
        ("count_digit", [0, 0, log(5), 0, log(3), log(3), 0, 0]),
        ("first_upper", [1, 1, 0, 1, 0, 1, 0, 0]),
        ("first_bullet", [0, 0, 1, 0, 0, 0, 0, 0]),
        ("first_lower", [0, 0, 0, 0, 1, 0, 1, 0]),
        ("last_full_stop", [0, 1, 0, 0, 0, 0, 0, 1]),
        ("last_digit", [0, 0, 1, 0, 1, 0, 0, 0]),
        ("glued", [0, 0, 0, 0, 0, log(2), 0, 0]),
        ("indent", [0, log(3), 0, 0, log(2), 0, 0, 0]),
        ("indent_step", [0, log(3), -log(3), 0, log(2), -log(2), 0, 0]),
        ("blank_before", [0, log(3), 0, 0, 0, 0, 0, 0]),
        ("blank_after", [log(3), 0, 0, 0, 0, 0, 0, 0]),
        ("times", [log(3), 0, 0, log(3), 0, 0, log(3), 0]),
        ("seen", [0, 0, 0, 1, 0, 0, 1, 0]),
        ("since_seen", [0, 0, 0, log1p(3), 0, 0, log1p(3), 0]),
        ("place", [n / 8 for n in range(1, 9)]),
        ("characters_before", [n / 94 for n in (0, 4, 28, 48, 52, 67, 84, 88)]),
        ("lines_before", [log1p(n) for n in range(8)]),
        ("lines_after", [log1p(n) for n in reversed(range(8))]),
    ],
)
def test_a_page_counted_by_hand(name: str, values: list[float]) -> None:
    assert column(name) == approx(*values)


def test_bounds_of_long_lines() -> None:
    text = " ".join(["word"] * 30)
    assert column("long", text) == [1]
    assert column("sentence", text) == [1]


def test_relative_length() -> None:
    assert column("relative", "\n".join(["x" * 10] * 20)) == approx(*[1] * 20)
    assert max(column("relative", "\n".join(["x"] * 99 + ["x" * 500]))) == 2


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("echo_above", [0, 1 / 3, 0, 0]),
        ("echo_below", [1 / 2, 0, 0, 0]),
        ("cover_above", [0, 1 / 2, 0, 0]),
        ("cover_below", [1 / 3, 0, 0, 0]),
        ("top_share", [1 / 3, 1 / 3, 0, 1 / 2]),
        ("top_cover", [1 / 2, 1 / 2, 0, 1 / 2]),
    ],
)
def test_words_that_other_lines_have_too(name: str, values: list[float]) -> None:
    assert column(name, "one two\nTwo three four\nfive\nfour one") == approx(*values)
    assert column(name, "***\n***\nword") == [0, 0, 0]
    assert column(name, "word") == [0]


def test_a_line_printed_twice() -> None:
    twice = "A name\nThe name of it\nThe name of it\nText"
    assert column("until_seen", twice) == approx(0, log1p(1), 0, 0)
    assert column("since_seen", twice) == approx(0, 0, log1p(1), 0)
    assert column("echo_below", twice)[1] == column("cover_above", twice)[2] == 1


def test_a_browser_title_is_like_the_headline() -> None:
    page = "How to roast coffee | The Roaster\nHome\nThe Roaster\nHow to roast coffee\nBeans are green at first."
    assert column("top_share", page) == approx(1, 0, 1, 1, 0)
    assert column("top_cover", page) == approx(4 / 6, 0, 2 / 6, 4 / 6, 0)


def test_each_first_and_last_character_is_one_of_the_classes() -> None:
    found = layout(characters(text_lines(PAGE)))
    for end in ("first", "last"):
        columns = [number for name, number in NAMES.items() if name.startswith(f"{end}_")]
        assert len(columns) == COUNT
        assert found[:, columns].sum(axis=1).tolist() == [1] * 8


def test_one_hot() -> None:
    assert one_hot(np.array([2, 0]), 3).tolist() == [[0, 0, 1], [1, 0, 0]]
