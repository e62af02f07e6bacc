from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from model.classifier import Classifier
from model.features.matrix import features
from model.lines.html import html_lines
from model.lines.text import text_lines

few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@few
@given(st.text() | st.lists(st.sampled_from(["Menu", "A sentence, of words.", "\n", "12:30"])).map("\n".join))
def test_each_line_has_a_probability_for_each_label(tiny_classifier: Classifier, text: str) -> None:
    page = text_lines(text)
    assume(page.lines)
    found = tiny_classifier.probabilities(features(page))
    assert found.shape == (len(page.lines), 10)
    assert found.dtype == np.float32
    assert found.min() >= 0
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-4)


@pytest.mark.parametrize(
    "source", ["<p>a", "<ul><li><a href=x>Menu</a></ul><p>A sentence, of words.", "<h1>a</h1>b<br>c"]
)
def test_html_too(tiny_classifier: Classifier, source: str) -> None:
    page = html_lines(source)
    found = tiny_classifier.probabilities(features(page))
    assert found.shape == (len(page.lines), 10)
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-4)


def test_markup_says_nothing_of_bare_text(tiny_classifier: Classifier) -> None:
    page = html_lines("<nav class=menu><a href=x>Menu</a></nav><p>A sentence, of words.")
    loud = replace(tiny_classifier, hints=np.ones_like(tiny_classifier.hints))
    assert loud.scores(features(page))[:, 20:].all()
    assert not loud.scores(features(text_lines(page.text)))[:, 20:].any()


def test_the_answer_is_the_same_to_the_last_bit_whatever_came_before(tiny_classifier: Classifier) -> None:
    page, other = text_lines("Menu\nA sentence, of words.\n" * 9), html_lines("<p>Something<p>else" * 30)
    first = tiny_classifier.probabilities(features(page))
    tiny_classifier.probabilities(features(other))
    assert np.array_equal(tiny_classifier.probabilities(features(page)), first)


def test_what_surrounds_a_line_counts(tiny_classifier: Classifier) -> None:
    line = "A line that might be anything"
    among_links = f"Home\nNews\nSport\n{line}\nContact\nAbout\nLogin"
    prose = "It was said, by all who were there, that nothing of the kind had been seen before in the valley. "
    among_prose = "\n".join([prose * 3] * 3 + [line] + [prose * 2] * 3)
    first, second = (
        tiny_classifier.probabilities(features(text_lines(text)))[3] for text in (among_links, among_prose)
    )
    assert not np.allclose(first, second, atol=1e-3)
