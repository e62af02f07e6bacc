from typing import Any

import pytest

from training.tables import Table, article_tables, benchmark_tables, label_tables, ratio, share, tables, worst_table


def article(f1: float, pages: int = 2) -> dict[str, Any]:
    return {"pages": pages, "word_f1": f1, "median_f1": f1, "shingle_f1": f1}


def lines(accuracy: float) -> dict[str, Any]:
    return {"pages": 1, "lines": 1200, "accuracy": accuracy, "kept_accuracy": 0.95, "macro_f1": 0.7}


LABEL = {"precision": 0.5, "recall": 1.0, "f1": 0.6667, "lines": 3, "answered": 6}
REPORT: dict[str, Any] = {
    "fold": 0,
    "articles": {
        "html": {
            "all": article(0.9, 3),
            "source": {"mine": article(0.95), "other": article(0.8, 1)},
            "source and kind": {"mine news": article(0.95)},
            "language": {"en": article(0.9)},
        },
        "resiliparse": {
            "all": article(0.85),
            "source": {"mine": article(0.85)},
            "source and kind": {"mine news": article(0.85)},
            "language": {"en": article(0.85)},
        },
    },
    "labels": {
        "text": {
            **lines(0.875),
            "calibration_error": 0.0213,
            "label": {"title": LABEL, "nav": LABEL},
            "curves": {"title": {"average": 0.75}},
            "source and kind": {"mine news": lines(0.875)},
            "language": {"en": lines(0.875)},
        }
    },
    "worst": {
        "html": [
            {
                "id": "p1",
                "host": "a.example",
                "kind": "",
                "language": "en",
                "word_f1": None,
                "accuracy": 0.25,
                "wrong": {"nav > ad": 9, "ad > nav": 3, "text > ad": 2, "ad > text": 1},
            }
        ]
    },
}


def tool(ms: float, f1: float, version: str) -> dict[str, Any]:
    return {
        "version": version,
        "all": article(f1),
        "source": {"mine": article(f1)},
        "source and kind": {"mine news": article(f1), "mine forum": article(f1)},
        "ms": ms,
        "pages_per_second": 1000 / ms if ms else 0.0,
        "failed": 0,
    }


BENCHMARK: dict[str, Any] = {
    "model": "m1",
    "fold": None,
    "pages": 4,
    "html": {
        "pagesieve": tool(2.0, 0.9, "m1"),
        "trafilatura": tool(16.0, 0.85, "2.3"),
        "resiliparse": tool(1.0, 0.8, "2.0"),
    },
    "text": {"pagesieve": tool(1.0, 0.8, "m1"), "everything": tool(0.0, 0.6, "")},
}


@pytest.mark.parametrize(
    ("value", "shown"), [(0.8765, ".876"), (1.0, "1.000"), (0.0, ".000"), (0.99951, "1.000"), (None, "–")]
)
def test_share(value: float | None, shown: str) -> None:
    assert share(value) == shown


def test_ratio() -> None:
    fast, slow = tool(1.0, 0, ""), tool(16.0, 0, "")
    assert ratio(fast, slow) == "16"
    assert ratio(slow, fast) == "0.06"
    assert ratio(fast, None) == ratio(fast, tool(0.0, 0, "")) == "–"


def test_this_beside_the_peers() -> None:
    html, kinds, text, _ = benchmark_tables(BENCHMARK)
    assert html.title == "Beside other tools, from HTML"
    assert html.head == ("Tool", "All", "mine", "ms", "Pages/s", "× trafilatura", "× resiliparse")
    assert html.rows == (
        ("pagesieve", ".900", ".900", "2.00", "500", "8.00", "0.50"),
        ("trafilatura", ".850", ".850", "16.00", "62", "1.00", "0.06"),
        ("resiliparse", ".800", ".800", "1.00", "1,000", "16", "1.00"),
    )
    assert html.note.startswith("4 pages; ")
    assert html.note.endswith(" pagesieve m1, trafilatura 2.3, resiliparse 2.0.")
    assert kinds.head == ("Tool", "mine forum", "mine news")
    assert text.rows[1] == ("everything", ".600", ".600", "0.00", "0", "–", "–")


def test_articles_have_a_column_a_rendering() -> None:
    source, kind, language = article_tables(REPORT)
    assert source.head == ("Source", "Pages", "HTML", "resiliparse")
    assert source.rows == (
        ("all", "3", ".900", ".850"),
        ("mine", "2", ".950", ".850"),
        ("other", "1", ".800", "–"),
    )
    assert kind.rows == (("mine news", "2", ".950", ".850"),)
    assert language.rows == (("en", "2", ".900", ".850"),)
    assert "of fold 0" in source.note


def test_lines_and_labels() -> None:
    every, labels, kind, language = label_tables(REPORT)
    assert every.rows == (("bare text", "1", "1,200", ".875", ".950", ".700", ".021"),)
    assert labels.title == "Labels, from bare text"
    assert labels.rows == (
        ("title", ".500", "1.000", ".667", ".750", "3", "6"),
        ("nav", ".500", "1.000", ".667", "–", "3", "6"),
    )
    assert kind.rows == (("mine news", "1", ".875"),)
    assert language.rows == (("en", "1", ".875"),)


def test_worst_pages() -> None:
    assert worst_table(REPORT, "html").rows == (
        ("p1", "a.example", "–", "en", "–", ".250", "nav > ad 9, ad > nav 3, text > ad 2"),
    )


def test_tables_of_what_is_there() -> None:
    every: list[Table] = list(tables(REPORT, BENCHMARK))
    assert every == [*tables(None, BENCHMARK), *tables(REPORT, None)]
    assert len(every) == 4 + 3 + 4
    assert list(tables(None, None)) == []
    assert list(label_tables({**REPORT, "labels": {}})) == []


def test_rows_are_as_long_as_their_head() -> None:
    for table in [*tables(REPORT, BENCHMARK), worst_table(REPORT, "html")]:
        assert {len(row) for row in table.rows} == {len(table.head)}
