"""A real server to test against."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple


class Server(NamedTuple):
    """A server under test: its address and the process that its workers are children of."""

    url: str
    pid: int


@contextmanager
def run_server(root: Path, module: str = "service", workers: int = 1) -> Iterator[Server]:
    """`pagesieve serve` from the folder `root`, on a free port, with a limit of 2 MB."""
    environ = {**os.environ, "PAGESIEVE_MAX_BYTES": "2000000"}
    command = [sys.executable, "-m", module, "serve", "--port", "0", "--workers", str(workers)]
    with subprocess.Popen(command, cwd=root, env=environ, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            yield Server(_address(process.stderr), process.pid)
        finally:
            process.terminate()
            process.communicate(timeout=30)


def _address(log: Iterable[str]) -> str:
    said = []
    for line in log:
        said.append(line)
        if found := re.search(r"Listening at: (http://\S+)", line):
            return found.group(1)
    raise AssertionError("The server did not start:\n" + "".join(said))


def kill(*words: str) -> bool:
    """Kill the process that has all `words` among its arguments; whether there was one."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:  # it has ended
            continue
        if {word.encode() for word in words} <= set(arguments):
            with suppress(ProcessLookupError):
                os.kill(int(folder.name), signal.SIGKILL)
                return True
    return False
