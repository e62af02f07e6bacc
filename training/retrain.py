"""The process of one training: the archive's samples and the shipped matrix in, a published version or a refusal out.

    python -m training.retrain HOME JOB LOCK

It is started by `training.jobs`, which hands it the descriptor of the lock; killed at any moment it leaves nothing
that anybody sees.
"""

import contextlib
import ctypes
import logging
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from model import artifact
from model.artifact import Model
from model.classifier import Classifier
from model.errors import PagesieveError, TrainingError
from model.history import By
from model.store import Shelf
from training import export, gate
from training.archive import Archive
from training.jobs import Jobs, State, Wish, mark
from training.samples import Sample, facts_of_samples
from training.start import Start, start_of

# What the package ships in place of the pages it was trained on.
BASE = Path(__file__).with_name("base.npz")
# Of 19: everything else on the machine goes first.
_NICE = 10
_PR_SET_PDEATHSIG = 1
_FEWEST_ARGUMENTS = 4

_log = logging.getLogger(__name__)

Say = Callable[[str], None]


class Relearn(Protocol):
    """How new samples and the shipped matrix become a classifier, and a report on it beside the current one."""

    def __call__(
        self,
        base: Path,
        current: Model,
        samples: Sequence[Sample],
        say: Say,
        *,
        start: Start,
    ) -> tuple[Classifier, dict[str, Any]]:
        """The classifier, learned on top of `start`, and its scores as `gate.judge` reads them."""


def run(home: Path, name: str, relearn: Relearn) -> None:
    """Run the job `name` of the folder `home` to its end, whatever that is."""
    jobs = Jobs(home, Shelf(home).state)
    wish = jobs.begin(name)
    if wish is None:
        return
    try:
        _train(home, name, wish, relearn)
    except PagesieveError as error:
        jobs.finish(name, State.FAILED, (str(error),))
    except Exception as error:  # noqa: BLE001  # whatever it is, who asked is to know that nothing came of it
        _log.exception("Unforeseen failure while training.")
        jobs.finish(name, State.FAILED, (f"Unforeseen failure ({type(error).__name__}); {jobs.log(name)} tells more.",))


def _train(home: Path, name: str, wish: Wish, relearn: Relearn) -> None:
    shelf = Shelf(home)
    jobs = Jobs(home, shelf.state)

    def say(sentence: str) -> None:
        jobs.say(name, sentence)

    stored = list(Archive(home).all())
    if not stored:
        raise TrainingError("There are no samples to learn from. Label some pages first.")
    samples = [export.sample(one) for one in stored]
    current = shelf.read_current()
    start = start_of(shelf, current, stored)
    say("1 sample." if len(samples) == 1 else f"{len(samples)} samples.")
    classifier, report = relearn(BASE, current, samples, say, start=start)
    verdict = gate.judge(report, gate.floors())
    reasons = verdict.reasons
    if not verdict.accepted:
        if not wish.override:
            jobs.finish(name, State.REFUSED, reasons, report)
            return
        reasons = (f"The gate was overridden, because: {wish.why}", *reasons)
    say("Publishing.")
    # In the folder of trainings, where nobody looks for versions.
    for left in (path for path in (home / "trainings").iterdir() if path.is_dir()):
        shutil.rmtree(left, ignore_errors=True)  # of one that was killed
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=home / "trainings"))
    try:
        facts = {
            **facts_of_samples(samples),
            "gate": {
                "accepted": verdict.accepted,
                "reasons": verdict.reasons,
                "override": wish.override,
                "why": wish.why,
            },
            "learned_after": current.version,
            "root": start.model.version,
            "revision": max(one.number for one in stored),
        }
        version = artifact.write(folder / "version", classifier, report, facts)
        if jobs.publishing(name, version, reasons, report):
            shelf.publish(folder / "version", activate=wish.activate, by=By(wish.who, _why(name, verdict, wish)))
            jobs.finish(name, State.SUCCEEDED, reasons, report)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _why(name: str, verdict: gate.Verdict, wish: Wish) -> str:
    overridden = "" if verdict.accepted else ", the gate overridden"
    return f"{mark(name)}{overridden}" + (f": {wish.why}" if wish.why else "")


def main(relearn: Relearn, arguments: Sequence[str]) -> None:
    """Run the job that the arguments name, at low priority."""
    if len(arguments) != _FEWEST_ARGUMENTS:
        sys.exit("This is started by the service and by `pagesieve train`, with HOME JOB LOCK.")
    _, home, name, lock = arguments
    _behave_when_forked(int(lock))
    logging.basicConfig(level=logging.INFO)
    with contextlib.suppress(OSError):
        os.nice(_NICE)
    run(Path(home), name, relearn)


def _behave_when_forked(lock: int) -> None:
    """Have processes that this one forks let go of the lock, and end when this one does."""
    parent = os.getpid()
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def forked() -> None:
        with contextlib.suppress(OSError):
            os.close(lock)
        if libc is not None:
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent and os.getppid() == 1:
                os._exit(1)

    os.register_at_fork(after_in_child=forked)


if __name__ == "__main__":
    from training.relearn import relearn as _relearn

    main(_relearn, sys.argv)
