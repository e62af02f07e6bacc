import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from model import artifact
from model.artifact import Model
from model.classifier import Classifier
from model.history import Action
from model.label import LABELS, Label
from model.lines.html import html_lines
from model.page import Page
from model.store import Shelf
from tests.serving import kill
from tests.standin import relearn, write_version
from tests.training.based import write as write_base
from training import odd_sites, retrain
from training.archive import About, Archive
from training.dataset import Pages
from training.jobs import Job, Jobs, State, Wish
from training.relearn import relearn as real
from training.retrain import Say
from training.samples import Sample
from training.start import Start

SITE = ["Home", "News", "Sports", "A story of its own", "Share this", "All rights reserved"]
TRUE = [Label.NAV, Label.NAV, Label.NAV, Label.TEXT, Label.NAV, Label.LEGAL]


def label_pages(home: Path, count: int, shuffle: bool = False) -> Archive:
    """An archive of pages of one site, that share their furniture."""
    archive = Archive(home)
    drawn = random.Random(0)  # noqa: S311
    for number in range(count):
        labels = drawn.choices(LABELS, k=len(TRUE)) if shuffle else TRUE
        lines = [*SITE[:3], f"Story {number}", *SITE[4:]]
        archive.add(Page.from_text("\n".join(lines)), labels, lines, About(url=f"https://a.example/{number}"))
    return archive


@pytest.fixture
def jobs(home: Path) -> Jobs:
    return of(home)


def of(home: Path) -> Jobs:
    return Jobs(home, Shelf(home).state)


def finish(jobs: Jobs, wish: Wish) -> Job:
    job = jobs.start(wish)
    end = time.monotonic() + 60
    while (job := jobs.get(job.id)).state.active:
        assert time.monotonic() < end, job
        time.sleep(0.05)
    return job


def test_samples_become_the_current_version(jobs: Jobs, home: Path) -> None:
    label_pages(home, 8)
    job = finish(jobs, Wish(who="me", why="a site of mine"))
    assert job.state is State.SUCCEEDED, (job, jobs.log(job.id).read_text())
    shelf = Shelf(home)
    assert shelf.current() == job.version
    assert job.progress == "Publishing."
    assert job.reasons[0].startswith("Word F1 on the frozen test: 0.95, was 0.95.")
    manifest = shelf.read(job.version or "").manifest
    assert manifest["learned_after"] == manifest["root"] == shelf.shipped()
    assert manifest["labelled"] == 8
    assert manifest["gate"]["accepted"]
    assert [(entry.action, entry.who, entry.why) for entry in shelf.state().history] == [
        (Action.PUBLISH, "me", f"training {job.id}: a site of mine"),
        (Action.ACTIVATE, "me", f"training {job.id}: a site of mine"),
    ]
    assert sorted(path.name for path in (home / "trainings").iterdir()) == [".lock", f"{job.id}.log"]


def test_50_samples_with_shuffled_labels_are_refused(jobs: Jobs, home: Path) -> None:
    label_pages(home, 50, shuffle=True)
    job = finish(jobs, Wish())
    assert (job.state, job.version) == (State.REFUSED, None)
    assert "held-out pages of the new samples" in job.reasons[0]
    assert job.report is not None
    assert job.report["candidate"]["new"]["accuracy"] < 0.4
    assert Shelf(home).versions() == (Shelf(home).shipped(),)


