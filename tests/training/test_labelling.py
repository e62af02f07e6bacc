from collections.abc import Callable

import numpy as np
import pytest

from model.errors import SampleError
from model.features.layout import Matrix
from model.label import COLUMN, LABELS, Label
from model.lines.text import text_lines
from model.page import Lines
from training.labelling import from_article, from_labels, from_lines

PAGE = text_lines("Menu\nA title of seven words stands here\n\nThe first line of the text.\n---\nRead more stories")
ALL = ["nav", "title", "text", "text", "related"]


def sure_of(*names: str) -> Callable[[Lines], Matrix]:
    def probabilities(page: Lines) -> Matrix:
        found = np.full((len(page.lines), len(LABELS)), 0.01, np.float32)
        for row, name in enumerate(names):
            found[row, COLUMN[name]] = 0.9
        return found

    return probabilities


def test_a_label_for_each_line() -> None:
    understood = from_labels(PAGE, ALL)
    assert understood.labels == (Label.NAV, Label.TITLE, Label.TEXT, Label.TEXT, Label.RELATED)
    assert understood.counts() == {"title": 1, "text": 2, "nav": 1, "related": 1}
    assert list(understood.counts()) == ["title", "text", "nav", "related"]
    assert understood.coverage == 1


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["nav"], "1 labels for 5 lines that are not empty: line 2, 'A title of seven words stands here', has none"),
        ([*ALL, "nav"], "6 labels for 5 lines that are not empty: label 6 has no line"),
        (
            ["nav", "headline", "text", "text", "ad"],
            "Label 2, of the line 'A title of seven words stands here', is 'headline'",
        ),
        ([*ALL, "headline"], "Label 6, of the line that is not there, is 'headline'"),
    ],
)
def test_labels_that_do_not_fit_are_refused_by_line(names: list[str], sentence: str) -> None:
    with pytest.raises(SampleError) as caught:
        from_labels(PAGE, names)
    assert sentence in str(caught.value)


def test_the_lines_of_an_answer_corrected() -> None:
    lines = [(line.text, name) for line, name in zip(PAGE.lines, ALL, strict=True)]
    assert from_lines(PAGE, lines) == from_labels(PAGE, ALL)
    assert from_lines(PAGE, [(f"  {text}\r", name) for text, name in lines]) == from_labels(PAGE, ALL)


def test_other_lines_are_refused_by_line() -> None:
    lines = [(line.text, name) for line, name in zip(PAGE.lines, ALL, strict=True)]
    lines[2] = ("The last line of the text.", "text")
    with pytest.raises(SampleError, match=r"Line 3 of the page is 'The first line .*', and line 3 .* 'The last line"):
        from_lines(PAGE, lines)
    with pytest.raises(SampleError, match="line 4, '---', has none"):
        from_lines(PAGE, [(line.text, "nav") for line in PAGE.lines[:3]])


def test_an_article_is_found_in_the_lines() -> None:
    article = "The first line of the text."
    understood = from_article(PAGE, article, sure_of("nav", "title", "text", "text", "related"))
    # The rule has no words and goes with the line above it.
    assert understood.labels == (Label.NAV, Label.TITLE, Label.TEXT, Label.TEXT, Label.RELATED)
    assert understood.coverage == 1


def test_an_article_is_right_whatever_the_model_says() -> None:
    wrong = sure_of("text", "heading", "ad", "ad", "text")
    understood = from_article(PAGE, "The first line of the text.", wrong)
    kept = [label in {Label.TEXT, Label.HEADING} for label in understood.labels]
    assert kept == [False, False, True, True, False]


def test_an_article_may_hold_its_title() -> None:
    article = "A title of seven words stands here\nThe first line of the text, and more of it elsewhere."
    understood = from_article(PAGE, article, sure_of("nav", "title", "text", "nav", "ad"))
    assert understood.labels[:3] == (Label.NAV, Label.TITLE, Label.TEXT)
    assert understood.coverage == pytest.approx(14 / 18, abs=1e-4)


@pytest.mark.parametrize(
    ("article", "sentence"),
    [
        (" \n- ", "holds no word"),
        ("Quite another story, of which this page says nothing at all.", "words are on the page"),
        ("word " * 60_001, "60,000 words"),
    ],
)
def test_an_article_that_is_none_of_the_page(article: str, sentence: str) -> None:
    with pytest.raises(SampleError, match=sentence):
        from_article(PAGE, article, sure_of())


def test_an_empty_page_holds_no_article() -> None:
    with pytest.raises(SampleError, match="page is empty"):
        from_article(text_lines("\n"), "An article.", sure_of())
