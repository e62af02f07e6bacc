"""Many pages in a row: one JSON object a line in, one a line out, in order.

HTTP and the command line answer with the functions here, so that they cannot drift apart.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from model import Stripped, strip
from model.artifact import Model
from model.errors import InputError
from model.processes import in_processes
from service import problem, render, wire
from service.live import load
from service.settings import Settings
from service.wire import Id, Job, Options

Line = bytes | InputError
# What is done with a page and its answer beside giving it.
Seen = Callable[[Job, Stripped], None]

# Lines sent to a process at once: enough to hide what sending costs, few enough to hold in memory.
_BATCH = 16


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

    Raises:
        ProcessError: a process was killed.
    """
    return in_processes(partial(_answerer, options, settings), lines, jobs, _BATCH)


def _answerer(options: Options, settings: Settings) -> Callable[[Line], bytes]:
    return partial(answer, options=options, model=load(settings))
