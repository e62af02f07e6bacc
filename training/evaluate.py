"""The report on a model: how well it does on samples, in all and by source, kind, language and label."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track
from threadpoolctl import threadpool_limits

from model import LABELS
from model.artifact import Model, read
from model.errors import TrainingError
from model.label import COLUMN, IS_KEPT
from model.processes import in_processes
from training import metrics
from training.importers import read_samples
from training.samples import Sample
from training.scored import HTML, MEASURED, TEXT, Article, Marks, ScoredPage, score_page

Report = dict[str, Any]

WORST = 20
OUT = Path("build/report")
# The text that stands for bare text where one is shown: what most pipelines make of HTML.
BARE = "resiliparse"
_DIGITS = 4


def evaluate(folder: Path, paths: Sequence[Path], fold: int | None = None, out: Path | None = None) -> Report:
    """The report on the version in `folder`, printed as tables and written to `out` as JSON and HTML.

    Raises:
        ArtifactError: the version can't be used.
        SampleError: a sample can't be read.
        TrainingError: no sample can be scored.
    """
    from training import report as writing

    model = read(folder)
    samples = read_samples(paths)
    report = measure(model, samples, fold)
    target = out or OUT
    writing.write(target, report, model, samples)
    writing.show(target, Console())
    if fold not in model.manifest.get("held_out", []):
        Console(stderr=True).print("Of sites the version was trained on, these figures flatter it.", style="yellow")
    return report


def measure(
    model: Model,
    samples: Sequence[Sample],
    fold: int | None,
    renderings: Sequence[str] = MEASURED,
    jobs: int | None = None,
) -> Report:
    """The report on a model, of numbers, ids and host names alone; of one fold's samples unless that is None.

    Pages are shared out to `jobs` processes, by default one a core.

    Raises:
        TrainingError: no sample has gold text or labels.
    """
    chosen = [sample for sample in samples if fold in {None, sample.fold}]
    pages = [page for page in _scored(model, chosen, renderings, jobs) if page.articles or page.marks]
    if not pages:
        where = "" if fold is None else f" in fold {fold}"
        raise TrainingError(f"No sample{where} has gold text or labels. Give some that have.")
    return {"model": model.version, "fold": fold, "pages": len(pages), **summary(pages)}


def summary(pages: Sequence[ScoredPage]) -> Report:
    """What the scores of pages come to: articles by rendering, labels by view, the worst pages of both."""
    renderings = list(dict.fromkeys(name for page in pages for name in page.articles))
    views = [view for view in (TEXT, HTML) if any(view in page.marks for page in pages)]
    return {
        "articles": {name: _articles([page for page in pages if name in page.articles], name) for name in renderings},
        "labels": {view: _labels([page for page in pages if view in page.marks], view) for view in views},
        "worst": {
            name: found
            for name, view in ((HTML, HTML), (BARE, TEXT), (TEXT, TEXT))
            if (found := _worst(pages, name, view))
        },
    }


_GROUPS: dict[str, Callable[[ScoredPage], str]] = {
    "source": lambda page: page.source,
    "kind": lambda page: page.kind,
    "source and kind": lambda page: f"{page.source} {page.kind}".strip(),
    "language": lambda page: page.language,
}


def _grouped(pages: Sequence[ScoredPage]) -> Iterator[tuple[str, dict[str, list[ScoredPage]]]]:
    """Each way to group pages, with its groups in order of their names; pages without a name left out."""
    for way, name_of in _GROUPS.items():
        groups: dict[str, list[ScoredPage]] = {}
        for page in pages:
            if name := name_of(page):
                groups.setdefault(name, []).append(page)
        yield way, dict(sorted(groups.items()))


def _articles(pages: Sequence[ScoredPage], rendering: str) -> Report:
    def score(chosen: Sequence[ScoredPage]) -> Report:
        articles: list[Article] = [page.articles[rendering] for page in chosen]
        f1 = [article.word_f1 for article in articles]
        return {
            "pages": len(chosen),
            "word_f1": _round(np.mean(f1)),
            "median_f1": _round(np.median(f1)),
            "shingle_f1": _round(metrics.shingle_f1([article.shingles for article in articles])),
        }

    groups = {way: {name: score(chosen) for name, chosen in found.items()} for way, found in _grouped(pages)}
    return {"all": score(pages), **groups}


def _labels(pages: Sequence[ScoredPage], view: str) -> Report:
    def score(chosen: Sequence[ScoredPage]) -> Report:
        marks = [page.marks[view] for page in chosen]
        gold, answer = (np.concatenate([getattr(mark, name) for mark in marks]) for name in ("gold", "answer"))
        return {
            "pages": len(chosen),
            "lines": len(gold),
            "accuracy": _round((gold == answer).mean()),
            "kept_accuracy": _round((IS_KEPT[gold] == IS_KEPT[answer]).mean()),
            "macro_f1": _round(metrics.macro_f1(metrics.confusion(gold, answer))),
        }

    groups = {way: {name: score(chosen) for name, chosen in found.items()} for way, found in _grouped(pages)}
    return {**score(pages), **_label_details([page.marks[view] for page in pages]), **groups}


def _label_details(marks: Sequence[Marks]) -> Report:
    """Scores of each label, confusion, reliability, and curves of precision and recall over all lines."""
    gold = np.concatenate([mark.gold for mark in marks])
    answer = np.concatenate([mark.answer for mark in marks])
    probabilities = np.concatenate([mark.probabilities for mark in marks]).astype(np.float64)
    bins = metrics.reliability(np.concatenate([mark.scores for mark in marks]), gold == answer)
    matrix = metrics.confusion(gold, answer)
    curves = {}
    for label in LABELS:
        curve = metrics.precision_recall(probabilities[:, label.column], gold == label.column)
        if curve is not None:
            curves[str(label)] = _rounded(asdict(curve))
    return {
        "calibration_error": _round(metrics.calibration_error(bins)),
        "label": {
            str(label): _rounded(asdict(score))
            for label, score in zip(LABELS, metrics.label_scores(matrix), strict=True)
        },
        "confusion": matrix.tolist(),
        "reliability": [_rounded(asdict(found)) for found in bins],
        "curves": curves,
    }


def _worst(pages: Sequence[ScoredPage], rendering: str, view: str) -> list[Report]:
    """The worst pages: those of lowest word F1 or, where a page has no gold text, of fewest right lines."""

    def score(page: ScoredPage) -> float:
        return page.articles[rendering].word_f1 if rendering in page.articles else page.marks[view].accuracy

    def mine(page: ScoredPage) -> bool:
        # A text without HTML has one rendering only, and no other has a word about its labels.
        unseen = not page.articles and view in page.marks and rendering != TEXT
        return rendering in page.articles or unseen

    chosen = sorted((page for page in pages if mine(page)), key=lambda page: (score(page), page.id))[:WORST]
    return [
        {
            "id": page.id,
            "host": page.host,
            "source": page.source,
            "kind": page.kind,
            "language": page.language,
            "word_f1": _round(page.articles[rendering].word_f1) if rendering in page.articles else None,
            "accuracy": _round(page.marks[view].accuracy) if view in page.marks else None,
            "wrong": mistaken(page.marks[view]) if view in page.marks else {},
        }
        for page in chosen
    ]


def mistaken(marks: Marks) -> dict[str, int]:
    """How many lines of one label were answered with another, as "nav > text", the commonest first."""
    matrix = metrics.confusion(marks.gold, marks.answer)
    np.fill_diagonal(matrix, 0)
    found = {
        f"{gold} > {answer}": int(matrix[COLUMN[gold], COLUMN[answer]])
        for gold in LABELS
        for answer in LABELS
        if matrix[COLUMN[gold], COLUMN[answer]]
    }
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _scored(
    model: Model, samples: Sequence[Sample], renderings: Sequence[str], jobs: int | None
) -> Iterator[ScoredPage]:
    """Each sample scored, in order: by this process if `jobs` is 1, else by as many others."""
    jobs = jobs or os.cpu_count() or 1
    console = Console(stderr=True)

    def watched(found: Iterable[ScoredPage]) -> Iterator[ScoredPage]:
        yield from track(found, "pages", len(samples), console=console, transient=True, disable=not console.is_terminal)

    with threadpool_limits(1):
        yield from watched(in_processes(partial(_scorer, model, renderings), samples, jobs))


def _scorer(model: Model, renderings: Sequence[str]) -> Callable[[Sample], ScoredPage]:
    threadpool_limits(1)
    return partial(score_page, model=model, renderings=renderings)


def _round(value: float | np.floating[Any]) -> float:
    return round(float(value), _DIGITS)


def _rounded(value: Any) -> Any:  # noqa: ANN401  # numbers however nested
    if isinstance(value, float):
        return _round(value)
    if isinstance(value, dict):
        return {name: _rounded(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(part) for part in value]
    return value
