"""A small base of the sample pages, as if some of them were of frozen sites."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from model.classifier import Classifier
from training import base
from training.dataset import Pages
from training.samples import TEST, Sample, is_frozen

# Names by which a site is, and is not, frozen.
FROZEN = next(f"frozen{n}.example" for n in range(99) if is_frozen(Sample("a", f"frozen{n}.example", TEST, text="a")))
OTHER = next(f"other{n}.example" for n in range(99) if not is_frozen(Sample("a", f"other{n}.example", TEST, text="a")))


def renamed(page: Pages, site: str) -> Pages:
    """A page as one of a corpus, of a site of the fold of reports."""
    return page._replace(sample=replace(page.sample, site=site, fold=TEST, source="corpus"))


def write(path: Path, pages: Sequence[Pages], classifier: Classifier) -> Path:
    """A base written to `path`: of the last two pages its test, of the others its train part."""
    found = [*pages[:-2], *(renamed(page, FROZEN) for page in pages[-2:])]
    base.write(path, base.build(found, classifier))
    return path