def run_here(home: Path, wish: Wish, how: retrain.Relearn) -> Job:
    """A job run in this process."""
    jobs = of(home)
    # Its own process does nothing but hold the lock.
    job = jobs.start(wish, [sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        retrain.run(home, job.id, how)
        return jobs.get(job.id)
    finally:
        kill(job.id, str(home))


def test_the_gate_is_overridden_with_a_reason_that_is_told(home: Path) -> None:
    label_pages(home, 50, shuffle=True)
    job = run_here(home, Wish(override=True, why="I know better", activate=False), relearn)
    assert job.state is State.SUCCEEDED
    assert job.reasons[0] == "The gate was overridden, because: I know better"
    shelf = Shelf(home)
    assert shelf.current() == shelf.shipped()
    assert [entry.why for entry in shelf.state().history] == [f"training {job.id}, the gate overridden: I know better"]


class Watched:
    """The stand-in, and what each training was told to start from and that the current version has learned."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, frozenset[str]]] = []

    def __call__(
        self, base: Path, current: Model, samples: Sequence[Sample], say: Say, *, start: Start
    ) -> tuple[Classifier, dict[str, Any]]:
        self.told.append((current.version, start.model.version, start.learned))
        return relearn(base, current, samples, say, start=start)


def test_a_second_training_starts_where_the_first_one_did(home: Path) -> None:
    archive, watched = label_pages(home, 8), Watched()
    first = run_here(home, Wish(), watched).version
    known = {stored.id for stored in archive.all()}
    *_, last = archive.all()
    # A page labelled anew is one that nobody has learned.
    archive.add(last.page, [Label.AD, *TRUE[1:]], last.lines, last.about)
    lines = [f"Buy {number}" for number in range(99)]
    archive.add(Page.from_text("\n".join(lines)), [Label.AD] * 99, lines, About())
    second = run_here(home, Wish(override=True, why="to see"), watched).version
    shelf = Shelf(home)
    assert shelf.current() == second
    assert watched.told == [
        (shelf.shipped(), shelf.shipped(), frozenset()),
        (first, shelf.shipped(), known - {last.id}),
    ]
    manifest = shelf.read(second or "").manifest
    assert (manifest["root"], manifest["learned_after"]) == (shelf.shipped(), first)


def test_a_version_trained_from_scratch_is_a_root(home: Path, tmp_path: Path) -> None:
    shelf, watched = Shelf(home), Watched()
    label_pages(home, 8)
    write_version(tmp_path / "own", Label.LEGAL)
    own = shelf.publish(tmp_path / "own", activate=True)
    first = run_here(home, Wish(), watched).version
    run_here(home, Wish(), watched)
    assert [told[:2] for told in watched.told] == [(own, own), (first, own)]


def test_a_root_that_is_gone_gives_way_to_what_ships(home: Path, tmp_path: Path) -> None:
    shelf, watched = Shelf(home), Watched()
    label_pages(home, 8)
    write_version(tmp_path / "own", Label.LEGAL, root="2020-01-01-00000000")
    own = shelf.publish(tmp_path / "own", activate=True)
    assert run_here(home, Wish(), watched).state is State.SUCCEEDED
    assert [told[:2] for told in watched.told] == [(own, shelf.shipped())]


def learn_odd_pages(home: Path, turns: Sequence[Sequence[int]]) -> Classifier:
    """The current version of `home` after training once for each turn, in which these pages of an odd site came."""
    archive = Archive(home)
    for turn in turns:
        for number in turn:
            sample = odd_sites.page("log", number)
            lines = [line.text for line in html_lines(sample.html or "").lines]
            labels = [label or Label.NAV for label in sample.labels or ()]
            archive.add(Page.from_html(sample.html or ""), labels, lines, About())
        job = run_here(home, Wish(override=True, why="to see"), real)
        assert job.state is State.SUCCEEDED, job
    return Shelf(home).read_current().classifier


def test_two_trainings_come_to_what_one_with_all_samples_does(
    home: Path, tmp_path: Path, few_pages: list[Pages], tiny_classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    artifact.write(tmp_path / "tiny", tiny_classifier, {}, {"date": "2026-01-01"})
    monkeypatch.setattr(artifact, "SHIPPED", tmp_path / "tiny")
    monkeypatch.setattr(retrain, "BASE", write_base(tmp_path / "base.npz", few_pages, tiny_classifier))
    twice = learn_odd_pages(home, [range(6), range(6, 10)])
    once = learn_odd_pages(tmp_path / "other", [range(10)])
    tables = ((twice.words, once.words), (twice.around, once.around), (twice.hints, once.hints))
    assert all((one == other).all() for one, other in tables)
    nets = tuple((getattr(twice, name), getattr(once, name)) for name in ("line", "page", "kin"))
    assert all((a == b).all() for one, other in nets for a, b in zip(one.coefs_, other.coefs_, strict=True))
    assert (twice.words != Shelf(home).read(Shelf(home).shipped()).classifier.words).any()


def test_without_samples_it_fails_in_a_sentence(home: Path) -> None:
    job = run_here(home, Wish(), relearn)
    assert (job.state, job.reasons) == (
        State.FAILED,
        ("There are no samples to learn from. Label some pages first.",),
    )


def test_what_was_not_foreseen_is_told_and_logged(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    def fail(
        base: Path, current: Model, samples: Sequence[Sample], say: Say, *, start: Start
    ) -> tuple[Classifier, dict[str, Any]]:
        raise ZeroDivisionError("by nothing")

    label_pages(home, 2)
    job = run_here(home, Wish(), fail)
    assert job.state is State.FAILED
    assert job.reasons[0].startswith("Unforeseen failure (ZeroDivisionError); ")
    assert "by nothing" in caplog.text


def test_one_cancelled_before_its_end_publishes_nothing(home: Path) -> None:
    def cancelled(
        base: Path, current: Model, samples: Sequence[Sample], say: Say, *, start: Start
    ) -> tuple[Classifier, dict[str, Any]]:
        with of(home)._database.writing() as database:
            database.execute("UPDATE job SET state = 'cancelled'")
        return relearn(base, current, samples, say, start=start)

    label_pages(home, 8)
    assert run_here(home, Wish(), cancelled).state is State.CANCELLED
    assert Shelf(home).state().versions == ()


def test_it_runs_at_low_priority_and_its_children_let_go_of_the_lock(home: Path, root: Path) -> None:
    code = """
import os, sys
from training import retrain
from training.lock import Lock
from pathlib import Path
lock = Lock(Path(sys.argv[1]))
held = lock.take()
retrain._behave_when_forked(held)
if (child := os.fork()) == 0:
    os._exit(0 if not os.path.exists(f"/proc/self/fd/{held}") else 1)
assert os.waitpid(child, 0)[1] == 0
assert lock.held()
retrain.run = lambda *_: print(os.nice(0))
retrain.main(None, ["", "home", "job", str(held)])
"""
    done = subprocess.run(
        [sys.executable, "-c", code, home / "lock"], cwd=root, check=True, capture_output=True, text=True
    )
    assert int(done.stdout) >= os.nice(0) + min(10, 19 - os.nice(0))


def test_what_a_trainer_forked_dies_with_it(home: Path, root: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("needs Linux")
    code = """
import os, sys, time
from training import retrain
retrain._behave_when_forked(9)
if (child := os.fork()) == 0:
    time.sleep(60)
print(child, flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE, text=True) as trainer:
        assert trainer.stdout is not None
        child = Path("/proc") / trainer.stdout.readline().strip()
        assert child.exists()
        trainer.kill()
        trainer.wait()
        end = time.monotonic() + 10
        # Whether or not somebody has taken note of its end.
        while child.exists() and "\nState:\tZ" not in (child / "status").read_text():
            assert time.monotonic() < end
            time.sleep(0.02)


def kill_at_random_moments(home: Path, rounds: int) -> set[State]:
    """Kill trainers and see that nobody would notice but by the state of the training; the states that were left."""
    archive = label_pages(home, 8)
    jobs, shelf = of(home), Shelf(home)
    drawn = random.Random(time.time())  # noqa: S311
    begun = time.monotonic()
    assert finish(jobs, Wish()).state is State.SUCCEEDED
    took = time.monotonic() - begun
    shelf.rollback()
    states = set()
    for _ in range(rounds):
        job = jobs.start(Wish())
        time.sleep(drawn.uniform(0, took))
        kill(job.id, str(home))
        end = time.monotonic() + 30
        while (job := jobs.get(job.id)).state.active:
            assert time.monotonic() < end, job
            time.sleep(0.02)
        states.add(job.state)
        assert job.state in {State.FAILED, State.SUCCEEDED}
        # Current or not at all: a version is published and activated in one.
        assert shelf.current() == (job.version or shelf.shipped())
        assert (job.version is not None) == (job.state is State.SUCCEEDED)
        assert all(shelf.read(version).version == version for version in shelf.versions())
        assert archive.count() == 8
        if job.version is not None:
            shelf.rollback()
    assert finish(jobs, Wish()).state is State.SUCCEEDED
    return states


def test_a_trainer_that_is_killed_leaves_nothing_half_done(home: Path) -> None:
    assert kill_at_random_moments(home, 2)


@pytest.mark.stress
def test_a_trainer_that_is_killed_20_times_leaves_nothing_half_done(home: Path) -> None:
    assert State.FAILED in kill_at_random_moments(home, 20)
