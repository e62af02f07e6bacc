"""This and other tools on the same pages in one run: word F1 and CPU time, from HTML and from bare text.

    python -m training.benchmark --peers PYTHON [--fold N] [--model DIR] [--out DIR] PAGES...

Rounds of a few pages go to every tool in turn, in an order that moves on by one each round, so that a
machine that gets slower or faster does so for all.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from model.errors import PagesieveError, TrainingError
from training import report as writing
from training.contender import OURS, Answer, Contender, ours, peer
from training.importers import read_samples
from training.metrics import word_f1
from training.peers import for_mode
from training.renderings import RENDERINGS
from training.samples import Sample
from training.scored import gold_of

Report = dict[str, Any]

MODES = ("html", "text")
BARE = "resiliparse"
ROUND = 16
# Imports, tables built at first use: what a service has behind it when it answers its second page.
_WARM_UP = 4


@dataclass(frozen=True, slots=True)
class Challenge:
    """A page to strip, as HTML and as bare text, and its article."""

    sample: Sample
    html: str
    text: str
    gold: str

    def given_as(self, mode: str) -> str:
        """The page's HTML or its bare text."""
        return self.html if mode == "html" else self.text


@dataclass(slots=True)
class Tally:
    """What a tool's answers come to so far: word F1 of each page, CPU seconds, pages it failed at."""

    version: str
    f1: list[float] = field(default_factory=list)
    seconds: float = 0.0
    failed: int = 0

    def add(self, answer: Answer, golds: Sequence[str]) -> None:
        """Count an answer to pages whose articles are `golds`."""
        self.f1 += [word_f1(text, gold) for text, gold in zip(answer.texts, golds, strict=True)]
        self.seconds += answer.seconds
        self.failed += answer.failed


def challenges(samples: Sequence[Sample], fold: int | None) -> list[Challenge]:
    """The pages of a fold, or of all, that have HTML and whose article is known.

    Raises:
        TrainingError: there is none.
    """
    found = []
    for sample in samples:
        gold = gold_of(sample) if fold in {None, sample.fold} else None
        if sample.html is not None and gold is not None:
            found.append(Challenge(sample, sample.html, RENDERINGS[BARE](sample.html), gold))
    if not found:
        raise TrainingError("No page has HTML and a known article. Give some that have, or leave --fold away.")
    return found


def turns(names: Sequence[str], pages: int, size: int = ROUND) -> Iterator[tuple[str, slice]]:
    """Who gets which pages when: each round all names get the same pages, the first to go moving on by one."""
    for number, start in enumerate(range(0, pages, size)):
        first = number % len(names)
        for name in (*names[first:], *names[:first]):
            yield name, slice(start, start + size)


def run(
    contenders: Sequence[Contender],
    given: Sequence[Challenge],
    mode: str,
    watch: Callable[[list[tuple[str, slice]]], Iterator[tuple[str, slice]]] = iter,
) -> dict[str, Tally]:
    """What each contender's answers to the pages in a mode come to; `watch` sees the turns pass."""
    by_name = {contender.name: contender for contender in contenders}
    tallies = {name: Tally(contender.version) for name, contender in by_name.items()}
    pages, golds = [challenge.given_as(mode) for challenge in given], [challenge.gold for challenge in given]
    for contender in contenders:
        contender.answer(pages[:_WARM_UP])
    for name, part in watch(list(turns(list(by_name), len(given)))):
        tallies[name].add(by_name[name].answer(pages[part]), golds[part])
    return tallies


def summary(tally: Tally, given: Sequence[Challenge]) -> Report:
    """A tool's figures: word F1 in all, by source and by kind; CPU milliseconds a page; pages a second."""
    pages = len(given)

    def grouped(name_of: Callable[[Sample], str]) -> Report:
        groups: dict[str, list[float]] = {}
        for challenge, f1 in zip(given, tally.f1, strict=True):
            groups.setdefault(name_of(challenge.sample), []).append(f1)
        return {name: _mean(found) for name, found in sorted(groups.items())}

    return {
        "version": tally.version,
        "all": _mean(tally.f1),
        "source": grouped(lambda sample: sample.source),
        "source and kind": grouped(lambda sample: f"{sample.source} {sample.kind}".strip()),
        "ms": round(1e3 * tally.seconds / pages, 3),
        "pages_per_second": round(pages / tally.seconds, 1) if tally.seconds else 0.0,
        "failed": tally.failed,
    }


def benchmark(python: Path, samples: Sequence[Sample], fold: int | None, model: Path | None) -> Report:
    """The figures of all tools in both modes; peers run by the interpreter `python`.

    Raises:
        TrainingError: there is no page to compare on, or a tool's process ended.
    """
    given = challenges(samples, fold)
    console = Console(stderr=True)
    report: Report = {"model": "", "fold": fold, "pages": len(given)}
    for mode in MODES:

        def watch(found: list[tuple[str, slice]], mode: str = mode) -> Iterator[tuple[str, slice]]:
            yield from track(found, f"from {mode}", console=console, transient=True, disable=not console.is_terminal)

        with ExitStack() as stack:
            contenders = [stack.enter_context(ours(mode, model))]
            contenders += [stack.enter_context(peer(name, mode, python)) for name in for_mode(mode)]
            tallies = run(contenders, given, mode, watch)
        report["model"] = tallies[OURS].version
        report[mode] = {name: summary(tally, given) for name, tally in tallies.items()}
    return report


def _mean(f1: Sequence[float]) -> Report:
    return {"pages": len(f1), "word_f1": round(sum(f1) / len(f1), 4)}


def main(arguments: Sequence[str]) -> None:
    """Measure, print the tables, and write them to the report's folder.

    Raises:
        PagesieveError: a sample or the model can't be used, or a tool's process ended.
    """
    parser = argparse.ArgumentParser(prog="python -m training.benchmark", description="Measure beside other tools.")
    parser.add_argument("pages", nargs="+", type=Path, help="files or folders of samples")
    parser.add_argument("--peers", required=True, type=Path, help="the interpreter the other tools are installed for")
    parser.add_argument("--fold", type=int, help="measure on this fold of sites alone")
    parser.add_argument("--model", type=Path, help="folder of a version; by default the one that ships")
    parser.add_argument("--out", type=Path, default=writing.FOLDER, help="folder of the report")
    given = parser.parse_args(arguments)
    report = benchmark(given.peers, read_samples(given.pages), given.fold, given.model)
    writing.save(given.out, {writing.BENCHMARK: report})
    writing.show(given.out, Console())


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except PagesieveError as error:
        sys.exit(str(error))
