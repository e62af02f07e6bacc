from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from model.features.characters import COUNT, Characters, Class, characters, mixed, word_hashes
from model.lines.html import html_lines
from model.lines.text import text_lines

TEXTS = st.text(
    st.characters()
    | st.sampled_from("\n\n\n  \t\r\x00abAB019é ÉßŽž.,:!?-|•…©日本ไทย한글مر٣\u3000\u2028😀𠀀\ud800İ\u0345")
)


def of(text: str) -> Characters:
    return characters(text_lines(text))


def kind(character: str) -> Class:
    """What one character is, as a line of its own says."""
    return Class.SPACE if character.isspace() else Class(of(character).first[0])


def words(line: str) -> list[str]:
    """A line's words, lower case and digits zero, one character at a time."""
    found: list[str] = []
    inside = False
    for character in line:
        what = kind(character)
        if what is Class.UNSPACED:
            found.append(character)
            inside = False
        elif what in {Class.UPPER, Class.LOWER, Class.LETTER, Class.DIGIT}:
            folded = {Class.UPPER: character.lower()[:1], Class.DIGIT: "0"}.get(what, character)
            found = [*found[:-1], found[-1] + folded] if inside else [*found, folded]
            inside = True
        else:
            inside = False
    return found


@pytest.mark.parametrize(
    ("characters_of_it", "what"),
    [
        ("AÉЖΩǅ", Class.UPPER),
        ("aéжωß", Class.LOWER),
        ("مאक_²\u0301", Class.LETTER),
        ("日あア한ไ𠀀𪚥", Class.UNSPACED),
        ("09٣९", Class.DIGIT),
        (".。।", Class.FULL_STOP),
        ("!?！؟", Class.TERMINAL),
        (",;、،", Class.COMMA),
        (":：", Class.COLON),
        ("\"'“”«»「」"[:5], Class.QUOTE),
        ("()[]【】", Class.BRACKET),
        ("-–—", Class.DASH),
        ("•*▶★", Class.BULLET),
        ("|/›·→<", Class.SEPARATOR),
        ("…", Class.ELLIPSIS),
        ("©®™", Class.COPYRIGHT),
        ("@#&%+=$€😀🏛", Class.SIGN),
        ("\x00\u200b\ud800\udfff\ue000", Class.OTHER),
    ],
)
def test_each_character_has_a_class(characters_of_it: str, what: Class) -> None:
    assert {character: kind(character) for character in characters_of_it} == dict.fromkeys(characters_of_it, what)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_lines_are_measured_as_a_loop_would(text: str) -> None:
    page = text_lines(text)
    assume(page.lines)
    found = characters(page)
    rows = [number for number, row in enumerate(text.split("\n")) if row.strip()]
    for number, line in enumerate(page.lines):
        shown = line.text.strip()
        assert found.size[number] == len(shown)
        assert found.indent[number] == len(line.text) - len(line.text.lstrip())
        assert found.first[number] == kind(shown[0])
        assert found.last[number] == kind(shown[-1])
        assert found.blank_before[number] == rows[number] - (rows[number - 1] if number else -1) - 1
        counts = Counter(kind(character) for character in line.text)
        assert [found.counts[number, what] for what in Class if what is not Class.SPACE] == [
            counts[what] for what in Class if what is not Class.SPACE
        ]
        pairs = zip(map(kind, line.text), map(kind, line.text[1:]), strict=False)
        assert found.glued[number] == sum(
            left is Class.LOWER and right in {Class.UPPER, Class.DIGIT} for left, right in pairs
        )


def test_white_space_is_that_of_the_line() -> None:
    assert of("a b\n\n \n\nc d\n").counts[:, Class.SPACE].tolist() == [1, 1]


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_words_are_those_a_loop_finds(text: str) -> None:
    page = text_lines(text)
    assume(page.lines)
    found = characters(page)
    naive = [(number, word) for number, line in enumerate(page.lines) for word in words(line.text)]
    assert found.word_line.tolist() == [number for number, _ in naive]
    assert found.word_size.tolist() == [len(word) for _, word in naive]
    # Hashes are equal where words are, and nowhere else.
    pairs = set(zip(found.words.tolist(), (word for _, word in naive), strict=True))
    assert len(pairs) == len({word for _, word in naive}) == len(set(found.words.tolist()))


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS)
def test_words_hash_the_same_anywhere_on_any_page(before: str, after: str) -> None:
    line = "Zürich 12:30 日本 été"
    found = of(f"{before}\n{line}\n{after}")
    alone = of(line)
    number = len(text_lines(before).lines)
    assert found.words[found.word_line == number].tolist() == alone.words.tolist()
    assert found.line_hash[number] == alone.line_hash[0]


