import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.features.kin import heard, kin_of
from model.features.matrix import Features, features
from model.lines.html import html_lines
from model.lines.text import text_lines

LINES = st.lists(
    st.sampled_from(["Home", "News", "The mill burned.", "It burned, all night.", "12 May", "Ines Okafor"])
)


def text(*lines: str) -> Features:
    return features(text_lines("\n".join(lines)))


@settings(max_examples=60, deadline=None)
@given(LINES.filter(bool))
def test_kin_is_what_a_loop_finds(lines: list[str]) -> None:
    found = kin_of(text(*lines))
    n = len(lines)
    for row in range(n):
        above = [other for other in range(row) if found.kind[other] == found.kind[row]][::-1]
        below = [other for other in range(row + 1, n) if found.kind[other] == found.kind[row]]
        kin = [*[*above, n, n][:2], *[*below, n, n][:2]]
        same = [other for other in range(row) if lines[other] == lines[row]][-1:] or [n]
        same += [other for other in range(row + 1, n) if lines[other] == lines[row]][:1] or [n]
        assert found.lines[row].tolist() == kin + same
        away = [row - other if above else 0 for other in kin[:1]] + [other - row if below else 0 for other in kin[2:3]]
        assert found.nearness[row].tolist() == pytest.approx([1 / step if step else 0 for step in away])


def test_lines_of_bare_text_are_kin_by_their_looks() -> None:
    kind = kin_of(text("Ines Okafor", "The mill burned all night.", "Tom Li", "  Tom Li", "Tom Li 2", "Tom Li,")).kind
    assert kind[0] == kind[2]
    assert len(set(kind.tolist())) == 5


def test_lines_of_html_are_kin_by_the_elements_above_them() -> None:
    page = features(html_lines("<ul><li>Home<li>It burned, all night.</ul><p>Home<p class=lead>Home"))
    kind = kin_of(page).kind
    assert kind[0] == kind[1]
    assert len(set(kind.tolist())) == 3


def test_kin_far_away_is_none_and_the_same_words_are() -> None:
    page = text("Ines Okafor", *["12 May"] * 100, "Ines Okafor")
    found = kin_of(page)
    assert found.lines[0].tolist() == [102, 102, 102, 102, 102, 101]
    assert found.nearness[0].tolist() == [0, 0]
    assert found.kind[0] == found.kind[101]


def test_a_line_hears_its_kin_how_near_it_is_and_the_mean_of_its_kind() -> None:
    kin = kin_of(text("Ines Okafor", "12 May", "Tom Li", "12 May"))
    values = np.array([[1], [2], [4], [8]], np.float32)
    parts = heard(kin, values)
    assert all(part.dtype == np.float32 for part in parts)
    found = np.concatenate(parts, axis=1)
    assert found[0].tolist() == pytest.approx([0, 0, 4, 0, 0, 0, 0, 0.5, 2.5, np.log(3)])
    assert found[3].tolist() == pytest.approx([2, 0, 0, 0, 2, 0, 0.5, 0, 5, np.log(3)])
