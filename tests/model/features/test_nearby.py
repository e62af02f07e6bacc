import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.features.layout import Matrix
from model.features.matrix import features
from model.features.nearby import SPANS, brief, gathered
from model.lines.text import text_lines

K = 3
LINES = st.lists(st.sampled_from(["Related", "Five words are still few", "Six words are no longer few"]), min_size=1)


def numbers_of(lines: list[str]) -> Matrix:
    return features(text_lines("\n".join(lines))).numbers


def naive(weights: Matrix, spoken: list[bool]) -> Matrix:
    """Each line's sum over the lines of each span, one by one."""
    n = len(weights)
    found = np.zeros((n, K), np.float32)
    for row in range(n):
        for number, span in enumerate(SPANS):
            nearest = min(abs(span.first), abs(span.last))
            for other in range(max(row + span.first, 0), min(row + span.last + 1, n)):
                share = span.decay ** (abs(other - row) - nearest)
                if spoken[other] or not span.brief:
                    found[row] += share * weights[other, number * K : number * K + K]
    return found


@given(LINES.map(lambda lines: lines * 3), st.integers(0, 99))
def test_weights_of_the_lines_around_are_gathered_as_a_loop_would(lines: list[str], seed: int) -> None:
    weights = np.random.default_rng(seed).normal(size=(len(lines), K * len(SPANS))).astype(np.float32)
    before = weights.copy()
    expected = naive(weights, [not line.startswith("Six") for line in lines])
    np.testing.assert_allclose(gathered(weights, numbers_of(lines)), expected, rtol=1e-4, atol=1e-4)
    assert np.array_equal(weights, before)


def test_few_words_are_five_at_most_also_in_half_precision() -> None:
    numbers = numbers_of(["***", "Related", "Five words are still few", "Six words are no longer few"])
    assert brief(numbers).tolist() == [True, True, True, False]
    assert brief(numbers.astype(np.float16)).tolist() == [True, True, True, False]


def test_spans_that_fade_are_of_as_many_lines_as_doubling_makes() -> None:
    for span in SPANS:
        lines = span.last - span.first + 1
        assert span.decay == 1 or lines & (lines - 1) == 0
