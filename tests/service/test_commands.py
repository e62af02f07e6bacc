import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from model.history import Action
from model.label import Label
from model.store import Shelf
from service.cli import main
from tests.standin import write_version
from training.archive import Archive
from training.importers import read_samples

Run = Callable[..., Result]
GOOD = {"frozen": {"word_f1": 0.95, "macro_f1": 0.85}}


@pytest.fixture
def run(home: Path) -> Run:
    def call(*words: object, stdin: str | None = None) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words], input=stdin)

    return call


def lines(count: int) -> str:
    return "\n".join(
        json.dumps(
            {"text": f"Home\nStory {n}\nHome", "labels": ["nav", "text", "nav"], "url": f"https://a.example/{n}"}
        )
        for n in range(count)
    )


def test_samples_are_added_listed_exported_and_removed(run: Run, home: Path, tmp_path: Path) -> None:
    added = run("samples", "add", "--annotator", "me", stdin=lines(3))
    assert added.exit_code == 0, added.stderr
    told = [json.loads(line) for line in added.stdout.splitlines()]
    assert [line["labels"] for line in told] == [{"text": 1, "nav": 2}] * 3
    listed = [row.split("\t") for row in run("samples", "list").stdout.splitlines()]
    assert [row[0] for row in listed] == [line["id"] for line in reversed(told)]
    assert [row[2:] for row in listed] == [["a.example", "text=1 nav=2"]] * 3
    assert run("samples", "list", "--label", "ad").stdout == ""
    assert len(run("samples", "list", "--host", "A.example", "--limit", 2).stdout.splitlines()) == 2
    out = tmp_path / "out.ndjson"
    assert run("samples", "export", "--out", out).exit_code == 0
    assert run("samples", "export").stdout == out.read_text()
    assert len(read_samples([out])) == 3
    assert json.loads(out.read_text().splitlines()[0])["annotator"] == "me"
    assert run("samples", "remove", told[0]["id"]).exit_code == 0
    assert Archive(home).count() == 2
    again = run("samples", "remove", told[0]["id"], told[1]["id"])
    assert again.exit_code == 1
    assert "There is no sample" in again.stderr
    assert Archive(home).count() == 1
    # And back from the export.
    assert run("samples", "add", out).exit_code == 0
    assert Archive(home).count() == 3


