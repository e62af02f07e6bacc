import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from model.features.characters import Characters, characters, mixed
from model.features.words import AROUND_BUCKETS, BUCKETS, MOST_WORDS, Bags, bags, in_order, weighed
from model.lines.text import text_lines

LINES = st.lists(
    st.lists(st.sampled_from("Menu home 12:30 日本 *** word the of Read more…".split()), min_size=1, max_size=8).map(
        " ".join
    ),
    min_size=1,
    max_size=8,
)


def of(text: str) -> tuple[Bags, Bags]:
    return bags(characters(text_lines(text)))


def held(bag: Bags, row: int) -> list[int]:
    return sorted(bag.buckets[bag.rows == row].tolist())


def one(value: int, salt: int, buckets: int) -> int:
    return int(mixed(np.array([value % 2**64], np.uint64), salt)[0]) % buckets


def naive(page: Characters, row: int, buckets: int, around: bool) -> list[int]:
    """A line's bag by a loop: words 1, pairs 2, the first two 3 and 4, the last 5, the line 6."""
    words = [int(word) for word in page.words[page.word_line == row]]
    found = [one(word, 1, buckets) for word in words[:MOST_WORDS]]
    found.append(one(int(page.line_hash[row]) + int(page.first[row]), 6, buckets))
    if not around and words:
        found += [one(words[0], 3, buckets), one(words[-1], 5, buckets)]
        found += [one(word, 4, buckets) for word in words[1:2]]
        read = words[:MOST_WORDS]
        found += [one(left * 31 + right, 2, buckets) for left, right in pairwise(read)]
    return sorted(found)


@settings(max_examples=100, deadline=None)
@given(LINES)
def test_bags_are_those_a_loop_fills(lines: list[str]) -> None:
    page = characters(text_lines("\n".join(lines)))
    own, around = bags(page)
    for row in range(len(lines)):
        assert held(own, row) == naive(page, row, BUCKETS, around=False)
        assert held(around, row) == naive(page, row, AROUND_BUCKETS, around=True)


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_every_line_has_a_bag_of_length_one(text: str) -> None:
    page = text_lines(text)
    assume(page.lines)
    for bag, size in zip(of(text), (BUCKETS, AROUND_BUCKETS), strict=True):
        sizes = np.bincount(bag.rows, minlength=len(page.lines))
        assert sizes.min() >= 1
        assert np.all(np.diff(bag.rows) >= 0)
        assert bag.buckets.min() >= 0
        assert bag.buckets.max() < size
        np.testing.assert_allclose(bag.weights**2 * sizes, 1, rtol=1e-5)


def test_a_line_has_the_same_bag_on_any_page() -> None:
    line = "Read more: 12 stories of 日本"
    alone, among = of(line)[0], of(f"Menu\n\nother words\n{line}\nlast")[0]
    assert held(alone, 0) == held(among, 2)
    assert alone.weights[0] == among.weights[2]


def test_a_line_without_words_has_its_own_bag() -> None:
    own, around = of("***\n•••\n---")
    assert [len(held(own, row)) for row in range(3)] == [1, 1, 1]
    assert held(own, 0) == held(own, 1) != held(own, 2)
    assert [len(held(around, row)) for row in range(3)] == [1, 1, 1]


def test_order_and_place_of_words_tell() -> None:
    own, around = of("a b c\nc b a")
    assert held(own, 0) != held(own, 1)
    assert len(set(held(around, 0)) & set(held(around, 1))) == 3


def test_a_long_line_is_read_as_far_as_its_first_words_and_its_last() -> None:
    first = " ".join(f"word{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(MOST_WORDS))
    own, _ = of(f"{first} x last\n{first} y last\n{first} y other")
    sizes = [len(held(own, row)) for row in range(3)]
    assert sizes == [MOST_WORDS + (MOST_WORDS - 1) + 4] * 3
    # The line as a whole differs in each; the last word in the third alone.
    assert len(set(held(own, 0)) - set(held(own, 1))) == 1
    assert len(set(held(own, 0)) - set(held(own, 2))) == 2


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.integers(0, 7), min_size=1, max_size=5), min_size=1, max_size=6))
def test_a_bag_is_weighed_as_a_loop_would(lines: list[list[int]]) -> None:
    table = np.random.default_rng(0).normal(size=(8, 3)).astype(np.float32)
    hashes = np.array([bucket for line in lines for bucket in line], np.uint64)
    rows = np.array([row for row, line in enumerate(lines) for _ in line])
    order = np.random.default_rng(1).permutation(len(rows))
    bag = in_order(hashes[order], rows[order], len(lines), 8)
    expected = [sum(table[bucket] for bucket in line) / math.sqrt(len(line)) for line in lines]
    np.testing.assert_allclose(weighed(bag, table), expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("text", ["a", "***", "日本\n\nx", "\ud800\n\x00"])
def test_weights_of_nothing_are_nothing(text: str) -> None:
    own, _ = of(text)
    assert not weighed(own, np.zeros((BUCKETS, 10), np.float32)).any()
