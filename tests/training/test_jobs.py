import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from model.errors import ConflictError, StorageError, UnknownError
from model.history import By
from model.history import State as History
from tests.serving import kill
from training.jobs import Job, Jobs, State, Wish, mark
from training.lock import Lock

# A process that says what it is told, and ends or goes on.
_SCRIPT = """
import sys, time
from pathlib import Path
from training.jobs import Jobs, State
plan, home, name, _ = sys.argv[1:]
jobs = Jobs(Path(home), None)
if plan == "idle":
    time.sleep(60)
assert jobs.begin(name) is not None or plan == "late"
jobs.say(name, "Working.")
if plan == "work":
    time.sleep(60)
if plan in ("publish", "succeed"):
    assert jobs.publishing(name, "v1", ["Good."], {"a": 1})
if plan == "publish":
    time.sleep(60)
if plan == "succeed":
    jobs.finish(name, State.SUCCEEDED, ["Good."])
if plan == "refuse":
    jobs.finish(name, State.REFUSED, ["Bad."], {"b": 2})
"""


def command(plan: str) -> list[str]:
    return [sys.executable, "-c", _SCRIPT, plan]


@pytest.fixture
def jobs(tmp_path: Path, home: Path) -> Jobs:
    return Jobs(home, History)


def wait(jobs: Jobs, job: Job, until: Callable[[Job], bool]) -> Job:
    end = time.monotonic() + 20
    while not until(job := jobs.get(job.id)):
        assert time.monotonic() < end, job
        time.sleep(0.02)
    return job


def ended(job: Job) -> bool:
    return not job.state.active


def working(job: Job) -> bool:
    return bool(job.progress)


def test_a_training_succeeds(jobs: Jobs) -> None:
    wish = Wish(activate=False, who="me", why="to see")
    begun = jobs.start(wish, command("succeed"))
    assert begun.wish == wish
    job = wait(jobs, begun, ended)
    assert (job.state, job.version, job.reasons, job.report) == (State.SUCCEEDED, "v1", ("Good.",), {"a": 1})
    assert job.ended is not None
    assert job.ended > job.created
    assert jobs.last(5) == [job]


def test_a_refusal_names_no_version(jobs: Jobs) -> None:
    job = wait(jobs, jobs.start(Wish(), command("refuse")), ended)
    assert (job.state, job.version, job.reasons, job.report) == (State.REFUSED, None, ("Bad.",), {"b": 2})
    with pytest.raises(ConflictError, match="refused"):
        jobs.cancel(job.id)


def test_one_runs_at_a_time(jobs: Jobs, home: Path) -> None:
    job = wait(jobs, jobs.start(Wish(), command("work")), working)
    assert job.state is State.RUNNING
    with pytest.raises(ConflictError, match=f"Training {job.id} is running"):
        Jobs(home, History).start(Wish(), command("work"))
    cancelled = jobs.cancel(job.id)
    assert cancelled.state is State.CANCELLED
    assert jobs.cancel(job.id) == cancelled
    after = wait(jobs, jobs.start(Wish(), command("refuse")), ended)
    assert [found.id for found in jobs.last(5)] == [after.id, job.id]


# Published by the job itself, by another one and not made current yet, by another one and current, not at all.
@pytest.mark.parametrize(
    ("shelf", "state"),
    [
        (lambda job: History().published("v1", By("", mark(job.id))), State.SUCCEEDED),
        (lambda _: History().published("v1", By("", mark("another"))), State.FAILED),
        (lambda _: History().published("v1", By()).activated("v1", By(), shipped=False), State.SUCCEEDED),
        (lambda _: History(), State.FAILED),
    ],
)
def test_one_killed_while_publishing_has_succeeded_if_it_had_published(
    jobs: Jobs, home: Path, shelf: Callable[[Job], History], state: State
) -> None:
    job = Job("j", State.RUNNING, Wish(), "")
    with jobs._database.writing() as database:
        # As a process that is no more has left it.
        database.execute(
            "INSERT INTO job (id, state, wish, version, reasons, publishing, created) VALUES (?, ?, ?, ?, ?, 1, '')",
            (job.id, job.state, json.dumps(asdict(job.wish)), "v1", '["Good."]'),
        )
    found = Jobs(home, lambda: shelf(job)).get("j")
    assert found.state is state
    assert found.version == ("v1" if state is State.SUCCEEDED else None)
    assert (found.reasons == ("Good.",)) == (state is State.SUCCEEDED)


def test_one_that_is_publishing_can_not_be_cancelled(jobs: Jobs, home: Path) -> None:
    job = wait(jobs, jobs.start(Wish(), command("publish")), lambda job: job.version is not None)
    with pytest.raises(ConflictError, match="running"):
        jobs.cancel(job.id)
    assert kill(job.id, str(home))
    assert wait(jobs, job, ended).state is State.FAILED


def test_one_that_never_began_is_cancelled_for_good(jobs: Jobs) -> None:
    job = jobs.start(Wish(), command("late"))
    assert jobs.cancel(job.id).state is State.CANCELLED
    end = time.monotonic() + 20
    while jobs._lock.held():  # until its process has seen that
        assert time.monotonic() < end
        time.sleep(0.02)
    assert jobs.get(job.id).state is State.CANCELLED


def test_one_that_was_killed_before_it_said_a_word_has_failed(jobs: Jobs, home: Path) -> None:
    job = jobs.start(Wish(), command("idle"))
    assert jobs.get(job.id).state is State.QUEUED
    assert kill(job.id, str(home))
    job = wait(jobs, job, ended)
    assert (job.state, job.version, job.report) == (State.FAILED, None, None)
    assert "killed" in job.reasons[0]
    assert job.ended is not None


def test_one_whose_process_can_not_start_has_failed(jobs: Jobs) -> None:
    with pytest.raises(StorageError, match="No process could be started"):
        jobs.start(Wish(), ["/nowhere/python"])
    assert jobs.last(1)[0].state is State.FAILED


def test_unknown_ones(jobs: Jobs, home: Path) -> None:
    for ask in (jobs.get, jobs.cancel):
        with pytest.raises(UnknownError, match="There is no training"):
            ask("x")
    assert jobs.last(3) == []
    assert not home.exists()


def test_a_lock_is_held_by_one(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "new/lock")
    assert not lock.held()
    held = lock.take()
    assert held is not None
    assert lock.held()
    assert Lock(tmp_path / "new/lock").take() is None
    os.close(held)
    assert not lock.held()
    again = lock.take()
    assert again is not None
    os.close(again)


def test_a_lock_outlives_whoever_handed_it_down(tmp_path: Path) -> None:
    import subprocess

    lock = Lock(tmp_path / "lock")
    held = lock.take()
    assert held is not None
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(held,)) as process:
        os.close(held)
        assert lock.held()
        process.communicate(b"\n")
    assert not lock.held()
