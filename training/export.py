"""Samples of the archive as those who train read them: as values, and as lines of JSON."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from model.label import LABELS, Label
from model.lines.html import html_lines
from model.lines.text import text_lines
from model.page import Kind
from training.align import UNKNOWN, align
from training.archive import Archive, Stored
from training.samples import Sample, fold_of, site_of

# What a sample of nobody's naming says of where it is from, in reports.
SOURCE = "labelled"


def sample(stored: Stored) -> Sample:
    """One sample as those who train read it; equal to what `read_samples` makes of its exported line."""
    site = site_of(stored.about.url, stored.id)
    html = stored.page.source if stored.page.kind is Kind.HTML else None
    return Sample(
        stored.id,
        site,
        fold_of(site),
        html=html,
        text=stored.page.source if html is None else None,
        labels=todays_labels(stored),
        gold=stored.about.article or None,
        source=stored.about.source or SOURCE,
    )


def lines(archive: Archive) -> Iterator[bytes]:
    """Every sample as a line of JSON, newline included, which `pagesieve train` and `samples add` read."""
    for stored in archive.all():
        yield json.dumps(record(stored), ensure_ascii=False).encode() + b"\n"


def record(stored: Stored) -> dict[str, Any]:
    """The JSON object of one sample."""
    about = stored.about
    found: dict[str, Any] = {"id": stored.id, stored.page.kind: stored.page.source, "labels": todays_labels(stored)}
    given = {"url": about.url, "source": about.source or SOURCE, "annotator": about.annotator, "gold": about.article}
    return found | {key: value for key, value in given.items() if value} | {"added": stored.added}


def todays_labels(stored: Stored) -> tuple[Label, ...]:
    """One label for each line that today's code finds on the page, carried over where its lines are others now.

    A line that has no words, or other ones, takes the label of the nearest line above it, else below.
    """
    page = text_lines(stored.page.source) if stored.page.kind is Kind.TEXT else html_lines(stored.page.source)
    found = [line.text for line in page.lines]
    if tuple(found) == stored.lines:
        return stored.labels
    columns = np.array([label.column for label in stored.labels], np.int64)
    carried = align(stored.lines, found).carry(columns, len(LABELS))
    known = np.flatnonzero(carried != UNKNOWN)
    if not len(known):
        return (Label.NAV,) * len(found)
    above = np.searchsorted(known, np.arange(len(found)), side="right") - 1
    return tuple(LABELS[column] for column in carried[known[np.maximum(above, 0)]])
