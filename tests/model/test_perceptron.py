import numpy as np
import pytest

from model.classifier import Classifier
from model.features.context import LINE_BARE, PAGE_BARE, kin_inputs, line_inputs, page_bare, page_inputs
from model.features.matrix import Features, features
from model.lines.html import html_lines
from model.lines.text import text_lines
from model.perceptron import Perceptron

PAGES = {
    "text": features(text_lines("Menu\n\n  * Home | News\nThe mill burned, all night long.\nThe mill burned\n© 2026")),
    "html": features(html_lines("<nav class=menu><a href=x>Menu</a></nav><h1>The mill</h1><p>It burned, all night.")),
}


@pytest.mark.parametrize("page", PAGES.values(), ids=list(PAGES))
def test_what_scikit_learn_says_of_all_columns(tiny_classifier: Classifier, page: Features) -> None:
    scores = tiny_classifier.scores(page)
    first = tiny_classifier.line.predict_proba(line_inputs(page, scores))
    ramps = tiny_classifier.ramps
    inputs = page_inputs(page, scores, first, ramps)
    whole = tiny_classifier.page.predict_proba(inputs)
    found = Perceptron(tiny_classifier.page, page_bare(ramps)).probabilities(inputs, bare=False)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, whole, rtol=1e-4, atol=1e-6)
    last = tiny_classifier.kin.predict_proba(kin_inputs(page, whole))
    np.testing.assert_allclose(tiny_classifier.probabilities(page), last, rtol=1e-3, atol=1e-5)


def test_columns_left_out_for_bare_text_are_zero_there(tiny_classifier: Classifier) -> None:
    page = PAGES["text"]
    scores = tiny_classifier.scores(page)
    first = tiny_classifier.line.predict_proba(line_inputs(page, scores))
    ramps = tiny_classifier.ramps
    assert not PAGE_BARE[ramps.columns].all()
    for whole, part, bare in (
        (line_inputs(page, scores), line_inputs(page, scores, bare=True), LINE_BARE),
        (
            page_inputs(page, scores, first, ramps),
            page_inputs(page, scores, first, ramps.within(PAGE_BARE), bare=True),
            page_bare(ramps),
        ),
    ):
        assert whole.shape[1] == len(bare)
        assert np.array_equal(whole[:, bare], part)
        assert not whole[:, ~bare].any()


def test_markup_has_some_of_them(tiny_classifier: Classifier) -> None:
    page = PAGES["html"]
    assert page.html
    assert line_inputs(page, tiny_classifier.scores(page))[:, ~LINE_BARE].any()
