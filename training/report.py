"""The report written: JSON of figures alone, one HTML page with pictures, tables for a terminal and for the docs.

A folder of a report holds `report.json` (by `pagesieve evaluate`), `benchmark.json` (by `make bench`), the
lines that went wrong in `wrong.json`, and `report.html`, which shows whatever of them is there.

    python -m training.report [FOLDER] [--into FILE.md]
"""

import argparse
import html
import json
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table as Grid

from model.artifact import Model
from model.errors import PagesieveError, TrainingError
from training.pictures import pictures
from training.samples import Sample
from training.tables import Table, share, tables, worst_table
from training.wrong import wrong_lines

Report = dict[str, Any]

FOLDER = Path("build/report")
REPORT, BENCHMARK, WRONG, PAGE = "report.json", "benchmark.json", "wrong.json", "report.html"
BEGIN, END = "<!-- figures: written by training.report -->", "<!-- end of figures -->"
# Of a page, what fits the patience of a reader.
_LINES, _CHARACTERS = 60, 240
_CAPTIONS = {
    "scatter": "Accuracy against cost",
    "confusion": "Confusion: of a label's lines (row), percent answered with each",
    "reliability": "Reliability: the share of lines that is right, by score",
    "curves": "Precision against recall of each label",
}


def write(folder: Path, report: Report, model: Model, samples: Sequence[Sample]) -> None:
    """Write an evaluation and the wrong lines of its worst pages to `folder`, and its HTML page anew.

    Raises:
        TrainingError: the disk refused.
    """
    known = {sample.id: sample for sample in samples}
    wrong = {
        rendering: {
            page["id"]: [asdict(line) for line in wrong_lines(known[page["id"]], rendering, model)] for page in pages
        }
        for rendering, pages in report["worst"].items()
    }
    save(folder, {REPORT: report, WRONG: wrong})


def save(folder: Path, files: dict[str, Report]) -> None:
    """Write JSON files to `folder`, and its HTML page anew.

    Raises:
        TrainingError: the disk refused.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
        page = as_html(*(_load(folder / name) for name in (REPORT, BENCHMARK, WRONG)))
        (folder / PAGE).write_text(page, "utf-8")
    except OSError as error:
        raise TrainingError(
            f"{folder}: the report can't be written: {error.strerror}. Choose another folder."
        ) from error


def show(folder: Path, console: Console) -> None:
    """Print the tables of a folder's report and where its page is."""
    report = _load(folder / REPORT)
    found = [*tables(report, _load(folder / BENCHMARK))]
    if report:
        found += [worst_table(report, rendering) for rendering in report["worst"]]
    for table in found:
        grid = Grid(title=table.title, caption=table.note, box=box.SIMPLE, title_justify="left", caption_justify="left")
        for number, name in enumerate(table.head):
            grid.add_column(name, justify="right" if number else "left", no_wrap=number == 0)
        for row in table.rows:
            grid.add_row(*row)
        console.print(grid)
    console.print(f"With pictures and the lines that went wrong: {folder / PAGE}")


def as_markdown(report: Report | None, benchmark: Report | None, shown: Iterable[str]) -> str:
    """The tables, and links to the pictures of the names `shown` in the folder `pictures`, as Markdown."""
    parts = []
    for table in tables(report, benchmark):
        head, *rows = (f"| {' | '.join(_cell(cell) for cell in row)} |" for row in (table.head, *table.rows))
        rule = "|---|" + "---:|" * (len(table.head) - 1)
        parts.append("\n".join((f"### {table.title}", "", table.note, "", head, rule, *rows)))
    parts += [f"### {_CAPTIONS[name]}\n\n![{_CAPTIONS[name]}](pictures/{name}.svg)" for name in shown]
    return "\n\n".join(parts)


def insert(text: str, figures: str) -> str:
    """A document's text with `figures` between its two marks, in the place of what stood there.

    Raises:
        TrainingError: it hasn't both marks, once each and in order.
    """
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise TrainingError(f"The document wants one line {BEGIN} and below it one line {END}. Add them.")
    return re.sub(
        f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: f"{BEGIN}\n\n{figures}\n\n{END}", text, flags=re.DOTALL
    )


