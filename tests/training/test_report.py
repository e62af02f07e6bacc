import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from model.errors import TrainingError
from tests.training.fixed import fixed
from tests.training.test_tables import BENCHMARK
from training import report as writing
from training.evaluate import measure
from training.pictures import pictures
from training.report import BEGIN, END, as_html, as_markdown, insert, main, write
from training.samples import Sample

MODEL = fixed("nav title text")
LEAKS = "Wholly <b>unmistakable</b> & odd words"


@pytest.fixture(scope="module")
def samples(few_samples: list[Sample]) -> list[Sample]:
    odd = Sample(
        "odd & <ends>", "a.example", 0, html=f"<p>{LEAKS}</p><p>More</p>", gold="Wholly unmistakable & odd words"
    )
    return [*few_samples[:2], odd]


@pytest.fixture(scope="module")
def report(samples: list[Sample]) -> dict[str, Any]:
    return measure(MODEL, samples, None, ("html", "resiliparse"), jobs=1)


class Outline(HTMLParser):
    """Whether elements that need an end have one, and what the page would fetch."""

    VOID = frozenset({"meta", "br", "link", "img"})

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [value or "" for name, value in attrs if name in {"src", "href"}]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.handle_endtag(tag)


def test_pictures_of_what_is_there(report: dict[str, Any]) -> None:
    assert set(pictures(report, BENCHMARK)) == {"scatter", "confusion", "reliability", "curves"}
    assert set(pictures(None, BENCHMARK)) == {"scatter"}
    assert pictures({**report, "labels": {}}, None) == {}


def test_pictures_are_svg_and_the_same_each_time(report: dict[str, Any]) -> None:
    drawn = pictures(report, BENCHMARK)
    for svg in drawn.values():
        assert ET.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314  # our own
    assert pictures(report, BENCHMARK) == drawn
    words = {node.text for node in ET.fromstring(drawn["scatter"]).iter("{http://www.w3.org/2000/svg}text")}  # noqa: S314
    assert words >= {"pagesieve", "trafilatura", "resiliparse", "from HTML", "from bare text"}
    assert "everything" not in words


def test_the_page_needs_no_other_file(report: dict[str, Any]) -> None:
    page = Outline(as_html(report, BENCHMARK, None))
    assert page.open == []
    assert all(target.startswith("#") for target in page.fetched)


def test_written_figures_hold_no_words_of_a_page(tmp_path: Path, report: dict[str, Any], samples: list[Sample]) -> None:
    write(tmp_path, report, MODEL, samples)
    assert "unmistakable" not in (tmp_path / "report.json").read_text()
    assert json.loads((tmp_path / "report.json").read_text()) == report
    wrong = json.loads((tmp_path / "wrong.json").read_text())
    assert wrong["html"]["odd & <ends>"][0]["text"] == "Wholly unmistakable & odd words"


def test_the_page_shows_wrong_lines_escaped(tmp_path: Path, report: dict[str, Any], samples: list[Sample]) -> None:
    write(tmp_path, report, MODEL, samples)
    page = (tmp_path / "report.html").read_text()
    assert "Wholly unmistakable &amp; odd words" in page
    assert "odd &amp; &lt;ends&gt;" in page
    assert "<ends>" not in page
    assert Outline(page).open == []


def test_many_and_long_wrong_lines_are_cut(tmp_path: Path) -> None:
    html = "".join(f"<p>{number} {'long ' * 100}</p>" for number in range(70))
    sample = Sample("a", "a.example", 0, html=html, gold="other words")
    write(tmp_path, measure(fixed("text"), [sample], None, ("html",), jobs=1), fixed("text"), [sample])
    page = (tmp_path / "report.html").read_text()
    assert "and 10 more" in page
    assert page.count("long …") + page.count("lon…") + page.count("long…") + page.count("lo…") + page.count("l…") == 60


def test_a_folder_shows_whatever_it_holds(tmp_path: Path, report: dict[str, Any]) -> None:
    writing.save(tmp_path, {writing.BENCHMARK: BENCHMARK})
    assert "Articles by source" not in (tmp_path / "report.html").read_text()
    writing.save(tmp_path, {writing.REPORT: report})
    page = (tmp_path / "report.html").read_text()
    assert "Articles by source" in page
    assert "Beside other tools" in page


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TrainingError, match="can't be written"):
        writing.save(tmp_path / "file", {})


def test_markdown_has_tables_whose_cells_hold(report: dict[str, Any]) -> None:
    text = as_markdown(report, BENCHMARK, ["scatter"])
    assert "| pagesieve | .900 | .900 | 2.00 | 500 | 8.00 | 0.50 |" in text
    assert "](pictures/scatter.svg)" in text
    for block in re.findall(r"(?:^\|.*\n)+", text + "\n", re.MULTILINE):
        assert len({line.count("|") for line in block.splitlines()}) == 1
        assert re.match(r"\|---\|(---:\|)+$", block.splitlines()[1])


def test_figures_take_the_place_of_older_ones() -> None:
    document = f"before\n\n{BEGIN}\n\nold \\1\n\n{END}\n\nafter\n"
    found = insert(document, r"new \2")
    assert found == f"before\n\n{BEGIN}\n\nnew \\2\n\n{END}\n\nafter\n"
    assert insert(found, r"new \2") == found


@pytest.mark.parametrize("document", ["", BEGIN, END, f"{END}{BEGIN}", f"{BEGIN}{END}{END}", f"{BEGIN}{BEGIN}{END}"])
def test_a_document_without_both_marks_is_refused(document: str) -> None:
    with pytest.raises(TrainingError, match="Add them"):
        insert(document, "new")


def test_the_benchmark_page_has_its_marks(root: Path) -> None:
    assert "new figures" in insert((root / "docs/benchmark.md").read_text(), "new figures")


def test_into_a_document(tmp_path: Path, report: dict[str, Any]) -> None:
    writing.save(tmp_path / "report", {writing.REPORT: report, writing.BENCHMARK: BENCHMARK})
    document = tmp_path / "page.md"
    document.write_text(f"{BEGIN}\n{END}\n")
    main([str(tmp_path / "report"), "--into", str(document)])
    text = document.read_text()
    for target in re.findall(r"\]\((.*?)\)", text):
        assert (tmp_path / target).read_text().startswith("<svg")
    assert text.count("](pictures/") == 4
    main([str(tmp_path / "report"), "--into", str(document)])
    assert document.read_text() == text


def test_shown_again(tmp_path: Path, report: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    writing.save(tmp_path, {writing.REPORT: report})
    main([str(tmp_path)])
    assert "Worst pages from HTML" in capsys.readouterr().out


def test_no_report_to_show(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no report is there"):
        main([str(tmp_path)])
