from math import log1p

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.features.course import course, topic
from model.features.matrix import NAMES, Terms
from model.label import COLUMN
from tests.model.features.pages import answers, page_of

TEXT, HEADING, NAV = COLUMN["text"], COLUMN["heading"], COLUMN["nav"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([TEXT, HEADING, NAV]), min_size=1, max_size=30))
def test_the_course_of_a_page_is_what_a_loop_finds(columns: list[int]) -> None:
    n = len(columns)
    page, first = page_of(n), answers(columns)
    found = course(page.numbers, first)
    mass = np.expm1(page.numbers[:, NAMES.index("characters")]) * first[:, [TEXT, HEADING]].sum(axis=1)
    article = [number for number, column in enumerate(columns) if column != NAV]
    for row in range(n):
        np.testing.assert_allclose(found[row, :10], first[:row].max(axis=0, initial=0))
        np.testing.assert_allclose(found[row, 10:20], first[row + 1 :].max(axis=0, initial=0))
        assert found[row, 20] == pytest.approx(mass[: row + 1].sum() / max(mass.sum(), 1), rel=1e-4)
        if above := [number for number in article if number <= row]:
            assert found[row, 22] == pytest.approx(log1p(row - above[-1]))
        if below := [number for number in article if number >= row]:
            assert found[row, 23] == pytest.approx(log1p(below[0] - row))


def test_nearly_all_of_a_short_article_is_near() -> None:
    assert course(page_of(3).numbers, answers([TEXT] * 3))[:, 21].tolist() == pytest.approx([1, 1, 1])


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sets(st.integers(0, 5)), min_size=1, max_size=8), st.integers(0, 99))
def test_topic_is_what_a_loop_counts(lines: list[set[int]], seed: int) -> None:
    n = len(lines)
    known = sorted(set().union(*lines))
    pairs = [(known.index(word), row) for row, line in enumerate(lines) for word in sorted(line)]
    terms = Terms(*(np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1)))
    kept = np.random.default_rng(seed).random(n, np.float32)
    found = topic(terms, kept)
    assert found.shape == (n, 2)
    for row, line in enumerate(lines):
        others = [[kept[other] for other in range(n) if other != row and word in lines[other]] for word in line]
        shares = [sum(found_in) / len(found_in) if found_in else 0 for found_in in others]
        anywhere = [min(sum(found_in), 1) for found_in in others]
        size = max(len(line), 1)
        np.testing.assert_allclose(found[row], (sum(shares) / size, sum(anywhere) / size), rtol=1e-4, atol=1e-5)
