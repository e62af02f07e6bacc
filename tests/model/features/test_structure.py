from math import log, log1p

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.features import layout
from model.features.characters import characters
from model.features.layout import Matrix
from model.features.structure import COLUMNS, HINT_BUCKETS, structure
from model.features.words import Bags
from model.lines.html import html_lines
from model.lines.text import text_lines
from model.page import Lines

NAMES = {name: number for number, (name, _, _) in enumerate(COLUMNS)}
PAGE = """<body><nav class=main-menu><a href=a>Home</a></nav>
<article id=story>
<h1>The old mill burns</h1>
<p>One two, three.</p>
<p>Four <b>five</b> <a href=b>six</a></p>
</article>
<ul><li><a href=c>Next</a></ul>"""


def of(page: Lines) -> tuple[Matrix, Bags]:
    text = characters(page)
    look = layout.layout(text)
    words = np.bincount(text.word_line, minlength=len(page.lines))
    return structure(page, words, look[:, layout.NAMES["marks"]])


def column(name: str, source: str = PAGE) -> list[float]:
    return [float(value) for value in of(html_lines(source))[0][:, NAMES[name]]]


def hints(source: str, row: int = 0) -> set[int]:
    bag = of(html_lines(source))[1]
    return set(bag.buckets[bag.rows == bag.of[row]].tolist())


def approx(*values: float) -> object:
    return pytest.approx(values, rel=1e-5)


def test_each_column_is_named_once_and_explained() -> None:
    assert len(NAMES) == len(COLUMNS)
    assert all(name and unit and meaning for name, unit, meaning in COLUMNS)
    assert not set(NAMES) & set(layout.NAMES)


@pytest.mark.parametrize("text", ["a", "a\n\nb c\n***", "\x00\n\ud800"])
def test_bare_text_has_none_of_it(text: str) -> None:
    page = text_lines(text)
    found, bag = of(page)
    assert found.shape == (len(page.lines), len(COLUMNS))
    assert not found.any()
    assert bag.of.tolist() == [0] * len(page.lines)
    assert bag.rows.tolist() == [0]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            "a b  Menu, 日本 <p> <div> </div> <ul><li> <a> <b> <br> </a> <h1\tclass=x> <table><tr><td> </table> "
            "<pre> <title>t</title> <p\thidden> <button> <p\tclass=aB\tid=c-d>".split()
        ).map(lambda piece: f" {piece} ".replace("\t", " ")),
        max_size=25,
    ).map("".join)
)
def test_columns_are_finite_and_as_many_as_declared(source: str) -> None:
    page = html_lines(f"<p>a</p>{source}")
    found, bag = of(page)
    assert found.shape == (len(page.lines), len(COLUMNS))
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    for name, unit, _ in COLUMNS:
        if unit in {"share", "0/1"}:
            assert found[:, NAMES[name]].min() >= 0, name
            assert found[:, NAMES[name]].max() <= 1, name
    assert bag.buckets.max() < HINT_BUCKETS


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("html", [1, 1, 1, 1, 1]),
        ("linked", [1, 0, 0, 3 / 13, 1]),
        ("emphasised", [0, 0, 0, 4 / 13, 0]),
        ("inlined", [log(2), 0, 0, log(3), log(2)]),
        ("inlined_rate", [1, 0, 0, 2 / 3, 1]),
        ("gap", [log1p(n) for n in (2, 3, 2, 2, 4)]),
        ("gap_after", [log1p(n) for n in (3, 2, 2, 4, 0)]),
        ("depth", [n / 20 for n in (3, 3, 3, 3, 4)]),
        ("depth_step", [0, 0, 0, 0, 1 / 5]),
        ("own_p", [0, 0, 1, 1, 0]),
        ("own_h1", [0, 1, 0, 0, 0]),
        ("own_a", [1, 0, 0, 0, 1]),
        ("own_li", [0, 0, 0, 0, 0]),
        ("within_nav", [1, 0, 0, 0, 0]),
        ("within_article", [0, 1, 1, 1, 0]),
        ("within_li", [0, 0, 0, 0, 1]),
        ("within_a", [1, 0, 0, 0, 1]),
        ("within_p", [0, 0, 1, 1, 0]),
        ("path_lines", [log1p(n) for n in (1, 1, 2, 2, 1)]),
        ("path_words", [log1p(n) for n in (1, 4, 6, 6, 1)]),
        ("path_mean", [log1p(n) for n in (1, 4, 3, 3, 1)]),
        ("path_linked", [1, 0, 3 / 26, 3 / 26, 1]),
        ("path_marks", [0, 0, 1 / 3, 1 / 3, 0]),
        ("path_above", [0, 0, 0, 1, 0]),
        ("parent_lines", [log1p(n) for n in (1, 3, 3, 3, 1)]),
        ("parent_words", [log1p(n) for n in (1, 10, 10, 10, 1)]),
        ("parent_above", [0, 0, 1, 1, 0]),
        # The body is the grandparent of the menu's link and of what stands in the article.
        ("grand_lines", [log1p(n) for n in (4, 4, 4, 4, 1)]),
        ("grand_words", [log1p(n) for n in (11, 11, 11, 11, 1)]),
        ("grand_above", [0, 1, 1, 1, 0]),
    ],
)
def test_a_page_counted_by_hand(name: str, values: list[float]) -> None:
    assert column(name) == approx(*values)


