"""Labelled samples as plain values, and the site they belong to."""

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from model.errors import SampleError
from model.label import Label
from model.lines.text import text_lines

FOLDS = 5
# The source of the annotated pages that are in the repository.
SAMPLES = "samples"
# What reports say was measured on the sites of this fold, by a classifier that saw nothing of them.
TEST = 0


@dataclass(frozen=True, slots=True)
class Sample:
    """A page someone labelled, or whose main text someone knows.

    Attributes:
        id: unique among the samples trained on together.
        site: what is held out together; the registrable domain where an importer can tell.
        fold: 0 to FOLDS - 1, the same for all pages of a site.
        html: the page's source, or None where only text is known.
        text: a bare text of the page that `labels` belong to, or None.
        labels: one a non-empty line of `text`, or of the text derived from `html` where `text` is None;
            None where nobody labelled the page, or the line.
        gold: the page's main text, or None where nobody knows it.
        source, kind, language: where the sample is from, what kind of page it is, BCP 47 tag; for reports.
        captions: the gold counts captions, bylines and titles as main text.
        others: hashes of lines that only renderings of `html` have, such as alternative texts, and their labels.
        by_hash: the labels came by hash, without the page.
    """

    id: str
    site: str
    fold: int
    html: str | None = None
    text: str | None = None
    labels: tuple[Label | None, ...] | None = None
    gold: str | None = None
    source: str = ""
    kind: str = ""
    language: str = ""
    captions: bool = field(default=False, kw_only=True)
    others: tuple[tuple[str, Label], ...] = field(default=(), kw_only=True)
    by_hash: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        """Refuse what contradicts itself."""
        if self.html is None and self.text is None:
            raise SampleError(f"Sample {self.id}: it has neither text nor html. Give one of them.")
        if self.labels is not None and self.text is not None:
            n = len(text_lines(self.text).lines)
            if n != len(self.labels):
                raise SampleError(
                    f"Sample {self.id}: {len(self.labels)} labels for {n} non-empty lines. Give each line one."
                )


def site_of(url: str, otherwise: str) -> str:
    """The last two parts of the URL's host name, which stand for its site; `otherwise` where it has none.

    Two sites below a shared suffix of two parts (co.uk) are taken for one: they are then held out
    together, which is the safe mistake.
    """
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:  # no URL at all, so no host to hold out by
        host = ""
    return ".".join(host.split(".")[-2:]) or otherwise


def is_frozen(sample: Sample) -> bool:
    """Whether the sample's site is one of those that no shipped model learns from.

    They are a third of the sites of fold 0: what retraining on top of the shipped model is tested on. A sample page
    of the repository is none of them: it is easier than what is found, and would flatter the test.
    """
    return (
        sample.source != SAMPLES
        and sample.fold == TEST
        and zlib.crc32(f"frozen {sample.site}".encode("utf-8", "surrogatepass")) % 3 == 0
    )


def fold_of(site: str) -> int:
    """The fold of a site: a hash of its name, so that it stays when other sites come and go."""
    return zlib.crc32(site.encode("utf-8", "surrogatepass")) % FOLDS


def facts_of_samples(samples: Sequence[Sample]) -> dict[str, Any]:
    """What a manifest says of a training's samples: today's date, how many of each source, and their fingerprint.

    The fingerprint is the same whatever their order.
    """
    digest = hashlib.sha256()
    for sample in sorted(samples, key=lambda sample: sample.id):
        digest.update(json.dumps(asdict(sample), sort_keys=True).encode())
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "samples": dict(Counter(sample.source for sample in samples)),
        "labelled": sum(sample.labels is not None for sample in samples),
        "data_sha256": digest.hexdigest(),
    }
