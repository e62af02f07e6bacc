"""Real workers: versions swapped and workers killed while they answer."""

import http.client
import json
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from model.label import Label
from model.store import Shelf
from tests.serving import Server, run_server
from tests.standin import write_version
from training.archive import Archive

WITHIN = 2.0


class Answer(NamedTuple):
    begun: float
    took: float
    status: int
    body: dict[str, object]


@pytest.fixture
def served(home: Path, root: Path) -> Iterator[Server]:
    with run_server(root, "tests.standin", workers=2) as running:
        yield running


def post(server: Server, path: str, sent: dict[str, object]) -> Answer:
    begun = time.monotonic()
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
    try:
        connection.request("POST", path, json.dumps(sent), {"Content-Type": "application/json"})
        response = connection.getresponse()
        return Answer(begun, time.monotonic() - begun, response.status, json.loads(response.read()))
    finally:
        connection.close()


class Load:
    """Threads that ask without pause, and what they were answered. A sample is sent with every other request."""

    def __init__(self, server: Server, broken_off: bool) -> None:
        self.stripped: list[Answer] = []
        self.stored: list[str] = []
        self.errors: list[Exception] = []
        self._server = server
        self._broken_off = broken_off
        self._end = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(3)]

    @contextmanager
    def running(self) -> Iterator[None]:
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self._end.set()
            for thread in self._threads:
                thread.join()

    def _ask(self, thread: int) -> None:
        number = 0
        while not self._end.is_set():
            number += 1
            try:
                self.stripped.append(post(self._server, "/v1/strip", {"text": "A line.\nAnother."}))
                sent = post(self._server, "/v1/samples", {"text": f"{thread} {number}", "labels": ["text"]})
                assert sent.status == 201, sent
                self.stored.append(str(sent.body["id"]))
            except (OSError, http.client.HTTPException, ValueError) as error:
                if not self._broken_off:
                    self.errors.append(error)
            except AssertionError as error:
                self.errors.append(error)


def test_every_worker_takes_a_version_over_within_2_seconds(
    served: Server, home: Path, versions: dict[str, Path], tmp_path: Path
) -> None:
    shelf = Shelf(home)
    load = Load(served, broken_off=False)
    flips: list[tuple[float, str]] = []
    with load.running():
        time.sleep(0.5)
        version = shelf.publish(versions["nav"], activate=True)
        flips.append((time.monotonic(), version))
        time.sleep(WITHIN + 0.5)
        flips.append((time.monotonic(), shelf.rollback()))
        time.sleep(WITHIN + 0.5)
    assert load.errors == []
    assert {answer.status for answer in load.stripped} == {200}
    # In seconds, on a machine that may be busy.
    assert max(answer.took for answer in load.stripped) < 1.5
    for (flipped, version), (following, _) in zip(flips, [*flips[1:], (time.monotonic(), "")], strict=True):
        settled = [
            a.body["model"] for a in load.stripped if flipped + WITHIN < a.begun and a.begun + a.took < following
        ]
        assert len(settled) > 5
        assert set(settled) == {version}
    assert {stored.id for stored in Archive(home).all()} == set(load.stored)


def kill_workers(served: Server, home: Path, versions: dict[str, Path], rounds: int) -> None:
    """Kill workers at random moments of a load, while versions change; nothing that was stored is lost."""
    shelf = Shelf(home)
    names = [shelf.shipped(), shelf.publish(versions["nav"], activate=True)]
    drawn = random.Random(time.time())  # noqa: S311
    load = Load(served, broken_off=True)
    with load.running():
        for _ in range(rounds):
            time.sleep(drawn.uniform(0.2, 0.8))
            children = Path(f"/proc/{served.pid}/task/{served.pid}/children").read_text().split()
            os.kill(int(drawn.choice(children)), signal.SIGKILL)
            shelf.activate(drawn.choice(names))
        shelf.activate(names[1])
        time.sleep(WITHIN)
        flipped = time.monotonic()
        time.sleep(0.5)
    assert load.errors == []
    assert {answer.status for answer in load.stripped} == {200}
    assert {answer.body["model"] for answer in load.stripped} <= set(names)
    # Workers that came after a kill too, whose parent read the version that was current when it started.
    assert {answer.body["model"] for answer in load.stripped if answer.begun > flipped} == {names[1]}
    assert len(load.stored) > rounds
    assert set(load.stored) <= {stored.id for stored in Archive(home).all()}
    health = http.client.HTTPConnection(urlsplit(served.url).netloc, timeout=30)
    health.request("GET", "/healthz")
    assert json.loads(health.getresponse().read()) == {"status": "ok", "model": names[1]}
    health.close()


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's /proc")


@needs_proc
def test_a_killed_worker_loses_no_sample(served: Server, home: Path, versions: dict[str, Path]) -> None:
    kill_workers(served, home, versions, 2)


@needs_proc
@pytest.mark.stress
def test_many_killed_workers_lose_no_sample(served: Server, home: Path, versions: dict[str, Path]) -> None:
    kill_workers(served, home, versions, 40)


def test_a_training_is_the_same_whichever_worker_is_asked(served: Server, home: Path, tmp_path: Path) -> None:
    write_version(tmp_path / "other", Label.COMMENT)
    for number in range(2):
        post(served, "/v1/samples", {"text": f"Home\n{number}\nHome", "labels": ["nav", "text", "nav"]})
    answers = [post(served, "/v1/trainings", {}) for _ in range(4)]
    assert sorted(answer.status for answer in answers) == [202, 409, 409, 409]
    begun = next(answer.body["id"] for answer in answers if answer.status == 202)
    end = time.monotonic() + 60
    while True:
        connection = http.client.HTTPConnection(urlsplit(served.url).netloc, timeout=30)
        connection.request("GET", f"/v1/trainings/{begun}")
        job = json.loads(connection.getresponse().read())
        connection.close()
        if job["state"] not in {"queued", "running"}:
            break
        assert time.monotonic() < end
        time.sleep(0.05)
    assert job["state"] == "succeeded"
    assert Shelf(home).current() == job["version"]