def test_classes_tell_paths_apart() -> None:
    source = "<div><p class=x>a</p><p class=y>b</p><p class=x>c</p></div>"
    assert column("path_lines", source) == approx(log(3), log(2), log(3))
    assert column("parent_lines", source) == approx(*[log(4)] * 3)


def test_equal_paths_in_different_places_are_one_path_but_two_parents() -> None:
    source = "<div class=t><p>a</p></div>x<div class=t><p>b</p></div>"
    assert column("path_lines", source)[::2] == approx(log(3), log(3))
    assert column("parent_lines", source)[::2] == approx(log(2), log(2))


@pytest.mark.parametrize(
    "other", ["Related-Posts", "relatedPosts", "related_posts_12", "posts related", "RELATED posts related"]
)
def test_words_of_hints_are_known_in_any_spelling(other: str) -> None:
    assert hints(f"<div class='{other}'>a") == hints("<div class='related posts'>b")


def test_words_of_hints_tell_lines_apart() -> None:
    assert hints("<div class=related>a") != hints("<div class=story>a")
    assert hints("<div class=x>a") != hints("<section class=x>a")
    # An element's own words are others than those of the elements above it.
    assert hints("<div class=x><div>a") != hints("<div><div class=x>a")


def test_lines_alike_share_a_bag_and_others_do_not() -> None:
    source = "<ul><li class=a>1<li class=a>2<li class=b>3</ul><ul><li class=a>4</ul><p>5</p>"
    bag = of(html_lines(source))[1]
    assert bag.of.tolist() == [0, 0, 1, 0, 2]
    assert len(bag.weights) == 3


def test_words_that_come_again_and_again_do_not_crowd_out_those_further_up() -> None:
    looks = "<div class='row flex-grow flex-row'>" * 40
    assert hints(f"<div class=comments>{looks}a") != hints(f"<div class=article>{looks}a")
    many = "".join(f"<div class='{chr(97 + i // 26)}{chr(97 + i % 26)}'>" for i in range(64))
    assert hints(f"<div class=comments>{many}a") == hints(f"<div class=article>{many}a")


def test_of_elements_nested_without_end_the_nearest_words_are_looked_through() -> None:
    plain = "<div class=row>" * 200
    assert hints(f"<div class=comments>{plain}a") == hints(f"<div class=article>{plain}a")


@pytest.mark.parametrize("key", ["x" * 25, "12345", "—", "_"])
def test_keys_and_numbers_are_no_words(key: str) -> None:
    assert hints(f"<div class='{key}'>a") == hints("<div>a")


def test_hints_may_hold_anything() -> None:
    assert hints("<div class='\ud800 日本 \x00 é'>a")
    assert hints(f"<div class='{'word ' * 10_000}{' '.join(map(str, range(10_000)))}'>a")
