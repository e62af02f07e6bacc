from pathlib import Path
from typing import Any

import pytest

from model.errors import TrainingError
from training.gate import FILE, Floor, floors, judge
from training.relearn import HELD_OUT

SHIPPED = floors()


def report(
    word: float = 0.95,
    macro: float = 0.85,
    new: float | None = 0.9,
    was: tuple[float, float, float | None] = (0.95, 0.85, 0.5),
    kappa: float = 0.8,
) -> dict[str, Any]:
    def side(word: float, macro: float, new: float | None, kappa: float) -> dict[str, Any]:
        found: dict[str, Any] = {"frozen": {"word_f1": word, "macro_f1": macro}}
        return found if new is None else found | {"new": {"accuracy": new, "kappa": kappa}}

    return {"current": side(*was, 0.2), "candidate": side(word, macro, new, kappa)}


@pytest.mark.parametrize(
    ("given", "accepted", "first"),
    [
        (report(), True, "Word F1 on the frozen test: 0.95, was 0.95."),
        (report(word=0.9475), True, "Word F1 on the frozen test: 0.9475, was 0.95."),
        (report(word=0.9465), False, "Word F1 on the frozen test: 0.9465, was 0.95; it may fall by 0.003."),
        (report(macro=0.8), False, "Macro-F1 of the labels on the frozen test: 0.8, was 0.85; it may fall by 0.003."),
        (report(new=0.3, was=(0.95, 0.85, 0.2)), False, "Share of right lines"),
        (report(new=0.7, was=(0.95, 0.85, 0.8)), False, "Share of right lines"),
        # One line of a hundred is what pages held out differ by.
        (report(new=0.791, was=(0.95, 0.85, 0.8)), True, "Word F1"),
        (report(new=0.789, was=(0.95, 0.85, 0.8)), False, "Share of right lines"),
        (
            report(new=0.7, kappa=0.29),
            False,
            "Agreement beyond chance on held-out pages of the new samples: 0.29; at least 0.3 is asked for.",
        ),
        (report(kappa=float("nan")), False, "Agreement beyond chance"),
        (report(word=float("nan")), False, "Word F1 on the frozen test: no number, was 0.95; it may fall by 0.003."),
        (report(was=(float("nan"), 0.85, 0.5)), False, "Word F1 on the frozen test: 0.95, was no number"),
        # With one sample there is no page of its site to hold out.
        (report(new=None, was=(0.95, 0.85, None)), True, "Word F1"),
        (
            report(new=None),
            False,
            "Share of right lines on held-out pages of the new samples: not measured, and it has to",
        ),
        (
            report(was=(0.95, 0.85, None)),
            False,
            "Share of right lines on held-out pages of the new samples: 0.9, and the",
        ),
        ({}, False, "Word F1 on the frozen test: not measured, and it has to be."),
        (
            {"candidate": report()["candidate"]},
            False,
            "Word F1 on the frozen test: 0.95, and the current version's is not",
        ),
        (
            {"candidate": {"frozen": {"word_f1": "0.99", "macro_f1": True}}},
            False,
            "Word F1 on the frozen test: not measured",
        ),
    ],
)
def test_verdicts(given: dict[str, Any], accepted: bool, first: str) -> None:
    verdict = judge(given, SHIPPED)
    assert verdict.accepted == accepted
    assert verdict.reasons[0].startswith(first)
    assert len(verdict.reasons) == len(SHIPPED)  # each floor is told of, kept or not


def test_a_floor_can_be_a_least_alone() -> None:
    asked = {"a": Floor("a", least=0.5)}
    assert judge({"candidate": {"a": 0.5}}, asked).accepted
    assert not judge({"candidate": {"a": 0.49}}, asked).accepted


def test_what_few_pages_leave_unmeasured_says_why() -> None:
    reasons = judge(report(new=None, was=(0.95, 0.85, None)), SHIPPED).reasons
    assert reasons[-2:] == (
        "Share of right lines on held-out pages of the new samples: not measured; it takes five labelled pages.",
        "Agreement beyond chance on held-out pages of the new samples: not measured; it takes five labelled pages.",
    )
    assert HELD_OUT == 5
    assert judge({}, {"a": Floor("a", required=False)}).reasons == ("A: not measured.",)


def test_the_floors_that_ship_ask_for_what_was_promised() -> None:
    assert SHIPPED["frozen/word_f1"].most_lost == SHIPPED["frozen/macro_f1"].most_lost == 0.003
    assert SHIPPED["frozen/word_f1"].required
    assert SHIPPED["frozen/macro_f1"].required


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}', '{"a": {"floor": 1}}'])
def test_a_file_of_no_floors_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / FILE.name
    path.write_text(content)
    with pytest.raises(TrainingError, match="no floors"):
        floors(path)
