import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training import align as module
from training.align import UNKNOWN, Alignment, align, matched, tokens

TOKENS = st.lists(st.sampled_from("abcd"), max_size=10)
A, B, C = range(3)


def carried(source: list[str], columns: list[int], target: list[str]) -> list[int]:
    return [int(column) for column in align(source, target).carry(np.array(columns, np.int64), 3)]


def longest(left: list[str], right: list[str]) -> int:
    """Length of a longest common subsequence, by the textbook's table."""
    table = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            table[i + 1][j + 1] = table[i][j] + 1 if a == b else max(table[i][j + 1], table[i + 1][j])
    return table[-1][-1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello, World! It's 12:30", ["hello", "world", "it", "s", "12", "30"]),
        ("日本語abc한국 ไทย", ["日", "本", "語", "abc", "한", "국", "ไ", "ท", "ย"]),
        ("مرحبا بكم", ["مرحبا", "بكم"]),
        ("*** — 😀", []),
        ("", []),
        ("a_b", ["a_b"]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert tokens(text) == words


@given(TOKENS, TOKENS)
def test_what_matches_is_a_longest_common_subsequence(left: list[str], right: list[str]) -> None:
    pairs = matched(left, right)
    assert len(pairs) == longest(left, right)
    assert [left[i] for i in pairs[:, 0]] == [right[j] for j in pairs[:, 1]]
    assert np.all(np.diff(pairs, axis=0) > 0)


def test_pages_too_long_to_match_match_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_TOKENS", 3)
    assert len(matched(list("abc"), list("abc"))) == 3
    assert len(matched(list("abcd"), list("abcd"))) == 0
    assert carried(["a b c d"], [A], ["a b c d"]) == [UNKNOWN]


@pytest.mark.parametrize(
    ("source", "columns", "target", "expected"),
    [
        (["a b", "c d"], [A, B], ["a b", "c d"], [A, B]),
        (["One, two.", "• three"], [A, B], ["* one two", "THREE!"], [A, B]),
        (["a b c d e f"], [C], ["a b", "c d", "e f"], [C, C, C]),  # wrapped
        (["a", "b", "c d e"], [A, B, C], ["a b c d e"], [C]),  # joined: most of the words
        (["menu", "a b c", "menu"], [A, B, C], ["a b c"], [B]),  # left out
        (["a b c"], [B], ["x y", "a b c", "z"], [UNKNOWN, B, UNKNOWN]),  # added
        (["a b c d"], [B], ["a b x y"], [B]),  # half of the words is enough
        (["a b c d"], [B], ["a x y"], [UNKNOWN]),  # less is not
        (["a", "***", "b"], [A, B, C], ["a", "***", "b"], [A, UNKNOWN, C]),  # no words, no match
        (["日本語。"], [B], ["日本", "語"], [B, B]),
        (["same", "same"], [A, B], ["same", "same"], [A, B]),
        ([], [], ["a"], [UNKNOWN]),
        (["a"], [A], [], []),
        (["***"], [A], ["---"], [UNKNOWN]),
    ],
)
def test_labels_are_carried_over(source: list[str], columns: list[int], target: list[str], expected: list[int]) -> None:
    assert carried(source, columns, target) == expected


def test_what_is_unknown_stays_unknown() -> None:
    assert carried(["a b", "c d", "e f"], [UNKNOWN, B, UNKNOWN], ["a b", "c d e", "e f"]) == [UNKNOWN, B, UNKNOWN]


def test_of_equal_votes_the_first_column_wins() -> None:
    assert carried(["a", "b"], [B, A], ["a b"]) == [A]


LINES = st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=4).map(" ".join), max_size=6)


@given(LINES)
def test_a_page_carried_to_itself_keeps_its_labels(lines: list[str]) -> None:
    columns = [len(line) % 3 for line in lines]
    assert carried(lines, columns, lines) == columns
    assert align(lines, lines).covered().tolist() == [True] * len(lines)


@given(LINES, LINES)
def test_a_carried_label_is_one_that_was_there(source: list[str], target: list[str]) -> None:
    columns = [len(line) % 3 for line in source]
    found = carried(source, columns, target)
    assert len(found) == len(target)
    assert set(found) <= {*columns, UNKNOWN}


def test_gold_covers_the_lines_it_holds() -> None:
    gold = ["First paragraph of the story.", "And the second."]
    lines = ["Menu", "First paragraph", "of the story.", "***", "And the second one of them all", "And the second"]
    assert align(gold, lines).covered().tolist() == [False, True, True, False, False, True]


def test_gold_of_nothing_covers_nothing() -> None:
    assert align([""], ["a", "b"]).covered().tolist() == [False, False]


def test_sizes_are_the_words_of_the_target() -> None:
    found = align(["a"], ["a b", "***", "c"])
    assert isinstance(found, Alignment)
    assert found.size.tolist() == [2, 0, 1]


def test_values_are_averaged_over_the_words_that_match() -> None:
    values = np.array([[1, 0], [0, 1]], np.float32)
    found = align(["one two three", "four"], ["one two three four five", "four", "six", ""]).averaged(values)
    assert found.tolist() == [[0.75, 0.25], [0, 0], [0, 0], [0, 0]]
    assert found.dtype == np.float32
