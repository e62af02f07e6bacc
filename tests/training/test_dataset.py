from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from model.features.matrix import Features, features
from model.label import LABELS, Label
from model.lines.html import html_lines
from model.lines.text import text_lines
from training.align import UNKNOWN, align
from training.dataset import CARRIED, FIRST_HAND, HTML, TEXT, Packed, Pages, View, filled, prepare, views_of
from training.hashed import line_hash
from training.renderings import RENDERINGS
from training.samples import Sample
from training.teach import first_hand

BODY = (
    "<body><ul><li><a href=x>Home page</a><li><a href=y>World news</a></ul><h1>The old mill burns</h1>"
    "<p>It burned all night long.<p>No one was hurt in it.</body>"
)
OWN = (Label.NAV, Label.NAV, Label.TITLE, Label.TEXT, Label.TEXT)
HTML_SAMPLE = Sample("h", "a.example", 1, html=BODY, labels=OWN)
# The same page, labelled in another rendering that lacks a line and has one of its own.
TEXT_OF_IT = "* Home page\n\nThe old mill burns\nIt burned all night long.\nA line from nowhere"
BOTH = Sample("b", "b.example", 2, html=BODY, text=TEXT_OF_IT, labels=(Label.NAV, Label.TITLE, Label.TEXT, Label.AD))
TEXT_SAMPLE = Sample("t", "c.example", 3, text="Menu\nOne sentence.", labels=(Label.NAV, Label.TEXT))
GOLD_SAMPLE = Sample("g", "d.example", 4, html=BODY, gold="It burned all night long.\n\nNo one was hurt in it.")
ALL = [HTML_SAMPLE, BOTH, TEXT_SAMPLE, GOLD_SAMPLE]


@pytest.fixture(scope="module")
def pages() -> dict[str, Pages]:
    return {found.sample.id: found for found in prepare(ALL, 1)}


def views(pages: Pages) -> dict[str, View]:
    return {view.rendering: view for view in first_hand([pages])}


def labels_of(view: View) -> list[str]:
    return ["?" if column == UNKNOWN else str(LABELS[column]) for column in view.columns]


def test_what_is_prepared_holds_no_text_of_the_page(pages: dict[str, Pages]) -> None:
    kept = [(found.sample.html, found.sample.text, found.sample.gold) for found in pages.values()]
    assert kept == [("", None, None)] * len(ALL)
    assert all(found.sample.labels is not None for found in pages.values() if found.labelled is not None)


def equal(left: Features, right: Features) -> None:
    for one, other in zip(left[1:4], right[1:4], strict=True):
        assert np.array_equal(one.buckets, other.buckets)
        assert np.array_equal(one.rows, other.rows)
        assert np.array_equal(one.weights, other.weights)
    assert np.array_equal(left.terms.words, right.terms.words)
    assert np.array_equal(left.terms.rows, right.terms.rows)
    np.testing.assert_allclose(left.numbers, right.numbers, rtol=1e-3, atol=1e-4)


def test_what_is_packed_is_what_it_was_but_for_precision(few_samples: list[Sample]) -> None:
    texts = text_lines("Menu\n***\n日本語です。\nOne sentence, of words.")
    for page, html in ((html_lines(few_samples[0].html or ""), True), (texts, False)):
        found = features(page)
        packed = Packed.of(found)
        equal(packed.open(), found)
        assert packed.html is html
        assert packed.numbers.nbytes * (2 if html else 4) <= found.numbers.nbytes


def test_a_page_without_terms_is_packed_too() -> None:
    found = features(text_lines("a\n***"))
    equal(Packed.of(found).open(), found)


def test_a_page_labelled_in_html_comes_in_every_rendering(pages: dict[str, Pages]) -> None:
    found = views(pages["h"])
    assert set(found) == {HTML, *RENDERINGS}
    assert labels_of(found[HTML]) == list(OWN)
    assert labels_of(found["own"]) == list(OWN)
    assert labels_of(found["resiliparse"]) == list(OWN)
    assert all(view.fold == 1 and view.sample == "h" for view in found.values())


