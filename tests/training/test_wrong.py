from model import Label
from tests.training.fixed import SURE, fixed
from training.samples import Sample
from training.wrong import INSIDE, OUTSIDE, WrongLine, wrong_lines

PAGE = "<p>Home page</p><p>It stood long.</p><p>Then it fell.</p>"
GOLD = "It stood long.\n\nThen it fell."
LABELS = (Label.NAV, Label.TEXT, Label.TEXT)


def test_a_labelled_page_says_what_each_line_is() -> None:
    sample = Sample("a", "a.example", 0, PAGE, labels=LABELS)
    for rendering in ("html", "resiliparse"):
        assert wrong_lines(sample, rendering, fixed("nav text ad")) == [
            WrongLine(3, "Then it fell.", "text", "ad", SURE)
        ]


def test_labels_are_carried_to_html_and_unknown_lines_are_not_wrong() -> None:
    sample = Sample("a", "a.example", 0, PAGE, text="Then it fell.", labels=(Label.TEXT,))
    (line,) = wrong_lines(sample, "html", fixed("legal"))
    assert (line.number, line.gold, line.answer) == (3, "text", "legal")


def test_gold_text_tells_the_article_from_the_rest() -> None:
    sample = Sample("a", "a.example", 0, PAGE, gold=GOLD)
    for rendering in ("html", "resiliparse"):
        found = wrong_lines(sample, rendering, fixed("text title heading"))
        assert [(line.number, line.gold, line.answer) for line in found] == [
            (1, OUTSIDE, "text"),
            (2, INSIDE, "title"),
        ]


def test_nothing_is_wrong_with_what_cannot_be_rendered() -> None:
    assert wrong_lines(Sample("a", "a.example", 0, text="Home\nIt fell.", gold="It fell."), "html", fixed("ad")) == []


def test_text_alone() -> None:
    sample = Sample("a", "a.example", 0, text="Home\nIt fell.", gold="It fell.")
    (line,) = wrong_lines(sample, "text", fixed("text"))
    assert (line.number, line.text, line.gold) == (1, "Home", OUTSIDE)
