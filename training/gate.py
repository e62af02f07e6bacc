"""Whether a candidate may take the place of the current version: their scores and the floors in, a verdict out.

The floors stand in `gate.json`, one a score: `least` it must reach, and the `most_lost` against the current version.
Nothing is read or written here but that file, and that by `floors`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.errors import TrainingError
from training.floors import score

FILE = Path(__file__).with_name("gate.json")
# Scores are compared as they are and told with this many digits.
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Floor:
    """What is asked of one score, a number where higher is better.

    Attributes:
        called: what it is, in words.
        required: whether a report without it is refused.
        missing: why a report may be without it, in words.
        least: what the candidate must reach, or None.
        most_lost: how far the candidate may be below the current version, or None.
    """

    called: str
    required: bool = True
    missing: str = ""
    least: float | None = None
    most_lost: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a candidate is accepted, and why: one sentence a floor, those it failed first."""

    accepted: bool
    reasons: tuple[str, ...]


def floors(path: Path = FILE) -> dict[str, Floor]:
    """The floors in a file, by the name of their score.

    Raises:
        TrainingError: the file can't be read, or says something else.
    """
    try:
        return {name: Floor(**floor) for name, floor in json.loads(path.read_bytes()).items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise TrainingError(f"{path}: no floors for the gate ({error}). Restore the file.") from error


def judge(report: Mapping[str, Any], asked: Mapping[str, Floor]) -> Verdict:
    """The verdict on `report["candidate"]` beside `report["current"]`, each a tree of scores.

    A score is named by the way to it, such as frozen/word_f1. What is no number, NaN included, fails.
    """
    failed, passed = [], []
    for name, floor in asked.items():
        candidate, current = (score(report, f"{side}/{name}") for side in ("candidate", "current"))
        called = f"{floor.called[:1].upper()}{floor.called[1:]}"
        trouble = _trouble(floor, candidate, current)
        if trouble:
            failed.append(f"{called}: {trouble}.")
        elif candidate is None:
            passed.append(f"{called}: not measured{floor.missing and f'; {floor.missing}'}.")
        else:
            was = "" if current is None else f", was {_told(current)}"
            passed.append(f"{called}: {_told(candidate)}{was}.")
    return Verdict(not failed, (*failed, *passed))


def _trouble(floor: Floor, candidate: float | None, current: float | None) -> str:
    """What speaks against a candidate; empty where nothing does."""
    if candidate is None:
        if floor.required or current is not None:
            return "not measured, and it has to be"
        return ""
    # "Not at least" and not "less": NaN is neither.
    if floor.least is not None and not candidate >= floor.least:
        return f"{_told(candidate)}; at least {_told(floor.least)} is asked for"
    if floor.most_lost is not None:
        if current is None:
            return f"{_told(candidate)}, and the current version's is not known"
        if not candidate >= current - floor.most_lost:
            return f"{_told(candidate)}, was {_told(current)}; it may fall by {_told(floor.most_lost)}"
    return ""


def _told(value: float) -> str:
    return f"{value:.{_DIGITS}f}".rstrip("0").rstrip(".") if value == value else "no number"  # noqa: PLR0124  # NaN
