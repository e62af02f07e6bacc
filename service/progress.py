"""How far long work has come: on standard error, and only where a person looks at it."""

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

Item = TypeVar("Item")


def watch(items: Iterable[Item], total: int | None = None) -> Iterator[Item]:
    """`items`, counted as pages on standard error while they pass.

    Nothing is shown for a single one, nor unless standard error is a terminal, nor when standard
    output is one too, where the answers themselves show how far the work is.
    """
    console = Console(stderr=True)
    if total == 1 or not console.is_terminal or sys.stdout.isatty():
        yield from items
        return
    count = TextColumn("{task.completed} pages") if total is None else MofNCompleteColumn()
    shape: list[ProgressColumn] = [SpinnerColumn()] if total is None else [BarColumn()]
    with Progress(*shape, count, _Rate(), TimeElapsedColumn(), console=console, transient=True) as progress:
        task = progress.add_task("pages", total=total)
        for item in items:
            yield item
            progress.advance(task)


class _Rate(ProgressColumn):
    """Pages a second, over the last of them."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.0f} a second" if task.speed else "")
