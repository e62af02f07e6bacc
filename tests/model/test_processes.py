import os
import signal
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from model.errors import ProcessError
from model.processes import in_processes


def halver() -> Callable[[int], float]:
    return partial(halve, os.getpid())


def halve(begun_in: int, number: int) -> float:
    assert begun_in == os.getpid()
    return 10 / number


def killer() -> Callable[[int], None]:
    return partial(os.kill, os.getpid())


def test_results_come_in_order_whatever_the_batch() -> None:
    numbers = range(1, 30)
    for batch in (1, 7, 100):
        assert list(in_processes(halver, numbers, 2, batch)) == [10 / number for number in numbers]
    assert list(in_processes(halver, [], 2)) == []


def test_one_job_is_done_without_another_process() -> None:
    assert list(in_processes(lambda: partial(halve, os.getpid()), [1, 2], 1)) == [10, 5]


def test_items_are_read_as_results_are_asked_for() -> None:
    read = []

    def numbers() -> Iterator[int]:
        for number in range(1, 1000):
            read.append(number)
            yield number

    results = in_processes(halver, numbers(), 2, batch=2)
    assert next(results) == 10
    assert len(read) <= 2 * 2 * 2
    results.close()  # type: ignore[attr-defined]  # it is a generator


def test_an_error_of_the_work_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        list(in_processes(halver, [1, 0, 2], 2))


def test_a_killed_process_is_an_error_and_no_endless_wait() -> None:
    with pytest.raises(ProcessError, match="killed"):
        list(in_processes(killer, [signal.SIGKILL] * 3, 2))
