"""The report's figures as tables of strings, which the terminal, the HTML report and the docs show alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Report = dict[str, Any]

NONE = "–"
# Ratios from here on are written without a fraction.
_WHOLE = 10
_FROM = {"html": "HTML", "text": "bare text", "bs4": "BeautifulSoup", "own": "own text"}
_WAYS = {"source": "Source", "source and kind": "Kind", "language": "Language"}


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its first column are names, the others figures."""

    title: str
    note: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(report: Report | None, benchmark: Report | None) -> Iterator[Table]:
    """All tables of an evaluation and of a benchmark, either of which may be missing."""
    if benchmark:
        yield from benchmark_tables(benchmark)
    if report:
        yield from article_tables(report)
        yield from label_tables(report)


def benchmark_tables(benchmark: Report) -> Iterator[Table]:
    """This and the peers side by side, from HTML and from bare text: in all, and by kind of page."""
    for mode in ("html", "text"):
        tools = benchmark.get(mode, {})
        if not tools:
            continue
        sources, kinds = (_keys([tool[way] for tool in tools.values()]) for way in ("source", "source and kind"))
        versions = ", ".join(f"{name} {tool['version']}" for name, tool in tools.items() if tool["version"])
        yield Table(
            f"Beside other tools, from {_FROM[mode]}",
            f"{benchmark['pages']} pages{_of_fold(benchmark)}; word F1 in all and by source; CPU milliseconds a page "
            "and pages a second of one thread, all tools in one run; how many times as many pages a second as "
            f"trafilatura and resiliparse do. {versions}.",
            ("Tool", "All", *sources, "ms", "Pages/s", "× trafilatura", "× resiliparse"),
            tuple(
                (
                    name,
                    share(tool["all"]["word_f1"]),
                    *(share(tool["source"].get(source, {}).get("word_f1")) for source in sources),
                    f"{tool['ms']:.2f}",
                    f"{tool['pages_per_second']:,.0f}",
                    *(ratio(tool, tools.get(peer)) for peer in ("trafilatura", "resiliparse")),
                )
                for name, tool in tools.items()
            ),
        )
        if len(kinds) > 1:
            rows = (
                (name, *(share(tool["source and kind"].get(k, {}).get("word_f1")) for k in kinds))
                for name, tool in tools.items()
            )
            yield Table(f"By kind of page, from {_FROM[mode]}", "Word F1.", ("Tool", *kinds), tuple(rows))


def article_tables(report: Report) -> Iterator[Table]:
    """Word F1 of articles by source, kind and language, a column a rendering."""
    articles = report["articles"]
    for way, title in _WAYS.items():
        names = _keys([part[way] for part in articles.values()])
        rows = [(name, *_article_row([part[way].get(name) for part in articles.values()])) for name in names]
        if way == "source":
            rows.insert(0, ("all", *_article_row([part["all"] for part in articles.values()])))
        if rows:
            yield Table(
                f"Articles by {title.lower()}",
                f"Word F1 of the kept lines (text, heading){_of_fold(report)}, a column what the page was given as.",
                (title, "Pages", *(_FROM.get(name, name) for name in articles)),
                tuple(rows),
            )


def label_tables(report: Report) -> Iterator[Table]:
    """How well lines are labelled, from bare text and from HTML: in all, by label, by kind and language."""
    views = report["labels"]
    if not views:
        return
    measures = {
        "Pages": "pages",
        "Lines": "lines",
        "Right": "accuracy",
        "Kept or dropped right": "kept_accuracy",
        "Macro-F1": "macro_f1",
        "Calibration error": "calibration_error",
    }
    rows = [(_FROM[view], *(_figure(found[name]) for name in measures.values())) for view, found in views.items()]
    yield Table("Lines", f"Labelled pages{_of_fold(report)}.", ("From", *measures), tuple(rows))
    for view, found in views.items():
        yield Table(
            f"Labels, from {_FROM[view]}",
            "Of each label: precision, recall, their F1, average precision over all thresholds; lines that have it, "
            "and that were given it.",
            ("Label", "Precision", "Recall", "F1", "Average precision", "Lines", "Answered"),
            tuple(
                (
                    name,
                    *(share(scores[what]) for what in ("precision", "recall", "f1")),
                    share(found["curves"].get(name, {}).get("average")),
                    *(f"{scores[what]:,}" for what in ("lines", "answered")),
                )
                for name, scores in found["label"].items()
            ),
        )
    for way in ("source and kind", "language"):
        names = _keys([found[way] for found in views.values()])
        yield Table(
            f"Lines by {_WAYS[way].lower()}",
            "Share of lines that have the right label.",
            (_WAYS[way], "Pages", *(_FROM[view] for view in views)),
            tuple((name, *_line_row([found[way].get(name) for found in views.values()])) for name in names),
        )


def worst_table(report: Report, rendering: str) -> Table:
    """The worst pages in a rendering, by name and score."""
    rows = [
        (
            page["id"],
            page["host"],
            page["kind"] or NONE,
            page["language"],
            share(page["word_f1"]),
            share(page["accuracy"]),
            ", ".join(f"{name} {count}" for name, count in list(page["wrong"].items())[:3]) or NONE,
        )
        for page in report["worst"][rendering]
    ]
    title = f"Worst pages from {_FROM.get(rendering, f'bare text ({rendering})')}"
    head = ("Page", "Host", "Kind", "Language", "Word F1", "Lines right", "Commonest mistakes")
    return Table(title, "By word F1 or, without gold text, by lines right.", head, tuple(rows))


def share(value: float | None) -> str:
    """A share of 0 to 1 with three digits and no zero before the point."""
    if value is None:
        return NONE
    return f"{value:.3f}".removeprefix("0")


def ratio(tool: Report, peer: Report | None) -> str:
    """How many times as many pages a second a tool does as a peer."""
    if not peer or not peer["pages_per_second"]:
        return NONE
    times = tool["pages_per_second"] / peer["pages_per_second"]
    return f"{times:,.0f}" if times >= _WHOLE else f"{times:.2f}"


def _article_row(parts: Sequence[Report | None]) -> tuple[str, ...]:
    pages = max(part["pages"] for part in parts if part)
    return (str(pages), *(share(part["word_f1"]) if part else NONE for part in parts))


def _line_row(parts: Sequence[Report | None]) -> tuple[str, ...]:
    pages = max(part["pages"] for part in parts if part)
    return (str(pages), *(share(part["accuracy"]) if part else NONE for part in parts))


def _figure(value: Any) -> str:  # noqa: ANN401  # an int or a float, which type checkers take for one
    return share(value) if isinstance(value, float) else f"{value:,}"


def _keys(groups: Sequence[dict[str, Any]]) -> list[str]:
    """The names of all groups, in order."""
    return sorted({name for group in groups for name in group})


def _of_fold(report: Report) -> str:
    return "" if report.get("fold") is None else f" of fold {report['fold']}"
