import numpy as np
import pytest

from model import KEPT, Label, strip
from model.label import COLUMN
from tests.training.fixed import SURE, fixed
from training.align import UNKNOWN
from training.metrics import Shingles
from training.samples import Sample
from training.scored import HTML, MEASURED, TEXT, carried, gold_of, labelled_page, mark, rendered, score_page

PAGE = "<html lang=en><body><p>Home page</p><h1>The mill</h1><p>It stood long.</p><p>Then it fell.</p></body></html>"
LABELS = (Label.NAV, Label.TITLE, Label.TEXT, Label.TEXT)
BARE = "Home page\n\nThe mill\nIt stood long.\nThen it fell."


def sample(
    html: str | None = PAGE,
    text: str | None = None,
    labels: tuple[Label | None, ...] | None = None,
    gold: str | None = None,
) -> Sample:
    return Sample("a", "a.example", 1, html, text, labels, gold, "mine", "article")


def test_gold_is_what_the_sample_says() -> None:
    assert gold_of(sample(gold="It stood.", labels=LABELS)) == "It stood."
    assert gold_of(sample(gold="", labels=LABELS)) == ""


@pytest.mark.parametrize("own", [sample(labels=LABELS), sample(html=None, text=BARE, labels=LABELS)])
def test_gold_is_else_what_the_labels_of_its_own_lines_keep(own: Sample) -> None:
    assert gold_of(own) == "It stood long.\nThen it fell."


def test_a_page_that_keeps_nothing_has_an_empty_gold() -> None:
    assert gold_of(sample(labels=(Label.NAV,) * 4)) == ""


def test_labels_of_a_rendering_of_html_are_no_gold() -> None:
    assert gold_of(sample(text=BARE, labels=LABELS)) is None
    assert gold_of(sample()) is None


def test_lines_without_a_label_make_no_gold_and_are_left_out() -> None:
    partly = sample(labels=(Label.NAV, None, Label.TEXT, None))
    assert gold_of(partly) is None
    marks = mark(partly, HTML, fixed("text"))
    assert marks is not None
    assert marks.rows.tolist() == [0, 2]
    assert marks.gold.tolist() == [COLUMN["nav"], COLUMN["text"]]


def test_rendered() -> None:
    for name in MEASURED:
        page = rendered(sample(), name)
        assert page is not None
        assert [line.text for line in strip(page, fixed("text")).lines] == BARE.replace("\n\n", "\n").split("\n")
    assert rendered(sample(), TEXT) is None
    assert rendered(sample(html=None, text=BARE), HTML) is None
    bare = rendered(sample(html=None, text=BARE), TEXT)
    assert bare is not None
    assert bare.source == BARE


def test_articles_of_each_rendering() -> None:
    page = score_page(sample(gold="It stood long. Then it fell."), fixed("nav title text"), (HTML, "resiliparse"))
    assert (page.id, page.host, page.source, page.kind, page.language) == ("a", "a.example", "mine", "article", "en")
    assert list(page.articles) == [HTML, "resiliparse"]
    assert {article.word_f1 for article in page.articles.values()} == {1.0}
    assert page.marks == {}


def test_what_is_kept_too_much_costs() -> None:
    page = score_page(sample(html=None, text=BARE, gold="It stood long. Then it fell."), fixed("text"), MEASURED)
    assert list(page.articles) == [TEXT]
    # Six of ten words.
    assert page.articles[TEXT].word_f1 == pytest.approx(2 * 6 / 16)
    assert page.articles[TEXT].shingles == Shingles(3, 4, 0)


def test_nothing_known_nothing_scored() -> None:
    page = score_page(sample(), fixed("text"), MEASURED)
    assert (page.articles, page.marks) == ({}, {})


@pytest.mark.parametrize("view", [HTML, TEXT])
def test_marks_of_own_lines(view: str) -> None:
    marks = mark(sample(labels=LABELS), view, fixed("nav text text"))
    assert marks is not None
    assert marks.rows.tolist() == [0, 1, 2, 3]
    assert marks.gold.tolist() == [COLUMN[label] for label in LABELS]
    assert marks.answer.tolist() == [COLUMN[name] for name in ("nav", "text", "text", "text")]
    assert marks.scores == pytest.approx(np.full(4, SURE))
    assert marks.probabilities.argmax(axis=1).tolist() == marks.answer.tolist()
    assert marks.accuracy == 0.75


def test_labels_of_a_text_are_carried_to_html_and_unknown_lines_left_out() -> None:
    other = sample(text="The mill\nIt stood long.", labels=(Label.TITLE, Label.TEXT))
    marks = mark(other, HTML, fixed("ad title nav"))
    assert marks is not None
    assert marks.rows.tolist() == [1, 2]
    assert marks.gold.tolist() == [COLUMN["title"], COLUMN["text"]]
    assert marks.answer.tolist() == [COLUMN["title"], COLUMN["nav"]]


def test_labels_of_other_words_mark_nothing() -> None:
    assert mark(sample(text="Elsewhere", labels=(Label.TEXT,)), HTML, fixed("text")) is None


def test_views_of_a_labelled_page() -> None:
    assert labelled_page(sample(), HTML) is None
    assert labelled_page(sample(html=None, text=BARE, labels=LABELS), HTML) is None
    text = labelled_page(sample(text=BARE, labels=LABELS), TEXT)
    assert text is not None
    assert text.source == BARE


def test_lines_that_look_alike_keep_their_own_labels() -> None:
    twice = sample(html="<p>More</p><p>It fell.</p><p>More</p>", labels=(Label.NAV, Label.TEXT, Label.RELATED))
    page = labelled_page(twice, HTML)
    assert page is not None
    assert carried(twice, strip(page, fixed("text"))).tolist() == [COLUMN[name] for name in ("nav", "text", "related")]


def test_a_line_without_words_is_unknown_elsewhere() -> None:
    other = sample(html="<p>It fell.</p><hr><p>***</p>", text="It fell.", labels=(Label.TEXT,))
    page = labelled_page(other, HTML)
    assert page is not None
    assert carried(other, strip(page, fixed("text"))).tolist() == [COLUMN["text"], UNKNOWN]


def test_real_pages_are_their_own_gold(few_samples: list[Sample]) -> None:
    for real in few_samples:
        page = labelled_page(real, HTML)
        assert page is not None
        assert real.labels is not None
        texts = [line.text for line in strip(page, fixed("text")).lines]
        assert gold_of(real) == "\n".join(t for t, label in zip(texts, real.labels, strict=True) if label in KEPT)