def test_the_renderings_are_bare_text_and_html_is_not(pages: dict[str, Pages]) -> None:
    for name, view in views(pages["h"]).items():
        html = html_lines(BODY) if name == HTML else text_lines(RENDERINGS[name](BODY))
        equal(view.packed.open(), features(html))


def test_a_page_labelled_as_text_carries_its_labels_to_html(pages: dict[str, Pages]) -> None:
    found = views(pages["b"])
    assert labels_of(found[TEXT]) == ["nav", "title", "text", "ad"]
    assert labels_of(found[HTML]) == ["nav", "?", "title", "text", "?"]
    assert found[HTML].known.tolist() == [True, False, True, True, False]
    assert labels_of(found["own"]) == ["nav", "?", "title", "text", "?"]


def test_a_rendering_that_was_labelled_itself_does_not_come_again() -> None:
    text = RENDERINGS["alt"](BODY)
    labels = (Label.NAV, Label.NAV, Label.TITLE, Label.TEXT, Label.TEXT)
    (found,) = prepare([Sample("a", "a.example", 1, html=BODY, text=text, labels=labels)], 1)
    assert set(found.views) == {HTML, TEXT, *(name for name, made in RENDERINGS.items() if made(BODY) != text)}
    assert labels_of(views(found)[TEXT]) == [str(label) for label in labels]


def test_a_line_that_a_rendering_has_alone_has_the_label_somebody_gave_it() -> None:
    body = "<p>Menu<p><img alt='A burnt wheel'><p>The mill burns<p><img alt='Menu'>"
    sample = Sample("a", "a.example", 1, html=body, labels=(Label.NAV, Label.TEXT))
    hashes = ((line_hash("A burnt wheel"), Label.AD), (line_hash("The mill burns"), Label.LEGAL))
    guessed, told = prepare([sample, replace(sample, others=hashes)], 1)
    assert labels_of(views(guessed)["alt"]) == ["nav", "nav", "text", "caption"]
    # What the page's own lines say of theirs stays.
    assert labels_of(views(told)["alt"]) == ["nav", "ad", "text", "caption"]
    assert labels_of(views(told)["resiliparse"]) == ["nav", "text"]


def test_a_line_that_nobody_labelled_is_unknown() -> None:
    sample = Sample("u", "u", 0, html=BODY, labels=(Label.NAV, None, None, Label.TEXT, None))
    found = views(next(prepare([sample], 1)))
    assert labels_of(found[HTML]) == labels_of(found["own"]) == ["nav", "?", "?", "text", "?"]


def test_a_text_alone_is_one_view(pages: dict[str, Pages]) -> None:
    assert labels_of(views(pages["t"])[TEXT]) == ["nav", "text"]
    assert list(pages["t"].views) == [TEXT]


def test_a_page_that_nobody_labelled_knows_its_gold_only(pages: dict[str, Pages]) -> None:
    found = pages["g"]
    assert found.own is None
    assert found.text is None
    assert found.gold is not None
    assert found.gold.tolist() == [False, False, False, True, True]
    assert first_hand([found]) == []
    assert pages["h"].gold is None


def test_renderings_of_an_unlabelled_page_are_drawn_by_its_name() -> None:
    many = [replace(GOLD_SAMPLE, id=f"g{number}") for number in range(12)]
    drawn = [set(found.views) for found in prepare(many, 1)]
    assert drawn == [set(found.views) for found in prepare(many, 1)]
    assert all({HTML, "resiliparse"} <= found and len(found) == 4 for found in drawn)
    assert set.union(*drawn) == {HTML, *RENDERINGS}


def test_carried_labels_weigh_less_than_first_hand_ones(pages: dict[str, Pages]) -> None:
    found = views(pages["b"])
    assert set(found[TEXT].weights.tolist()) == {1.0}
    assert set(found[HTML].weights.tolist()) == {FIRST_HAND}
    for name in set(found) & set(RENDERINGS):
        assert found[name].weights.tolist() == pytest.approx([CARRIED] * len(found[name].weights))


