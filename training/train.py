"""Samples to a version folder: prepare, teach where labels are missing, fit, measure, write."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from model.artifact import Model, check_place, rounded, write
from model.classifier import Classifier
from model.errors import TrainingError
from training import base as shipped_base
from training.dataset import Pages, prepare
from training.evaluate import measure
from training.fit import fit
from training.importers import read_samples
from training.samples import FOLDS, SAMPLES, TEST, Sample, facts_of_samples, is_frozen
from training.settings import Settings
from training.teach import first_hand, lessons, taught

Say = Callable[[str], None]
# Of the lines that the classifier to come sees, the teacher sees so many: it reads two renderings, not nine, and few
# pages are left that nobody labelled.
TEACHER = 0.25


def train(  # noqa: PLR0913  # an argument an option
    paths: Sequence[Path],
    out: Path,
    settings: Settings | None = None,
    *,
    hold_out: bool = False,
    base: Path | None = None,
    say: Say = print,
) -> str:
    """The name of the version trained on the samples in `paths` and written to `out`.

    Its report is of a classifier trained in the same way without the sites of fold 0, on those sites.
    With `hold_out` that classifier itself is written: for measuring, not for use. With `base` what learning on
    top of the version takes is written there (`training/base.py`).

    Raises:
        SampleError: a file holds what is no sample.
        TrainingError: the samples are too few, or of one site.
        ArtifactError: the version can't be written.
    """
    settings = settings or Settings()
    check_place(out)
    samples = read_samples(paths)
    say(f"{len(samples)} samples, {sum(s.labels is not None for s in samples)} of them labelled.")
    facts = facts_of(samples, settings, hold_out=hold_out)
    known = reported_on(samples)
    pages = list(prepare(_drained(samples), settings.jobs))
    seen = [page for page in pages if page.sample.fold != TEST]
    report: dict[str, Any] = {}
    classifier = None
    if hold_out or known:
        classifier = learn(seen, settings, say)
    if classifier is not None and known:
        say(f"Measuring on the sites of fold {TEST}, which it has not seen.")
        report = measure(Model("", {"held_out": [TEST]}, rounded(classifier)), known, TEST)
    if classifier is None or not hold_out:
        say("Training on all sites but the frozen ones.")
        classifier = learn([page for page in pages if not is_frozen(page.sample)], settings, say)
    if base is not None:
        shipped_base.write(base, shipped_base.build(pages, classifier))
    version = write(out, classifier, report, facts)
    say(f"{out}: version {version}.")
    return version


def _drained(samples: list[Sample]) -> Iterator[Sample]:
    """The samples in order, each taken from the list: sources of thousands of pages are held no longer than needed."""
    samples.reverse()
    while samples:
        yield samples.pop()


def reported_on(samples: Sequence[Sample]) -> list[Sample]:
    """The samples a report is of: those of fold 0 of which labels or gold text are known.

    Where there are others, none is a sample page of the repository, and labels by hash are left out: both come and
    go, and versions that were measured with more of them or fewer could not be compared.
    """
    known = [sample for sample in samples if sample.fold == TEST and (sample.labels or sample.gold)]
    others = [_unlabelled(sample) if sample.by_hash else sample for sample in known if sample.source != SAMPLES]
    return [sample for sample in others if sample.labels or sample.gold] or known


def _unlabelled(sample: Sample) -> Sample:
    """The sample as if nobody had labelled it."""
    return replace(sample, text=None, labels=None, by_hash=False)


def learn(pages: Sequence[Pages], settings: Settings, say: Say) -> Classifier:
    """A classifier trained on pages: on the labelled ones, and on the others as a teacher labels them.

    Raises:
        TrainingError: none is labelled, or they are too few.
    """
    views = first_hand(pages)
    if not views:
        raise TrainingError("None of the samples is labelled. Label some pages first.")
    if any(page.labelled is None for page in pages):
        say(f"Training a teacher on {len(lessons(views))} labelled views.")
        teacher = fit(lessons(views), settings.scaled(TEACHER))
        views += taught(pages, teacher)
    say(f"Training on {len(views)} views, {sum(len(view.columns) for view in views)} lines.")
    return fit(views, settings)


def facts_of(samples: Sequence[Sample], settings: Settings, *, hold_out: bool) -> dict[str, Any]:
    """What the manifest says of the training: date, settings, and which samples, by number and fingerprint."""
    return {
        **facts_of_samples(samples),
        "settings": asdict(settings),
        "held_out": [TEST] if hold_out else [],
        "folds": FOLDS,
    }
