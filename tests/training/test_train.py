import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from model import Page, strip
from model.artifact import WEIGHTS, read, read_report
from model.errors import SampleError, TrainingError
from model.label import Label
from tests.conftest import FEW
from training.evaluate import measure
from training.importers import read_samples
from training.samples import SAMPLES, TEST, Sample
from training.settings import Settings
from training.train import facts_of, learn, reported_on, train


@pytest.fixture(scope="module")
def folder(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The six samples in a folder."""
    found = tmp_path_factory.mktemp("samples")
    for name in FEW:
        shutil.copy(root / "training/samples" / f"{name}.html", found)
    return found


@pytest.fixture(scope="module")
def trained(folder: Path, tiny_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A version trained on them, and what was said meanwhile."""
    out = tmp_path_factory.mktemp("out") / "new/version"
    said: list[str] = []
    said.append(train([folder], out, tiny_settings, say=said.append))
    return out, said


def test_samples_become_a_version_that_answers(trained: tuple[Path, list[str]]) -> None:
    out, said = trained
    model = read(out)
    assert model.version == said[-1]
    assert len(strip(Page.from_text("Menu\nA sentence, of words."), model).lines) == 2


def test_what_is_done_is_said(trained: tuple[Path, list[str]]) -> None:
    assert trained[1][0] == "6 samples, 6 of them labelled."
    assert len(trained[1]) >= 4


def test_the_manifest_says_what_it_was_trained_on(
    trained: tuple[Path, list[str]], few_samples: list[Sample], tiny_settings: Settings
) -> None:
    manifest = read(trained[0]).manifest
    facts = facts_of(few_samples, tiny_settings, hold_out=False)
    assert manifest["data_sha256"] == facts["data_sha256"]
    assert manifest["settings"]["seed"] == tiny_settings.seed
    assert (manifest["samples"], manifest["labelled"], manifest["held_out"]) == ({"samples": 6}, 6, [])


def test_the_report_holds_no_sentence_of_a_page(trained: tuple[Path, list[str]], few_samples: list[Sample]) -> None:
    report = str(read_report(trained[0]))
    assert len(report) > 100
    for sample in few_samples:
        for sentence in (sample.html or "").split("<p>")[1:]:
            words = sentence.partition("<")[0].strip()
            assert len(words) < 20 or words not in report


def test_the_same_samples_give_the_same_weights(
    trained: tuple[Path, list[str]], folder: Path, tiny_settings: Settings, tmp_path: Path
) -> None:
    train([folder], tmp_path / "again", tiny_settings, say=lambda _: None)
    assert (tmp_path / "again" / WEIGHTS).read_bytes() == (trained[0] / WEIGHTS).read_bytes()


def test_the_fingerprint_is_of_the_samples_whatever_their_order(
    few_samples: list[Sample], tiny_settings: Settings
) -> None:
    def fingerprint(samples: list[Sample]) -> object:
        return facts_of(samples, tiny_settings, hold_out=False)["data_sha256"]

    assert fingerprint(few_samples) == fingerprint(few_samples[::-1])
    changed = replace(few_samples[0], html=(few_samples[0].html or "").replace("</body>", " </body>"))
    assert fingerprint([changed, *few_samples[1:]]) != fingerprint(few_samples)
    assert fingerprint(few_samples[1:]) != fingerprint(few_samples)


def test_facts_say_what_was_held_out(few_samples: list[Sample], tiny_settings: Settings) -> None:
    assert facts_of(few_samples, tiny_settings, hold_out=True)["held_out"] == [0]


def test_what_is_held_out_is_not_learned_from(
    folder: Path, few_samples: list[Sample], tiny_settings: Settings, tmp_path: Path
) -> None:
    # Beside the labelled pages one that a teacher has to label.
    unlabelled = {"id": "u", "fold": 1, "html": few_samples[0].html, "gold": "No such line."}
    (held_out,) = [name for name in FEW if name.startswith("latabledezelie")]
    said: list[str] = []
    for name in ("a", "b"):
        samples = tmp_path / name / "samples"
        shutil.copytree(folder, samples)
        (samples / "unlabelled.jsonl").write_text(json.dumps(unlabelled))
        if name == "b":
            path = samples / f"{held_out}.html"
            path.write_text(path.read_text().replace('data-label="text"', 'data-label="legal"').replace("gratin", "x"))
        train([samples], tmp_path / name / "v", tiny_settings, hold_out=True, say=said.append)
    first, second = (read(tmp_path / name / "v").manifest for name in "ab")
    assert first["held_out"] == [0]
    assert first["data_sha256"] != second["data_sha256"]
    assert first["sha256"][WEIGHTS] == second["sha256"][WEIGHTS]
    assert any("teacher" in line for line in said)
    assert read_report(tmp_path / "a/v") != read_report(tmp_path / "b/v")
    # The report is of the version as it is stored.
    report = measure(read(tmp_path / "a/v"), reported_on(read_samples([tmp_path / "a/samples"])), TEST)
    assert json.loads(json.dumps({**report, "model": ""})) == read_report(tmp_path / "a/v")


def test_without_labels_nothing_is_learned(tiny_settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "a", "html": "<p>One line."}\n')
    with pytest.raises(TrainingError, match="None of the samples is labelled"):
        train([tmp_path], tmp_path / "out", tiny_settings, say=lambda _: None)
    assert not (tmp_path / "out").exists()
    with pytest.raises(TrainingError, match="None of the samples is labelled"):
        learn([], tiny_settings, lambda _: None)


def spoil_nothing(folder: Path) -> None:
    shutil.rmtree(folder)


def spoil_a_label(folder: Path) -> None:
    path = folder / f"{FEW[0]}.html"
    path.write_text(path.read_text().replace('data-label="text"', 'data-label="prose"', 1))


def leave_one(folder: Path) -> None:
    for name in FEW[1:]:
        (folder / f"{name}.html").unlink()


@pytest.mark.parametrize(
    ("spoil", "error"), [(spoil_nothing, SampleError), (spoil_a_label, SampleError), (leave_one, TrainingError)]
)
def test_what_can_not_be_learned_from_leaves_nothing_behind(
    folder: Path, tiny_settings: Settings, tmp_path: Path, spoil: Callable[[Path], None], error: type[Exception]
) -> None:
    samples = tmp_path / "samples"
    shutil.copytree(folder, samples)
    spoil(samples)
    with pytest.raises(error):
        train([samples], tmp_path / "out", tiny_settings, say=lambda _: None)
    assert not (tmp_path / "out").exists()


def test_sample_pages_are_not_reported_on_where_there_are_others() -> None:
    def sample(name: str, fold: int, source: str, gold: str | None) -> Sample:
        return Sample(name, name, fold, text="A line.", gold=gold, source=source)

    own, other = sample("own", TEST, SAMPLES, "A line."), sample("other", TEST, "corpus", "A line.")
    unknown, learned = sample("unknown", TEST, "corpus", None), sample("learned", TEST + 1, "corpus", "A line.")
    assert reported_on([own, other, unknown, learned]) == [other]
    assert reported_on([own, unknown, learned]) == [own]


def test_labels_by_hash_are_not_reported_on_where_there_are_others() -> None:
    page = Sample("a", "a", TEST, html="<p>A line.", gold="A line.", source="corpus")
    hashed = replace(page, text="A line.\nMenu", labels=(Label.TEXT, Label.NAV), by_hash=True)
    without = replace(hashed, id="b", gold=None)
    assert reported_on([hashed, without]) == [page]
    assert reported_on([without]) == [without]
