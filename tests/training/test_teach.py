from dataclasses import replace

import numpy as np
import pytest

from model.classifier import Classifier
from model.label import COLUMN
from training.align import UNKNOWN
from training.dataset import HTML, TEXT, Pages, View, prepare
from training.samples import Sample
from training.teach import first_hand, lessons, limited, taught

SHOWN = ("title", "byline", "caption")


@pytest.fixture(scope="module")
def unlabelled(few_samples: list[Sample]) -> list[Pages]:
    """Two of the samples, as if only their main text were known, and one of which nothing is known."""
    samples = []
    for sample in few_samples[:2]:
        html, _, _ = (sample.html or "").partition("<footer")
        samples.append(replace(sample, id=f"{sample.id}-u", html=html, labels=None, gold="No such line."))
    samples.append(replace(few_samples[2], id="nothing", labels=None))
    return list(prepare(samples, 1))


def page(gold: list[bool] | None, kind: str = "article", captions: bool = False) -> Pages:
    sample = Sample("a", "a", 0, html="<p>a", kind=kind, captions=captions)
    return Pages(sample, {}, {}, None, None, None if gold is None else np.array(gold), {})


def even(lines: int) -> np.ndarray:
    return np.full((lines, 10), 0.1, np.float32)


def test_only_labelled_pages_are_first_hand(few_pages: list[Pages], unlabelled: list[Pages]) -> None:
    found = first_hand([*few_pages, *unlabelled])
    assert {view.sample for view in found} == {page.sample.id for page in few_pages}
    assert len(found) == sum(len(page.views) for page in few_pages)


def test_a_teacher_learns_from_own_lines_and_labelled_texts(few_views: list[View]) -> None:
    found = lessons(few_views)
    assert {view.rendering for view in found} <= {HTML, TEXT}
    assert len(found) == 6


def test_a_teacher_labels_every_view_of_the_others(
    tiny_classifier: Classifier, few_pages: list[Pages], unlabelled: list[Pages]
) -> None:
    found = taught([*few_pages, *unlabelled], tiny_classifier)
    assert [view.sample for view in found] == [page.sample.id for page in unlabelled for _ in page.views]
    for view in found:
        assert len(view.columns) == len(view.weights) == len(view.packed.numbers)
        assert view.weights.min() > 0
        assert view.weights.max() <= 1
        if view.rendering == HTML:
            assert UNKNOWN not in view.columns


def test_what_the_teacher_says_of_a_page_without_gold_stands(
    tiny_classifier: Classifier, unlabelled: list[Pages]
) -> None:
    (html,) = [view for view in taught(unlabelled[2:], tiny_classifier) if view.rendering == HTML]
    likely = tiny_classifier.probabilities(html.packed.open())
    assert np.array_equal(html.columns, likely.argmax(axis=1))
    np.testing.assert_allclose(limited(likely, unlabelled[2]), likely)


def test_probabilities_stay_probabilities_and_their_input_stays() -> None:
    given = even(3)
    found = limited(given, page([True, False, True]))
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-5)
    assert np.array_equal(given, even(3))


def test_a_line_of_the_gold_is_the_articles() -> None:
    found = limited(even(1), page([True]))[0]
    kept = [COLUMN["text"], COLUMN["heading"]]
    assert found[kept].sum() > 0.8
    assert found[kept[0]] == pytest.approx(found[kept[1]])


def test_a_line_outside_the_gold_is_not() -> None:
    found = limited(even(1), page([False]))[0]
    assert found[[COLUMN["text"], COLUMN["heading"]]].sum() < 0.05
    assert found[COLUMN["nav"]] == pytest.approx(found[COLUMN["legal"]])


def test_a_strong_opinion_outweighs_gold_only_when_very_strong() -> None:
    nav, text = COLUMN["nav"], COLUMN["text"]
    for sure, expected in ((0.8, text), (0.9999, nav)):
        given = np.full((1, 10), (1 - sure) / 9, np.float32)
        given[0, nav] = sure
        assert limited(given, page([True]))[0].argmax() == expected


def test_gold_that_holds_captions_does_not_speak_against_them() -> None:
    plain, captions = limited(even(1), page([True])), limited(even(1), page([True], captions=True))
    for name in SHOWN:
        assert plain[0, COLUMN[name]] < 0.02
        assert captions[0, COLUMN[name]] == pytest.approx(captions[0, COLUMN["text"]])
    assert captions[0, COLUMN["nav"]] < 0.02


def test_gold_of_other_kinds_of_page_is_trusted_less_in_what_it_leaves_out() -> None:
    article, shop = (limited(even(1), page([False], kind, captions=True)) for kind in ("article", "product"))
    assert shop[0, COLUMN["text"]] > 2 * article[0, COLUMN["text"]]