def test_a_sample_that_does_not_fit_stops_no_other(run: Run, home: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<html><body data-label="nav"><p>Menu</p><p data-label="text">A story.</p></body></html>')
    one = tmp_path / "one.json"
    one.write_text(json.dumps({"text": "a\nb", "labels": ["nav", "ad"]}, indent=1))
    many = tmp_path / "many.ndjson"
    many.write_text('{"text": "c", "labels": []}\n{\n{"text": "d", "labels": ["ad"]}\n')
    unlabelled = tmp_path / "unlabelled.html"
    unlabelled.write_text("<p>A line")
    result = run("samples", "add", page, tmp_path / "nowhere", one, many, unlabelled)
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 3
    for where in (
        "nowhere",
        "many.ndjson, sample 1: 0 labels for 1 lines",
        "many.ndjson, sample 2: ",
        "unlabelled.html",
    ):
        assert where in result.stderr
    assert sorted(stored.labels for stored in Archive(home).all()) == [
        (Label.AD,),
        (Label.NAV, Label.AD),
        (Label.NAV, Label.TEXT),
    ]
    (annotated,) = [stored for stored in Archive(home).all() if stored.page.kind == "html"]
    assert "data-label" not in annotated.page.source


def test_training_from_the_stored_samples(run: Run, home: Path) -> None:
    empty = run("train")
    assert empty.exit_code == 1
    assert "There are no samples" in empty.stderr
    run("samples", "add", stdin=lines(6))
    trained = run("train", "--reason", "a site of mine")
    assert trained.exit_code == 0, trained.stderr
    shelf = Shelf(home)
    assert trained.stdout.strip() == shelf.current() != shelf.shipped()
    assert "Word F1 on the frozen test: 0.95, was 0.95." in trained.stderr
    assert shelf.state().history[-1].why.endswith(": a site of mine")
    assert run("strip", "--format", "lines", stdin="A line.").stdout.startswith("nav\t")


def test_a_refused_training_is_told(run: Run, home: Path) -> None:
    for number, name in enumerate(("nav", "ad", "text", "legal")):
        run("samples", "add", stdin=json.dumps({"text": f"Home\n{number}", "labels": [name, name]}))
    refused = run("train", "--no-activate")
    assert refused.exit_code == 1
    assert "was refused" in refused.stderr
    assert "at least 0.6 is asked for" in refused.stderr
    assert run("train", "--override-gate").exit_code == 2
    overridden = run("train", "--no-activate", "--override-gate", "--reason", "I know better")
    assert overridden.exit_code == 0
    shelf = Shelf(home)
    assert shelf.current() == shelf.shipped()
    assert "the gate overridden: I know better" in shelf.state().history[-1].why


def test_samples_and_out_belong_together(run: Run, tmp_path: Path) -> None:
    assert run("train", "--out", tmp_path / "out").exit_code == 2
    assert run("train", tmp_path).exit_code == 2


def test_a_version_is_published_if_the_gate_accepts_it(run: Run, home: Path, tmp_path: Path) -> None:
    shelf = Shelf(home)
    report = {"current": GOOD, "candidate": GOOD}
    version = write_version(tmp_path / "good", Label.LEGAL, report, learned_after=shelf.shipped())
    published = run("publish", tmp_path / "good", "--reason", "better")
    assert (published.exit_code, published.stdout.strip()) == (0, version)
    assert shelf.current() == version
    assert shelf.state().history[-1].why == "better"


def test_a_version_the_gate_refuses_needs_a_flag_and_a_reason(run: Run, home: Path, tmp_path: Path) -> None:
    shelf = Shelf(home)
    bad = {"current": GOOD, "candidate": {"frozen": {"word_f1": 0.5, "macro_f1": 0.85}}}
    write_version(tmp_path / "bad", Label.LEGAL, bad, learned_after=shelf.shipped())
    other = {"current": GOOD, "candidate": GOOD}
    write_version(tmp_path / "other", Label.COMMENT, other, learned_after="another")
    for name, sentence in (("bad", "it may fall by 0.003"), ("other", "not measured beside the current version")):
        refused = run("publish", tmp_path / name, "--reason", "so")
        assert refused.exit_code == 1
        assert sentence in refused.stderr
        assert "The gate refused it." in refused.stderr
        assert run("publish", tmp_path / name, "--override-gate").exit_code == 2
    assert shelf.versions() == (shelf.shipped(),)
    assert run("publish", tmp_path / "bad", "--override-gate", "--reason", "so", "--no-activate").exit_code == 0
    (entry,) = shelf.state().history
    assert (entry.action, entry.why) == (Action.PUBLISH, "the gate overridden: so")


def test_versions_are_listed_activated_and_taken_back(run: Run, home: Path, versions: dict[str, Path]) -> None:
    shelf = Shelf(home)
    version = shelf.publish(versions["nav"], activate=False)
    assert run("activate", version, "--reason", "to see").stdout.strip() == version
    listed = run("models")
    assert [row.split("\t")[::2] for row in listed.stdout.splitlines()] == [
        [shelf.shipped(), "shipped"],
        [version, "current"],
    ]
    assert "to see" in listed.stderr
    assert json.loads(run("models", version).stdout)["manifest"]["version"] == version
    assert run("rollback", "--reason", "worse").stdout.strip() == shelf.shipped()
    assert shelf.state().history[-1].why == "worse"
    for words in (("rollback",), ("activate", "nowhere"), ("models", "nowhere")):
        result = run(*words)
        assert result.exit_code == 1
        assert result.stderr.startswith("Error: ")
