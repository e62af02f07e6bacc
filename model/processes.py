"""One piece of work on many items, by several processes, answered in order."""

import gc
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context
from typing import Any, TypeVar

from model.errors import ProcessError

Item = TypeVar("Item")
Result = TypeVar("Result")

# Batches on their way for each process: one in work and one waiting.
_AHEAD = 2


def in_processes(
    begin: Callable[[], Callable[[Item], Result]], items: Iterable[Item], jobs: int, batch: int = 4
) -> Iterator[Result]:
    """The result of each item, in order, computed by `jobs` processes that each take `batch` items at once.

    One job is done by this process, without another. Each process calls `begin` once and gives what it returns every
    item, so that what is large is sent once. Items are read as results are asked for: the number held does not
    depend on how many there are.

    Raises:
        ProcessError: a process was killed. What the work itself raises is raised here.
    """
    if jobs == 1:
        yield from map(begin(), items)
        return
    source = iter(items)
    # Started afresh and not forked: a fork copies locks that threads may hold, and could wait for them forever.
    with ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (begin,)) as pool:
        waiting: deque[Future[list[Result]]] = deque()
        try:
            while True:
                while len(waiting) < jobs * _AHEAD and (taken := list(islice(source, batch))):
                    waiting.append(pool.submit(_work_on, taken))
                if not waiting:
                    return
                yield from waiting.popleft().result()
        except BrokenProcessPool as error:
            raise ProcessError(
                "A process ended before it answered, most likely killed for want of memory. "
                "Let fewer run at once, or free memory."
            ) from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


# What this process gives every item.
_work: list[Callable[[Any], Any]] = []


def _begin(begin: Callable[[], Callable[[Any], Any]]) -> None:
    # Ctrl-C reaches every process of the terminal; the one that reads is the one to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _work[:] = [begin()]
    # What is loaded stays: the garbage collector need not look through it again and again.
    gc.freeze()


def _work_on(items: list[Any]) -> list[Any]:
    return [_work[0](item) for item in items]