@given(st.lists(TEXTS, min_size=1))
def test_words_of_texts_hash_as_those_of_pages_do(texts: list[str]) -> None:
    pages = [text_lines(text) for text in texts]
    assert [found.tolist() for found in word_hashes(texts)] == [
        characters(page).words.tolist() if page.lines else [] for page in pages
    ]


def test_words_hash_the_same_far_into_a_long_page() -> None:
    found = of("word " * 300_000 + "other word")
    assert len(set(found.words.tolist())) == 2
    assert found.words[0] == found.words[-1]


@pytest.mark.parametrize(
    ("left", "right"),
    [("Menu", "mENU"), ("ÉTÉ", "été"), ("2024-01-31", "1999-12-00"), ("v12", "V00"), ("٣", "7"), ("ЖУК", "жук")],
)
def test_case_and_digits_are_folded(left: str, right: str) -> None:
    assert of(left).words.tolist() == of(right).words.tolist()
    assert of(left).line_hash == of(right).line_hash


@pytest.mark.parametrize(
    ("left", "right"), [("ab", "ba"), ("a b", "ab"), ("1", "11"), ("a", "á"), ("aa", "aaa"), ("0", "o")]
)
def test_other_words_hash_otherwise(left: str, right: str) -> None:
    assert of(left).words.tolist() != of(right).words.tolist()
    assert of(left).line_hash != of(right).line_hash


def test_marks_around_words_are_not_in_them() -> None:
    assert of("«Hello», (world)!").words.tolist() == of("hello world").words.tolist()


@pytest.mark.parametrize("text", ["日本語", "ภาษาไทย", "한국어", "カナ", "𠀀𪚥"])
def test_each_character_of_an_unspaced_script_is_a_word(text: str) -> None:
    found = of(text)
    assert found.word_size.tolist() == [1] * len(text)
    assert set(found.word_class.tolist()) == {Class.UNSPACED}


def test_unspaced_characters_part_the_words_around_them() -> None:
    assert of("abc日def").word_size.tolist() == [3, 1, 3]


def test_a_line_of_marks_has_no_words() -> None:
    found = of("***\n😀 \x00 \ud800\nword")
    assert found.word_line.tolist() == [2]
    assert found.line_hash[0] == found.line_hash[1] == 0


def test_order_tells_lines_apart() -> None:
    first, second, third = of("one two\ntwo one\nOne, two!").line_hash.tolist()
    assert first == third
    assert first != second


def test_shapes() -> None:
    found = of("a\n\nb c")
    assert found.counts.shape == (2, COUNT)
    assert len(found.words) == len(found.word_line) == len(found.word_size) == len(found.word_class) == 3
    assert found.words.dtype == np.uint64


def test_html_is_read_as_its_derived_text() -> None:
    page = html_lines("<p>One <b>two</b></p><pre>  three</pre>")
    derived, bare = characters(page), characters(text_lines(page.text))
    assert derived.words.tolist() == bare.words.tolist()
    assert derived.indent.tolist() == bare.indent.tolist() == [0, 2]


@given(st.lists(st.integers(0, 2**64 - 1), unique=True, max_size=30), st.integers(0, 10))
def test_scattering_loses_nothing_and_leaves_its_input(hashes: list[int], salt: int) -> None:
    given_hashes = np.array(hashes, np.uint64)
    assert len(set(mixed(given_hashes, salt).tolist())) == len(hashes)
    assert given_hashes.tolist() == hashes


def test_each_salt_scatters_otherwise() -> None:
    hashes = np.arange(1000, dtype=np.uint64)
    buckets = [(mixed(hashes, salt) & np.uint64(255)).tolist() for salt in range(3)]
    assert len({tuple(found) for found in buckets}) == 3
    assert all(max(Counter(found).values()) < 20 for found in buckets)
