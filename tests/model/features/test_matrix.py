from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from model.features.characters import Class, characters
from model.features.matrix import COLUMNS, NAMES, Features, features
from model.features.words import Bags
from model.lines.html import html_lines
from model.lines.text import text_lines
from model.page import Lines

WORDS = st.sampled_from("Menu home 日本語 the 한 2024 story STORY a. \n \n\n tests 12:30 […] 😀 \x00 \ud800".split(" "))
TEXTS = st.lists(WORDS, min_size=1, max_size=30).map(" ".join)
TAGS = st.sampled_from("<p> <div\tclass=x> </div> <a\thref=y> </a> <li> <br> <b> <pre>".split())
SOURCES = st.lists(WORDS | TAGS.map(lambda tag: tag.replace("\t", " ")), min_size=1, max_size=30).map(" ".join)
PAGES = TEXTS.map(text_lines) | SOURCES.map(html_lines)


def same(left: Features, right: Features) -> bool:
    """Whether two pages' features are equal to the last bit."""

    def arrays(found: Features) -> list[np.ndarray]:
        bags: list[Bags] = [found.words, found.around, found.hints]
        return [
            found.numbers,
            *found.terms,
            *(array for bag in bags for array in (bag.buckets, bag.rows, bag.weights, bag.of)),
        ]

    return all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in zip(arrays(left), arrays(right), strict=True))


def test_columns_are_named_once() -> None:
    assert len(set(NAMES)) == len(NAMES) == len(COLUMNS)


@settings(max_examples=100, deadline=None)
@given(PAGES)
def test_features_are_finite_and_of_the_declared_shape(page: Lines) -> None:
    assume(page.lines)
    found = features(page)
    n = len(page.lines)
    assert found.numbers.shape == (n, len(COLUMNS))
    assert found.numbers.dtype == np.float32
    assert np.isfinite(found.numbers).all()
    for bag in (found.words, found.around, found.hints):
        assert bag.of.shape == (n,)
        assert 0 <= bag.of.min() <= bag.of.max() < len(bag.weights)
    # Training keeps the numbers in half precision: none may be too large for it.
    assert np.isfinite(found.numbers.astype(np.float16)).all()


@settings(max_examples=60, deadline=None)
@given(PAGES, st.lists(PAGES, max_size=3))
def test_features_of_a_page_depend_on_no_page_before(page: Lines, others: list[Lines]) -> None:
    assume(page.lines)
    first = features(page)
    for other in others:
        if other.lines:
            features(other)
    assert same(features(page), first)


@settings(max_examples=60, deadline=None)
@given(SOURCES)
def test_the_same_source_read_twice_has_the_same_features(source: str) -> None:
    page, again = html_lines(source), html_lines(source)
    assume(page.lines)
    assert same(features(page), features(again))


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_terms_are_those_a_loop_finds(text: str) -> None:
    page = text_lines(text)
    assume(page.lines)
    look = characters(page)
    rows: dict[object, set[int]] = defaultdict(set)
    words = list(zip(look.word_line, look.words, look.word_size, look.word_class, strict=True))
    for line, word, size, kind in words:
        if size >= 4 and kind != Class.UNSPACED:
            rows[int(word)].add(int(line))
    for (line, word, _, kind), (next_line, next_word, _, next_kind) in pairwise(words):
        if line == next_line and kind == next_kind == Class.UNSPACED:
            rows[int(word), int(next_word)].add(int(line))
    found: dict[int, set[int]] = defaultdict(set)
    terms = features(page).terms
    for number, row in zip(terms.words.tolist(), terms.rows.tolist(), strict=True):
        assert row not in found[number]  # each term of a line once
        found[number].add(row)
    assert len(found) == len(rows)
    assert Counter(map(frozenset, found.values())) == Counter(map(frozenset, rows.values()))


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_sizes_are_words(text: str) -> None:
    page = text_lines(text)
    assume(page.lines)
    expected = np.bincount(characters(page).word_line, minlength=len(page.lines))
    assert features(page).sizes.tolist() == expected.tolist()


@pytest.mark.parametrize("count", [1, 1_000, 123_456])
def test_sizes_of_long_lines_are_words(count: int) -> None:
    assert features(text_lines("a " * count)).sizes.tolist() == [count]


@pytest.mark.parametrize("text", ["a", "***", "日", "the of and", "\x00"])
def test_a_page_may_have_no_terms(text: str) -> None:
    terms = features(text_lines(text)).terms
    assert len(terms.words) == len(terms.rows) == 0


@pytest.mark.filterwarnings("ignore:overflow encountered in cast")
def test_a_key_of_a_megabyte_fits_into_half_precision() -> None:
    assert np.isfinite(features(text_lines("x" * 1_000_000)).numbers.astype(np.float16)).all()


def test_bare_text_and_html_of_the_same_lines_look_the_same() -> None:
    page = html_lines("<h1>A title</h1><p>One, two and three.</p><p>Menu | Home</p>")
    html, text = features(page), features(text_lines(page.text))
    looks = [
        number for number, name in enumerate(NAMES) if name in {name for name, _, _ in COLUMNS[: NAMES.index("html")]}
    ]
    assert np.array_equal(html.numbers[:, looks], text.numbers[:, looks])
    assert not np.array_equal(html.numbers, text.numbers)
    assert np.array_equal(html.words.buckets, text.words.buckets)