def as_html(report: Report | None, benchmark: Report | None, wrong: Report | None) -> str:
    """One page that needs no other file: tables, pictures, and the worst pages with their wrong lines."""
    drawn = pictures(report, benchmark)
    found = list(tables(report, benchmark))
    versions = [f"model {part['model']}" for part in (report, benchmark) if part]
    parts = [f"<h1>pagesieve</h1><p class=note>{html.escape(', '.join(dict.fromkeys(versions)))}</p>"]
    if benchmark:
        beside = [table for table in found if "Tool" in table.head]
        parts += [*map(_html_table, beside), _figure("scatter", drawn)]
    if report:
        parts += [_html_table(table) for table in found if "Tool" not in table.head]
        parts += [_figure(name, drawn) for name in drawn if name != "scatter"]
        for rendering in report["worst"]:
            parts.append(_html_table(worst_table(report, rendering)))
            parts += [
                _wrong_page(page, (wrong or {}).get(rendering, {}).get(page["id"], []))
                for page in report["worst"][rendering]
            ]
    return _SHELL.replace("%%", "\n".join(parts))


def _html_table(table: Table) -> str:
    rows = [
        "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in row) + "</tr>"
        for tag, row in (("th", table.head), *(("td", row) for row in table.rows))
    ]
    ours = [row.replace("<tr>", "<tr class=ours>") if row.startswith("<tr><td>pagesieve") else row for row in rows]
    return (
        f"<section><h2>{html.escape(table.title)}</h2><p class=note>{html.escape(table.note)}</p>"
        f"<div class=wide><table>{''.join(ours)}</table></div></section>"
    )


def _figure(name: str, drawn: dict[str, str]) -> str:
    return f"<figure>{drawn[name]}<figcaption>{html.escape(_CAPTIONS[name])}</figcaption></figure>"


def _wrong_page(page: Report, lines: list[Report]) -> str:
    """A page's wrong lines, folded away; those beyond what anyone reads are counted."""
    rows = "".join(
        f"<tr><td>{line['number']}</td><td>{line['gold']}</td><td>{line['answer']}</td><td>{line['score']:.2f}</td>"
        f"<td dir=auto>{html.escape(_shortened(line['text']))}</td></tr>"
        for line in lines[:_LINES]
    )
    more = f"<p class=note>and {len(lines) - _LINES} more</p>" if len(lines) > _LINES else ""
    figure = page["accuracy"] if page["word_f1"] is None else page["word_f1"]
    title = html.escape(f"{page['id']} · {page['host']} · {page['kind']} · {share(figure)} · {len(lines)} lines wrong")
    head = "<tr><th>line</th><th>is</th><th>taken for</th><th>score</th><th>words</th></tr>"
    return f"<details><summary>{title}</summary><table class=lines>{head}{rows}</table>{more}</details>"


def _shortened(text: str) -> str:
    return text if len(text) <= _CHARACTERS else text[: _CHARACTERS - 1] + "…"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _load(path: Path) -> Report | None:
    if not path.exists():
        return None
    found: Report = json.loads(path.read_text("utf-8"))
    return found


_SHELL = Path(__file__).with_name("report.html").read_text("utf-8")


def main(arguments: Sequence[str]) -> None:
    """Print a report's tables, or write them with its pictures into a document, between two marks.

    Raises:
        TrainingError: there is no report, the document has no marks, or it can't be written.
    """
    parser = argparse.ArgumentParser(prog="python -m training.report", description="Show a report again.")
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, help="where the report is")
    parser.add_argument("--into", type=Path, metavar="FILE", help="write tables and pictures into this Markdown file")
    given = parser.parse_args(arguments)
    report, benchmark = _load(given.folder / REPORT), _load(given.folder / BENCHMARK)
    if report is None and benchmark is None:
        raise TrainingError(f"{given.folder}: no report is there. Run pagesieve evaluate or make bench first.")
    if given.into is None:
        show(given.folder, Console())
        return
    drawn = pictures(report, benchmark)
    try:
        text = insert(given.into.read_text("utf-8"), as_markdown(report, benchmark, drawn))
        (given.into.parent / "pictures").mkdir(exist_ok=True)
        for name, svg in drawn.items():
            (given.into.parent / "pictures" / f"{name}.svg").write_text(svg, "utf-8")
        given.into.write_text(text, "utf-8")
    except OSError as error:
        raise TrainingError(f"{given.into}: it can't be written: {error.strerror}.") from error


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except PagesieveError as error:
        sys.exit(str(error))
