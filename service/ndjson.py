"""Many pages in a row: one JSON object a line in, one a line out, in order.

HTTP and the command line answer with the functions here, so that they cannot drift apart.
"""

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context

from model import Stripped, strip
from model.artifact import Model
from model.errors import InputError
from service import problem, render, wire
from service.live import load
from service.settings import Settings
from service.wire import Id, Job, Options

Line = bytes | InputError
# What is done with a page and its answer beside giving it.
Seen = Callable[[Job, Stripped], None]

# Lines sent to a process at once: enough to hide what sending costs, few enough to hold in memory.
_BATCH = 16
# Batches on their way for each process: one in work and one waiting.
_AHEAD = 2


def ignore(_job: Job, _stripped: Stripped) -> None:
    """Do nothing: what the command line does with pages beside answering them."""


def answer(line: Line, options: Options, model: Model, seen: Seen = ignore) -> bytes:
    """One line answered, newline included; a line that can't be is answered with a problem.

    `seen` gets each page with its answer before that is given.
    """
    id_: Id = None
    try:
        if isinstance(line, InputError):
            raise line  # noqa: TRY301  # so that it is answered like what is raised below
        fields = wire.parse_object(line)
        id_ = wire.parse_id(fields)
        job = wire.parse_fields(fields, options)
        stripped = strip(job.page, model)
        seen(job, stripped)
        text = render.as_json(stripped, job.options, job.id)
    except Exception as error:  # noqa: BLE001  # one page must never stop those that follow it
        text = render.dump({"id": id_, "error": problem.explain(error)})
    return text.encode() + b"\n"


def answer_all(lines: Iterable[Line], options: Options, model: Model, seen: Seen = ignore) -> Iterator[bytes]:
    """Each line answered as soon as it is read."""
    return (answer(line, options, model, seen) for line in lines)


def answer_in_processes(lines: Iterable[Line], options: Options, settings: Settings, jobs: int) -> Iterator[bytes]:
    """What `answer_all` gives, computed by `jobs` processes that each load the settings' model.

    Lines are read and answered in batches; the number held does not depend on how many there are.
    """
    source = iter(lines)
    # Started afresh and not forked: a fork copies locks that threads of libraries may hold.
    context = get_context("spawn")
    with ProcessPoolExecutor(jobs, context, _start, (settings,)) as pool:
        waiting: deque[Future[list[bytes]]] = deque()
        try:
            while True:
                while len(waiting) < jobs * _AHEAD and (batch := list(islice(source, _BATCH))):
                    waiting.append(pool.submit(_answer_batch, batch, options))
                if not waiting:
                    return
                yield from waiting.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


# A process of the pool answers with the model it loaded when it started.
_model: list[Model] = []


def _start(settings: Settings) -> None:
    # Ctrl-C reaches every process of the terminal; the one that reads is the one to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _model[:] = [load(settings)]


def _answer_batch(lines: list[Line], options: Options) -> list[bytes]:
    return [answer(line, options, _model[0]) for line in lines]
