"""Scores that must not fall: pinned in a file, checked against a report, raised as the model gets better.

    python -m training.floors REPORT.json                                     check
    python -m training.floors REPORT.json --raise                             raise to what was reached
    python -m training.floors --lower NAME VALUE --reason "..."               lower one, which is logged

A floor's name is the way to a number in the report: articles/html/source/wcxb/word_f1.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from model.errors import PagesieveError, TrainingError

FILE = Path(__file__).with_name("floors.json")
# What a floor stays below the score it was raised to: training again moves scores by about this.
SLACK = 0.005
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Lowering:
    """One time a floor was lowered."""

    name: str
    before: float
    after: float
    reason: str
    day: str


@dataclass(frozen=True, slots=True)
class Floors:
    """The least each named score may be, and each time one was lowered."""

    least: Mapping[str, float]
    lowered: tuple[Lowering, ...] = ()


def score(report: Mapping[str, Any], name: str) -> float | None:
    """The number a report has under a name; None where it has none."""
    found: Any = report
    for part in name.split("/"):
        if not isinstance(found, dict) or part not in found:
            return None
        found = found[part]
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


def check(floors: Floors, report: Mapping[str, Any]) -> list[str]:
    """A sentence for each floor that the report is below, or has no number for; none where all is well."""
    found = []
    for name, least in floors.least.items():
        reached = score(report, name)
        if reached is None:
            found.append(f"{name}: the report has no such score; its floor is {least:.4f}.")
        elif not reached >= least:  # so that a score that is no number falls below as well
            found.append(f"{name}: {reached:.4f} is below its floor of {least:.4f}.")
    return found


def raised(floors: Floors, report: Mapping[str, Any]) -> Floors:
    """The floors, each at what the report reached less SLACK where that is higher.

    Raises:
        TrainingError: the report is below a floor.
    """
    failures = check(floors, report)
    if failures:
        raise TrainingError("Floors are raised by a report that is above all of them. " + " ".join(failures))
    reached = {name: round((score(report, name) or 0.0) - SLACK, _DIGITS) for name in floors.least}
    return replace(floors, least={name: max(least, reached[name]) for name, least in floors.least.items()})


def lowered(floors: Floors, name: str, value: float, reason: str, day: date) -> Floors:
    """The floors, the named one lowered, and a note of it.

    Raises:
        TrainingError: there is no such floor, no reason, or the value is not lower.
    """
    if name not in floors.least:
        raise TrainingError(f"{name}: there is no such floor; there are {', '.join(floors.least)}.")
    if not reason.strip():
        raise TrainingError(f"{name}: a floor is lowered for a reason. Give it with --reason.")
    before = floors.least[name]
    if not value < before:
        raise TrainingError(f"{name}: {value} is not below the floor of {before}. Floors rise by --raise.")
    note = Lowering(name, before, value, reason.strip(), day.isoformat())
    return Floors({**floors.least, name: value}, (*floors.lowered, note))


def read(path: Path) -> Floors:
    """The floors in a file.

    Raises:
        TrainingError: it can't be read, or holds no floors.
    """
    content = _load(path)
    try:
        floors = Floors(
            {str(name): float(least) for name, least in content["floors"].items()},
            tuple(Lowering(**note) for note in content["lowered"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise TrainingError(f"{path}: it holds no floors ({error}).") from error
    if not floors.least:
        raise TrainingError(f"{path}: it names no floor, so that nothing would be checked.")
    return floors


def write(path: Path, floors: Floors) -> None:
    """Write floors to a file.

    Raises:
        TrainingError: the disk refused.
    """
    content = {
        "floors": dict(floors.least),
        "lowered": [{name: getattr(note, name) for name in Lowering.__dataclass_fields__} for note in floors.lowered],
    }
    try:
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")
    except OSError as error:
        raise TrainingError(f"{path}: it can't be written: {error.strerror}.") from error


def main(arguments: Sequence[str], file: Path = FILE) -> Iterator[str]:
    """Do what the command line says; yields what to tell.

    Raises:
        TrainingError: a score is below its floor, or what was asked for can't be done.
    """
    parser = argparse.ArgumentParser(prog="python -m training.floors", description="Check that no score has fallen.")
    parser.add_argument("report", nargs="?", type=Path, help="report.json of an evaluation")
    parser.add_argument("--raise", dest="higher", action="store_true", help="raise floors to what the report reached")
    parser.add_argument("--lower", nargs=2, metavar=("NAME", "VALUE"), help="lower one floor")
    parser.add_argument("--reason", default="", help="why it is lowered")
    given = parser.parse_args(arguments)
    if (given.report is None) == (given.lower is None) or (given.lower and given.higher):
        parser.error("give a REPORT to check or to raise floors by, or --lower NAME VALUE")
    floors = read(file)
    if given.lower:
        name, value = given.lower
        try:
            new = lowered(floors, name, float(value), given.reason, datetime.now(UTC).date())
        except ValueError:
            parser.error(f"{value} is no number")
    else:
        report = _load(given.report)
        failures = check(floors, report)
        if failures:
            raise TrainingError("\n".join(failures))
        yield f"All {len(floors.least)} scores are at their floors or above."
        new = raised(floors, report) if given.higher else floors
    if new != floors:
        write(file, new)
    for name, least in new.least.items():
        if least != floors.least[name]:
            yield f"{name}: {floors.least[name]:.4f} -> {least:.4f}"


def _load(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise TrainingError(f"{path}: it can't be read: {error.strerror}.") from error
    except ValueError as error:
        raise TrainingError(f"{path}: it is no JSON.") from error
    if not isinstance(found, dict):
        raise TrainingError(f"{path}: it is no JSON object.")
    return found


if __name__ == "__main__":
    try:
        for sentence in main(sys.argv[1:]):
            print(sentence)  # noqa: T201  # a command's output
    except PagesieveError as error:
        sys.exit(str(error))
