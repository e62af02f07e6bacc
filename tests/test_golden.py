"""The golden pages: what the shipped model makes of pages that are known to be hard."""

import json
from pathlib import Path

import pytest

from model.artifact import Model, read
from model.label import Label
from model.strip import LabelledLine, Stripped
from tests import golden
from training.samples import Sample


@pytest.fixture(scope="module")
def model(shipped_folder: Path) -> Model:
    # Only its absence is an excuse: a version that can't be read fails.
    if not shipped_folder.exists():
        pytest.skip("THE SHIPPED MODEL IS MISSING: model/trained is not there, the golden pages were not checked")
    return read(shipped_folder)


@pytest.fixture(scope="module")
def floors(model: Model) -> dict[str, golden.Scores]:
    return golden.read_floors()


@pytest.mark.parametrize("name", golden.names())
def test_a_golden_page_is_at_its_floors_or_above(model: Model, floors: dict[str, golden.Scores], name: str) -> None:
    assert name in floors, "It has no floors yet: python -m tests.golden"
    reached = golden.scores_of(name, model)
    fallen = {score: (reached[score], least) for score, least in floors[name].items() if reached[score] < least}
    assert fallen == {}, f"{name}: reached, floor"


def test_every_floor_is_of_a_page_and_of_a_score(floors: dict[str, golden.Scores]) -> None:
    assert sorted(floors) == golden.names()
    wanted = {f"{kind}_{score}" for kind in golden.KINDS for score in ("word_f1", "accuracy")}
    assert {name: set(scores) for name, scores in floors.items()} == dict.fromkeys(floors, wanted)


@pytest.mark.parametrize("score", ["html_word_f1", "text_word_f1", "html_accuracy", "text_accuracy"])
def test_floors_are_such_that_one_can_fall_under_them(floors: dict[str, golden.Scores], score: str) -> None:
    assert sum(scores[score] for scores in floors.values()) / len(floors) > 0.6


def test_floors_only_rise() -> None:
    old = {"a": {"x": 0.9, "y": 0.5}, "gone": {"x": 1.0}}
    reached = {"a": {"x": 0.8, "y": 0.7}, "new": {"x": 0.33333, "y": 0.001}}
    assert golden.raised(old, reached) == {"a": {"x": 0.9, "y": 0.695}, "new": {"x": 0.328, "y": 0.0}}
    assert golden.raised(golden.raised(old, reached), reached) == golden.raised(old, reached)


def test_what_is_reached_is_not_under_its_own_floor() -> None:
    reached = {"a": {str(number): number / 997 for number in range(998)}}
    floors = golden.raised({}, reached)["a"]
    assert all(floors[name] <= value for name, value in reached["a"].items())


def test_scores_of_an_answer() -> None:
    sample = Sample("a", "a", 0, text="a\nb c\nd", labels=(Label.NAV, Label.TEXT, Label.HEADING))
    answered = [("a", Label.NAV), ("b c", Label.TEXT), ("d", Label.AD)]
    answer = Stripped("", tuple(LabelledLine(text, label, 1, 0, 0) for text, label in answered), "v")
    assert golden.score(answer, sample, "html") == {
        "html_word_f1": pytest.approx(2 * 2 / (2 + 3)),
        "html_accuracy": pytest.approx(2 / 3),
    }


def test_the_command_raises_what_is_written(
    tiny_model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path, name = tmp_path / "floors.json", golden.names()[0]
    monkeypatch.setattr(golden, "FLOORS", path)
    monkeypatch.setattr(golden, "read", lambda _: tiny_model)
    path.write_text(json.dumps({name: {"html_accuracy": 0.999}}))
    golden.main()
    written = golden.read_floors()
    assert sorted(written) == golden.names()
    assert written[name]["html_accuracy"] == 0.999
    assert f"{name} text_accuracy: None -> " in capsys.readouterr().out
    golden.main()
    assert capsys.readouterr().out == ""
    assert golden.read_floors() == written
