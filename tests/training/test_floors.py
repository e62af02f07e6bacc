import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from model.errors import TrainingError
from training import floors
from training.floors import Floors, Lowering, check, lowered, main, raised, score

REPORT: dict[str, Any] = {"articles": {"html": {"word_f1": 0.9, "pages": 3}}, "lines": 0.5, "none": None, "yes": True}
NAME = "articles/html/word_f1"
DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        (NAME, 0.9),
        ("lines", 0.5),
        ("articles/html/pages", 3.0),
        ("articles/html", None),
        ("articles/text/word_f1", None),
        ("lines/text", None),
        ("none", None),
        ("yes", None),
        ("", None),
    ],
)
def test_score(name: str, number: float | None) -> None:
    assert score(REPORT, name) == number


def test_all_is_well_at_the_floor_and_above() -> None:
    assert check(Floors({NAME: 0.9, "lines": 0.4}), REPORT) == []


@pytest.mark.parametrize("value", [0.8999, float("nan"), 0, None, "high"])
def test_what_is_below_or_missing_is_told(value: object) -> None:
    report = {"articles": {"html": {"word_f1": value}}, "lines": 0.5}
    (sentence,) = check(Floors({NAME: 0.9, "lines": 0.5}), report)
    assert sentence.startswith(f"{NAME}: ")
    assert sentence.endswith(" 0.9000.")


def test_raised_to_a_little_below_and_never_down() -> None:
    assert raised(Floors({NAME: 0.8, "lines": 0.498}), REPORT) == Floors({NAME: 0.895, "lines": 0.498})


def test_a_report_below_a_floor_raises_none() -> None:
    with pytest.raises(TrainingError, match=r"lines: 0\.5000 is below its floor of 0\.6000"):
        raised(Floors({NAME: 0.8, "lines": 0.6}), REPORT)


def test_lowered_is_logged() -> None:
    before = Lowering("lines", 0.9, 0.8, "labels changed", "2026-01-01")
    found = lowered(Floors({NAME: 0.8, "lines": 0.6}, (before,)), "lines", 0.55, " fewer samples ", DAY)
    assert found.least == {NAME: 0.8, "lines": 0.55}
    assert found.lowered == (before, Lowering("lines", 0.6, 0.55, "fewer samples", "2026-11-22"))


@pytest.mark.parametrize(
    ("name", "value", "reason", "sentence"),
    [
        ("other", 0.1, "why not", "no such floor; there are lines"),
        ("lines", 0.1, "  ", "for a reason"),
        ("lines", 0.6, "why not", "not below the floor of 0.6"),
        ("lines", 0.7, "why not", "not below the floor of 0.6"),
        ("lines", float("nan"), "why not", "not below"),
    ],
)
def test_what_lowers_nothing_is_refused(name: str, value: float, reason: str, sentence: str) -> None:
    with pytest.raises(TrainingError, match=sentence):
        lowered(Floors({"lines": 0.6}), name, value, reason, DAY)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "floors.json"
    floors.write(path, Floors({NAME: 0.8, "lines": 0.5}))
    return path


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.json"
    path.write_text(json.dumps(REPORT))
    return path


def test_check_leaves_the_file(file: Path, report: Path) -> None:
    before = file.read_bytes()
    assert list(main([str(report)], file)) == ["All 2 scores are at their floors or above."]
    assert file.read_bytes() == before


def test_check_fails(file: Path, report: Path) -> None:
    report.write_text("{}")
    with pytest.raises(TrainingError, match=r"(?s)^articles/html/word_f1: .*\nlines: "):
        list(main([str(report)], file))


def test_raise_and_lower(file: Path, report: Path) -> None:
    assert list(main([str(report), "--raise"], file))[1:] == [f"{NAME}: 0.8000 -> 0.8950"]
    assert list(main(["--lower", NAME, "0.7", "--reason", "another gold"], file)) == [f"{NAME}: 0.8950 -> 0.7000"]
    found = floors.read(file)
    assert found.least == {NAME: 0.7, "lines": 0.5}
    assert [(note.before, note.after, note.reason) for note in found.lowered] == [(0.895, 0.7, "another gold")]


@pytest.mark.parametrize(
    "arguments",
    [[], ["r.json", "--lower", "lines", "0.1"], ["--lower", "lines", "low"], ["--raise", "--lower", "lines", "0.1"]],
)
def test_wrong_use(file: Path, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        list(main(arguments, file))
    assert stopped.value.code == 2


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"floors": {}, "lowered": []}', '{"floors": {"a": "x"}, "lowered": []}', '{"floors": 1}'],
)
def test_a_file_without_floors_is_refused(file: Path, report: Path, content: str) -> None:
    file.write_text(content)
    with pytest.raises(TrainingError, match="floor"):
        list(main([str(report)], file))


def test_a_missing_report_is_refused(file: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="can't be read"):
        list(main([str(tmp_path / "none.json")], file))


def test_the_project_has_floors_for_both_ways_in() -> None:
    least = floors.read(floors.FILE).least
    for start in ("articles/html/", "articles/resiliparse/", "labels/text/"):
        assert any(name.startswith(start) for name in least)
    assert all(0.5 < floor < 1 for floor in least.values())