def test_weights_of_taught_lines_are_lower_and_follow_the_teacher(pages: dict[str, Pages]) -> None:
    columns, sure = np.array([5, 5, 0, 1, 1]), np.array([1, 0.5, 1, 1, 0.5], np.float32)
    likely = (np.eye(10)[columns] * sure[:, None]).astype(np.float32)
    likely[:, 9] += 1 - sure
    found = {view.rendering: view for view in views_of(pages["g"], columns, sure, likely)}
    assert found[HTML].columns.tolist() == columns.tolist()
    assert 0 < found[HTML].weights[0] < FIRST_HAND
    assert found[HTML].weights[1] == pytest.approx(found[HTML].weights[0] / 2)
    assert found["resiliparse"].weights[0] == pytest.approx(CARRIED * 0.8)
    assert all(view.weights.dtype == np.float32 for view in found.values())
    assert sure.tolist() == [1, 0.5, 1, 1, 0.5]
    assert found[HTML].likely is None
    assert found["resiliparse"].likely == pytest.approx(likely, abs=1e-3)
    for name in found.keys() & RENDERINGS:
        said = found[name].likely
        assert said is not None
        assert said[found[name].known].sum(axis=1) == pytest.approx(1, abs=1e-3)
        assert (said.argmax(axis=1) == found[name].columns)[found[name].known].all()


def test_a_teacher_is_not_asked_what_a_person_said(pages: dict[str, Pages]) -> None:
    assert all(view.likely is None for page in "hbt" for view in views(pages[page]).values())
    taught = views_of(pages["b"], np.array([5, 5, 0, 1, 1]), np.ones(5, np.float32), np.full((5, 10), 0.1, np.float32))
    assert [view.rendering for view in taught if view.likely is None] == [HTML, TEXT]


@pytest.mark.parametrize("jobs", [1, 2])
def test_samples_come_in_order_and_those_without_lines_are_left_out(jobs: int) -> None:
    empty = [Sample("e", "e", 0, html="<p></p>", labels=()), Sample("f", "f", 0, text=" \n")]
    mixed = [*empty, *ALL, *empty, *(replace(sample, id=f"{sample.id}2") for sample in ALL)]
    assert [found.sample.id for found in prepare(mixed, jobs)] == ["h", "b", "t", "g", "h2", "b2", "t2", "g2"]


def test_an_empty_labelled_text_of_a_page_with_lines_is_left_out() -> None:
    (found,) = prepare([Sample("x", "x", 0, html=BODY, text="", labels=())], 1)
    assert TEXT not in found.views


def test_nothing_comes_of_nothing() -> None:
    assert list(prepare([], 1)) == []


def test_a_sample_may_be_generated() -> None:
    def source() -> Iterator[Sample]:
        yield HTML_SAMPLE

    assert [found.sample.id for found in prepare(source(), 1)] == ["h"]


LETTERS = {
    "n": Label.NAV, "t": Label.TITLE, "x": Label.TEXT, "b": Label.BYLINE, "c": Label.CAPTION, "r": Label.RELATED,
}  # fmt: skip


def carried(own: str, labels: str, rendering: str) -> str:
    """A letter for each line of a rendering; `labels` are those of the own lines."""
    alignment = align(own.split(), rendering.split())
    columns = alignment.carry(np.array([LETTERS[letter].column for letter in labels]), len(LABELS))
    names = {label.column: letter for letter, label in LETTERS.items()} | {UNKNOWN: "?"}
    return "".join(names[int(column)] for column in filled(columns, alignment))


@pytest.mark.parametrize(
    ("own", "labels", "rendering", "expected"),
    [
        ("menu head text", "ntx", "browser menu head text", "tntx"),
        ("menu head text", "ntx", "menu logo head text picture", "nntxc"),
        ("head text more", "txr", "head picture text picture more picture", "tcxcrr"),
        ("by on text", "bbx", "by portrait on text", "bbbx"),
        ("menu caption", "nc", "menu picture caption", "ncc"),
        ("menu text", "nx", "new other third", "???"),
        ("menu text", "nx", "menu --- text", "n?x"),
    ],
)
def test_lines_a_rendering_has_alone_are_labelled_by_those_around(
    own: str, labels: str, rendering: str, expected: str
) -> None:
    assert carried(own, labels, rendering) == expected
