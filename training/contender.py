"""One tool of a benchmark in a process of its own, spoken to in JSON lines: pagesieve or a peer.

    python -m training.contender html|text [MODEL]

is pagesieve itself, measured as the peers are: by its own CPU clock, everything from the page's source to
its text included.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from model import Page, strip_many
from model.artifact import read, shipped
from model.errors import TrainingError
from training import peers

OURS = "pagesieve"
# Libraries of linear algebra start a thread a core unless told otherwise.
_ONE_THREAD = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a contender made of a batch: its texts, CPU seconds for all of them, and how many it failed at."""

    texts: tuple[str, ...]
    seconds: float
    failed: int


class Contender:
    """A tool's process. It computes only while it is asked, so that many can take turns."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        """Start the process and wait until it is ready.

        Raises:
            TrainingError: it can't be started, or ends before it is ready.
        """
        self.name = name
        try:
            self._process = subprocess.Popen(  # noqa: S603  # the commands are those below
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **_ONE_THREAD}, text=True,
                encoding="utf-8",
            )  # fmt: skip
        except OSError as error:
            raise TrainingError(f"{name}: {command[0]} can't be started: {error.strerror}. Run make bench.") from error
        try:
            self.version = str(self._told()["version"])
        except BaseException:
            self._end()
            raise

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self._end()

    def answer(self, pages: Sequence[str]) -> Answer:
        """What the tool makes of a batch of pages.

        Raises:
            TrainingError: its process ended.
        """
        if self._process.stdin is None:
            raise RuntimeError("a process was started without a pipe")
        try:
            self._process.stdin.write(json.dumps(pages) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise TrainingError(f"{self.name}: its process ended. What it wrote above says why.") from error
        told = self._told()
        return Answer(tuple(told["texts"]), told["seconds"], told["failed"])

    def _end(self) -> None:
        # What was asked of a process that is gone can't be written any more.
        with suppress(BrokenPipeError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process.wait()

    def _told(self) -> dict[str, Any]:
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if not line:
            raise TrainingError(f"{self.name}: its process ended. What it wrote above says why.")
        found: dict[str, Any] = json.loads(line)
        return found


def ours(mode: str, model: Path | None) -> Contender:
    """Pagesieve with the version in `model`, by default the one that ships."""
    return Contender(OURS, [sys.executable, "-m", "training.contender", mode, *([str(model)] if model else [])])


def peer(name: str, mode: str, python: Path) -> Contender:
    """A peer, run by the interpreter of the environment it is installed in."""
    return Contender(name, [str(python), peers.__file__, name, mode])


def main(mode: str, folder: str | None = None) -> None:
    """Be pagesieve, for pages as "html" or as "text"."""
    model = read(Path(folder)) if folder else shipped()
    make = Page.from_html if mode == "html" else Page.from_text

    def run(pages: Sequence[str]) -> tuple[list[str], int]:
        return [stripped.text() for stripped in strip_many(map(make, pages), model)], 0

    told, sys.stdout = sys.stdout, sys.stderr
    peers.speak(model.version, run, sys.stdin, told)


if __name__ == "__main__":
    main(*sys.argv[1:3])
