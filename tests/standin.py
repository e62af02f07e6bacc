"""Stand-ins that make the loop run in seconds: versions that give every line one label, and a learner by rote.

`python -m tests.standin retrain ...` is a training by that learner, `python -m tests.standin serve ...` the service
and `python -m tests.standin ...` any command around it; STANDIN_SHIPPED names the version that ships.
"""

import os
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from model import artifact
from model.artifact import Model
from model.classifier import Classifier
from model.features.context import kin_inputs, line_inputs, page_inputs
from model.features.layout import Matrix
from model.features.matrix import features
from model.features.nearby import SPANS
from model.features.ramps import NO_RAMPS
from model.features.structure import HINT_BUCKETS
from model.features.words import AROUND_BUCKETS, BUCKETS
from model.label import LABELS, Label
from model.lines.text import text_lines
from training import jobs, retrain
from training.samples import Sample
from training.start import Start

K = len(LABELS)
DATE = "2026-01-01"


def classifier(label: Label) -> Classifier:
    """One that gives every line `label`, with a probability of about .9."""
    seen = features(text_lines("A line."))
    scores = np.zeros((1, 3 * K), np.float32)
    first = np.zeros((1, K), np.float32)
    return Classifier(
        np.zeros((BUCKETS, K), np.float32),
        np.zeros((AROUND_BUCKETS, K * len(SPANS)), np.float32),
        np.zeros((HINT_BUCKETS, K), np.float32),
        NO_RAMPS,
        _net(line_inputs(seen, scores), label),
        _net(page_inputs(seen, scores, first, NO_RAMPS), label),
        _net(kin_inputs(seen, first), label),
    )


def _net(inputs: Matrix, label: Label) -> MLPClassifier:
    net = MLPClassifier((1,), max_iter=1, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        net.fit(np.zeros((K, inputs.shape[1]), np.float32), np.arange(K))
    net.coefs_ = [weights * np.float32(0) for weights in net.coefs_]
    net.intercepts_[-1] = np.where(np.arange(K) == label.column, 4.5, 0).astype(np.float32)
    return net


def write_version(folder: Path, label: Label, report: dict[str, Any] | None = None, **facts: object) -> str:
    """The name of the version written to `folder`, that gives every line `label`."""
    return artifact.write(folder, classifier(label), report or {}, {"date": DATE, **facts})


def relearn(
    base: Path, current: Model, samples: Sequence[Sample], say: Callable[[str], None], *, start: Start
) -> tuple[Classifier, dict[str, Any]]:
    """Learning by rote: a line is what the same line was on other pages; every second page is held out.

    The frozen test's scores never change; STANDIN_SECONDS is how long it takes at least.
    """
    for step in range(10):
        say(f"Step {step + 1} of 10.")
        time.sleep(float(os.environ.get("STANDIN_SECONDS", "0")) / 10)
    known: dict[str, Counter[Label]] = {}
    for sample in samples[::2]:
        for text, label in _lines(sample):
            known.setdefault(text, Counter())[label] += 1
    asked = [pair for sample in samples[1::2] for pair in _lines(sample)]
    usual = Counter(label for sample in samples for _, label in _lines(sample)).most_common(1)[0][0]
    right = sum((known[text].most_common(1)[0][0] if text in known else usual) is label for text, label in asked)
    frozen = {"word_f1": 0.95, "macro_f1": 0.85}
    report: dict[str, Any] = {"current": {"frozen": frozen}, "candidate": {"frozen": frozen}}
    if asked:
        report["current"]["new"] = {"accuracy": 1 / K}
        report["candidate"]["new"] = {"accuracy": right / len(asked)}
    return classifier(usual), report


def _lines(sample: Sample) -> list[tuple[str, Label]]:
    page = text_lines(sample.text or "")
    return [(line.text, label) for line, label in zip(page.lines, sample.labels or (), strict=True) if label]


def install() -> None:
    """Have this process, and the trainings it starts, use the stand-ins."""
    if shipped := os.environ.get("STANDIN_SHIPPED"):
        artifact.SHIPPED = Path(shipped)
    jobs.COMMAND = (sys.executable, "-m", "tests.standin", "retrain")


if __name__ == "__main__":
    install()
    if sys.argv[1] == "retrain":
        retrain.main(relearn, sys.argv[1:])
    else:
        from service.cli import main

        main(prog_name="pagesieve")
