import threading
from collections.abc import Iterator

import pytest

from service.spool import run_ahead

WAIT = 10


def test_everything_comes_through_in_order() -> None:
    pieces = [bytes([number % 256]) * (number * 37 % 5_000) for number in range(500)]
    assert b"".join(run_ahead(iter(pieces))) == b"".join(pieces)


def test_nothing_comes_from_nothing() -> None:
    assert list(run_ahead(iter(()))) == []


def test_the_source_does_not_wait_for_its_reader() -> None:
    finished = threading.Event()

    def source() -> Iterator[bytes]:
        for _ in range(100):
            yield b"a" * 50_000  # in all beyond what is held in memory
        finished.set()

    stream = run_ahead(source())
    first = next(stream)
    assert finished.wait(WAIT)
    assert len(first) + sum(map(len, stream)) == 5_000_000


def test_the_source_waits_at_the_limit() -> None:
    made = []
    second = threading.Event()

    def source() -> Iterator[bytes]:
        for number in range(100):
            made.append(number)
            if number == 2:
                second.set()
            yield b"a" * 1_000

    stream = run_ahead(source(), limit=1_500)
    assert len(next(stream)) >= 1_000
    assert second.wait(WAIT)
    assert len(made) < 10
    assert sum(map(len, stream)) > 90_000
    assert len(made) == 100


def test_a_failure_comes_after_what_came_before_it() -> None:
    def source() -> Iterator[bytes]:
        yield b"a"
        raise ValueError("broken")

    stream = run_ahead(source())
    assert next(stream) == b"a"
    with pytest.raises(ValueError, match="broken"):
        next(stream)


def test_closing_stops_the_source() -> None:
    stopped = threading.Event()

    def source() -> Iterator[bytes]:
        try:
            while True:
                yield b"a" * 1_000
        finally:
            stopped.set()

    stream = run_ahead(source(), limit=10_000)
    next(stream)
    stream.close()
    assert stopped.wait(WAIT)
