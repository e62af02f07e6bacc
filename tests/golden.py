"""How the shipped model does on the golden pages, and the floors it must not fall under.

    python -m tests.golden          # raise the floors to what the model that ships reaches

A floor is never lowered here: that is an edit of `tests/pages/floors.json`, with its reason in the commit.
"""

import json
from collections.abc import Mapping
from math import floor
from pathlib import Path

from model.artifact import Model, read
from model.label import KEPT
from model.lines.html import html_lines
from model.page import Page
from model.strip import Stripped, strip
from training.importers import annotated
from training.metrics import word_f1
from training.samples import Sample

PAGES = Path(__file__).parent / "pages"
FLOORS = PAGES / "floors.json"
SHIPPED = Path(__file__).parent.parent / "model/trained"
# For each page: word F1 and share of lines labelled right, each from HTML and from bare text.
KINDS = ("html", "text")
SLACK = 0.005

Scores = dict[str, float]


def names() -> list[str]:
    """The golden pages, in order."""
    return sorted(path.stem for path in PAGES.glob("*.html"))


def sample_of(name: str) -> Sample:
    """A golden page with its labels."""
    return annotated((PAGES / f"{name}.html").read_text("utf-8"), name)


def scores_of(name: str, model: Model) -> Scores:
    """Word F1 and line accuracy of a golden page, from its HTML and from the bare text derived of it."""
    sample = sample_of(name)
    html = sample.html or ""
    found: Scores = {}
    for kind in KINDS:
        page = Page.from_html(html) if kind == "html" else Page.from_text(html_lines(html).text)
        found.update(score(strip(page, model), sample, kind))
    return found


def score(answer: Stripped, sample: Sample, kind: str) -> Scores:
    """Word F1 and line accuracy of an answer, named after the kind of page."""
    labels = sample.labels or ()
    pairs = list(zip(answer.lines, labels, strict=True))
    gold = "\n".join(line.text for line, label in pairs if label in KEPT)
    right = sum(line.label == label for line, label in pairs)
    return {f"{kind}_word_f1": word_f1(answer.text(), gold), f"{kind}_accuracy": right / len(pairs)}


def raised(floors: Mapping[str, Scores], reached: Mapping[str, Scores]) -> dict[str, Scores]:
    """Floors for the pages of `reached`: the old ones, or a little less than what is reached where that is more."""
    return {
        page: {
            name: max(floors.get(page, {}).get(name, 0.0), floor(max(value - SLACK, 0) * 1000) / 1000)
            for name, value in scores.items()
        }
        for page, scores in sorted(reached.items())
    }


def read_floors() -> dict[str, Scores]:
    """The floors as they are written, none where they are not."""
    if not FLOORS.exists():
        return {}
    found: dict[str, Scores] = json.loads(FLOORS.read_text())
    return found


def main() -> None:
    """Write the floors anew, and say which rose."""
    model = read(SHIPPED)
    old = read_floors()
    new = raised(old, {name: scores_of(name, model) for name in names()})
    for page, scores in new.items():
        for name, value in scores.items():
            if value != old.get(page, {}).get(name):
                print(f"{page} {name}: {old.get(page, {}).get(name)} -> {value}")  # noqa: T201  # a command's answer
    FLOORS.write_text(json.dumps(new, indent=1) + "\n")


if __name__ == "__main__":
    main()
