import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import model
from model import KEPT, LABELS, Label, LabelledLine, Page, Stripped, strip, strip_many
from model.artifact import Model, write
from model.page import Kind
from model.strip import lines_of_page
from training.samples import Sample

PIECES = st.sampled_from(
    "\n \n\n \r\n Menu word 日本語。 مرحبا 😀 \x00 \ud800 <p> <b> </b> <br> <a\thref=x> </a> &amp; 12:30".split(" ")
).map(lambda piece: piece.replace("\t", " "))
SOURCES = st.lists(PIECES | st.text(max_size=8), max_size=25).map(" ".join)
PAGES = SOURCES.map(Page.from_text) | SOURCES.map(Page.from_html)

few = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def answer(*lines: tuple[str, Label, float]) -> Stripped:
    return Stripped("", tuple(LabelledLine(text, label, score, 0, 0) for text, label, score in lines), "v")


def test_the_public_names_are_these() -> None:
    assert sorted(model.__all__) == [
        "KEPT", "LABELS", "Label", "LabelledLine", "Page", "Stripped", "strip", "strip_many",
    ]  # fmt: skip
    assert all(hasattr(model, name) for name in model.__all__)


@few
@given(PAGES)
def test_every_line_is_answered_once_and_in_order(tiny_model: Model, page: Page) -> None:
    found = strip(page, tiny_model)
    derived = lines_of_page(page)
    if page.kind is Kind.TEXT:
        assert found.page_text == page.source
    assert found.page_text == derived.text
    assert [(line.text, line.start, line.end) for line in found.lines] == [line[:3] for line in derived.lines]
    assert all(left.end < right.start for left, right in pairwise(found.lines))
    assert all(line.label in LABELS and 0 <= line.score <= 1 for line in found.lines)
    assert found.model == "tiny"


@few
@given(st.lists(PAGES, max_size=4))
def test_a_page_among_many_is_answered_as_alone(tiny_model: Model, pages: list[Page]) -> None:
    assert list(strip_many(pages, tiny_model)) == [strip(page, tiny_model) for page in pages]


def test_pages_are_taken_as_answers_are_asked_for(tiny_model: Model) -> None:
    taken = []

    def source() -> Iterator[Page]:
        for number in range(3):
            taken.append(number)
            yield Page.from_text("A line.")

    answers = strip_many(source(), tiny_model)
    assert taken == []
    next(answers)
    assert taken == [0]
    assert len(list(answers)) == 2


@pytest.mark.parametrize("source", ["", " ", "\r\n\t\n", "\u3000\n\xa0"])
def test_an_empty_page_has_no_lines(tiny_model: Model, source: str) -> None:
    for page in (Page.from_text(source), Page.from_html(source)):
        found = strip(page, tiny_model)
        assert (found.lines, found.text(), found.title) == ((), "", None)
    assert strip(Page.from_text(source), tiny_model).page_text == source


@pytest.mark.parametrize(
    "source",
    ["\x00", "\ud800\n\udfff", "x" * 200_000, "a\n" * 5_000, "😀" * 1_000, "\u200b", "<" * 5_000, "a b " * 20_000],
    ids=["nul", "surrogates", "one long word", "many lines", "emoji", "no width", "brackets", "one long line"],
)
@pytest.mark.parametrize("kind", list(Kind))
def test_no_page_is_too_strange(tiny_model: Model, kind: Kind, source: str) -> None:
    found = strip(Page(source, kind), tiny_model)
    if kind is Kind.TEXT:
        assert [line.text for line in found.lines] == [line for line in source.split("\n") if line.strip()]


def test_text_is_the_kept_lines() -> None:
    found = answer(("a", Label.TEXT, 1), ("b", Label.NAV, 1), ("  c ", Label.HEADING, 1), ("d", Label.CAPTION, 1))
    assert found.text() == found.text(KEPT) == "a\n  c "
    assert found.text(frozenset({Label.CAPTION, Label.NAV})) == "b\nd"
    assert found.text(frozenset({Label.LEGAL})) == ""


def test_the_title_is_the_likeliest_line_of_that_label() -> None:
    assert answer(("a", Label.TITLE, 0.5), (" b\r", Label.TITLE, 0.7), ("c", Label.HEADING, 0.9)).title == "b"
    assert answer(("a", Label.TITLE, 0.7), ("b", Label.TITLE, 0.7)).title == "a"
    assert answer(("a", Label.HEADING, 1)).title is None


def test_another_process_gives_the_same_answer(
    tiny_model: Model, few_samples: list[Sample], tmp_path: Path, root: Path
) -> None:
    write(tmp_path / "v", tiny_model.classifier, {}, {"date": "2026-01-01"})
    (tmp_path / "page.html").write_text(few_samples[0].html or "")
    code = (
        "import sys; from pathlib import Path; from model import Page, strip; from model.artifact import read\n"
        "folder = Path(sys.argv[1]); page = Page.from_html((folder / 'page.html').read_text())\n"
        "print(ascii(strip(page, read(folder / 'v'))))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
    assert said.pop().startswith(b"Stripped(")


def test_the_model_knows_neither_web_nor_training(root: Path) -> None:
    code = "import sys, model; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(root)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert "model" in loaded
    assert not {"flask", "werkzeug", "service", "training", "rapidfuzz", "resiliparse"} & set(loaded)
