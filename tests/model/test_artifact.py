import builtins
import hashlib
import json
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest

from model.artifact import LEAST_WEIGHT, MANIFEST, REPORT, WEIGHTS, contract, read, read_report, rounded, write
from model.classifier import Classifier
from model.errors import ArtifactError, CorruptError, MismatchError, MissingError
from model.features.matrix import features
from model.lines.html import html_lines
from model.lines.text import text_lines

FACTS = {"date": "2026-01-31", "seed": 0}
SCORES = {"accuracy": 0.5, "hôte": "a.example"}


class Poison:
    """Makes the file named when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return builtins.open, (str(self.path), "w")


@pytest.fixture(scope="module")
def written(tiny_classifier: Classifier, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("versions") / "one"
    write(folder, tiny_classifier, SCORES, FACTS)
    return folder


@pytest.fixture
def version(written: Path, tmp_path: Path) -> Path:
    """A version to spoil."""
    folder = tmp_path / "version"
    shutil.copytree(written, folder)
    return folder


def manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
    return found


def change(folder: Path, **facts: object) -> None:
    (folder / MANIFEST).write_text(json.dumps({**manifest(folder), **facts}))


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_what_is_written_is_read(tiny_classifier: Classifier, tmp_path: Path) -> None:
    name = write(tmp_path / "new/v", tiny_classifier, SCORES, FACTS)
    model = read(tmp_path / "new/v")
    assert model.version == name
    assert name.startswith("2026-01-31-")
    assert read_report(tmp_path / "new/v") == SCORES
    assert model.manifest == manifest(tmp_path / "new/v")
    for table, least in LEAST_WEIGHT.items():
        found, given = getattr(model.classifier, table), getattr(tiny_classifier, table)
        assert found.dtype == np.float32
        # Half precision, of whose mantissa seven bits are kept: rounded twice.
        large = np.abs(given) >= least
        assert large.any()
        np.testing.assert_allclose(found[large], given[large], rtol=2**-8 + 2**-10)
        assert not found[~large].any()
        assert np.array_equal(found, getattr(rounded(tiny_classifier), table))
    for part in ("columns", "low", "slope"):
        found, given = getattr(model.classifier.ramps, part), getattr(tiny_classifier.ramps, part)
        assert found.dtype == given.dtype
        assert np.array_equal(found, given)
        assert len(found)
    for page in (text_lines("Menu\nA sentence, of words.\n© 2024"), html_lines("<ul><li>Menu</ul><p>A sentence.")):
        np.testing.assert_allclose(
            model.classifier.probabilities(features(page)),
            tiny_classifier.probabilities(features(page)),
            atol=0.01,
        )


def test_what_was_read_is_written_without_further_loss(written: Path, tmp_path: Path) -> None:
    first = read(written).classifier
    write(tmp_path / "again", first, SCORES, FACTS)
    second = read(tmp_path / "again").classifier
    assert all(np.array_equal(getattr(first, name), getattr(second, name)) for name in ("words", "around", "hints"))
    found = features(text_lines("Menu\nA sentence, of words.\n© 2024"))
    assert np.array_equal(first.probabilities(found), second.probabilities(found))


def test_the_same_classifier_is_written_as_the_same_bytes(
    tiny_classifier: Classifier, written: Path, tmp_path: Path
) -> None:
    write(tmp_path / "again", tiny_classifier, SCORES, FACTS)
    assert bytes_of(tmp_path / "again") == bytes_of(written)


def test_the_manifest_says_what_the_version_is_for(written: Path) -> None:
    found = manifest(written)
    assert contract().items() <= found.items()
    assert FACTS.items() <= found.items()
    assert found["labels"] == "title text heading byline caption nav ad related comment legal".split()
    assert found["sha256"] == {
        name: hashlib.sha256(content).hexdigest() for name, content in bytes_of(written).items() if name != MANIFEST
    }
    assert found["version"] == f"2026-01-31-{found['sha256'][WEIGHTS][:8]}"


def test_a_version_is_three_files_that_anyone_may_read(written: Path) -> None:
    assert sorted(path.name for path in written.iterdir()) == sorted([MANIFEST, REPORT, WEIGHTS])
    assert written.stat().st_mode & 0o777 == 0o755
    assert [path.name for path in written.parent.iterdir()] == ["one"]


def test_weights_hold_library_objects_only(written: Path) -> None:
    # joblib's own pickle names each class it holds; none of the project's may be among them.
    content = joblib.load(written / WEIGHTS)
    assert {type(value).__module__.split(".")[0] for value in content.values()} == {"numpy", "sklearn"}
    assert b"cmodel." not in pickle.dumps(content, protocol=0)


@pytest.mark.parametrize("missing", ["", MANIFEST])
def test_no_version_is_missing(version: Path, missing: str) -> None:
    if missing:
        (version / missing).unlink()
    else:
        shutil.rmtree(version)
    for look in (read, read_report):
        with pytest.raises(MissingError, match="no model version"):
            look(version)


@pytest.mark.parametrize("name", [WEIGHTS, REPORT])
@pytest.mark.parametrize("harm", ["missing", "emptied", "truncated", "longer", "changed byte"])
def test_a_harmed_file_is_refused(version: Path, name: str, harm: str) -> None:
    path = version / name
    content = path.read_bytes()
    middle = len(content) // 2
    if harm == "missing":
        path.unlink()
    else:
        path.write_bytes(
            {
                "emptied": b"",
                "truncated": content[:-1],
                "longer": content + b"\n",
                "changed byte": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
            }[harm]
        )
    with pytest.raises(CorruptError, match=name):
        read(version)
    if name == REPORT:
        with pytest.raises(CorruptError, match=name):
            read_report(version)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"not json", b"\xff\xfe\x00", b"[]", b"1", b'"version"', b"null", b"{}", b'{"labels": []}']
)
def test_a_manifest_that_is_none_is_refused(version: Path, content: bytes) -> None:
    (version / MANIFEST).write_bytes(content)
    for look in (read, read_report):
        with pytest.raises(CorruptError, match=MANIFEST):
            look(version)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("labels", "text title heading byline caption nav ad related comment legal".split()),
        ("labels", "title text heading".split()),
        ("labels", None),
        ("features", "0" * 64),
        ("scikit-learn", "0.24"),
        ("scikit-learn", 1.9),
        ("format", 0),
        ("format", "1"),
        ("format", 1),
    ],
)
def test_a_version_made_for_something_else_is_refused(version: Path, key: str, value: object) -> None:
    change(version, **{key: value})
    with pytest.raises(MismatchError, match=f"made for {key} ") as refused:
        read(version)
    assert "Train it again" in str(refused.value)


@pytest.mark.parametrize("hashes", [None, [], "x", {}, {REPORT: "0" * 64}])
def test_weights_without_a_hash_are_refused(version: Path, hashes: object) -> None:
    change(version, sha256=hashes)
    with pytest.raises(CorruptError, match="hash"):
        read(version)


@pytest.mark.parametrize("hashes", [None, [], "x", {}, {WEIGHTS: "0" * 64}])
def test_a_report_without_a_hash_is_refused(version: Path, hashes: object) -> None:
    change(version, sha256=hashes)
    with pytest.raises(CorruptError, match=REPORT):
        read_report(version)


@pytest.mark.parametrize("digest", ["", "0" * 64, None, 5])
def test_a_wrong_hash_is_refused(version: Path, digest: object) -> None:
    change(version, sha256={**manifest(version)["sha256"], WEIGHTS: digest})
    with pytest.raises(CorruptError, match=WEIGHTS):
        read(version)


def test_a_hash_of_a_file_that_is_not_there_is_refused(version: Path) -> None:
    change(version, sha256={**manifest(version)["sha256"], "extra.bin": "0" * 64})
    with pytest.raises(CorruptError, match=r"extra\.bin"):
        read(version)


def test_nothing_is_unpickled_before_it_is_verified(version: Path, tmp_path: Path) -> None:
    trace = tmp_path / "ran"
    (version / WEIGHTS).write_bytes(pickle.dumps(Poison(trace)))
    with pytest.raises(CorruptError):
        read(version)
    change(version, sha256={})
    with pytest.raises(CorruptError):
        read(version)
    assert not trace.exists()
    # The poison works: with the hash it should have, it runs.
    joblib.load(version / WEIGHTS).close()
    assert trace.exists()


def test_a_version_for_another_library_is_not_unpickled(version: Path, tmp_path: Path) -> None:
    trace = tmp_path / "ran"
    content = pickle.dumps(Poison(trace))
    (version / WEIGHTS).write_bytes(content)
    hashes = {**manifest(version)["sha256"], WEIGHTS: hashlib.sha256(content).hexdigest()}
    change(version, sha256=hashes, **{"scikit-learn": "0.24"})
    with pytest.raises(MismatchError):
        read(version)
    assert not trace.exists()


def test_a_good_report_does_not_excuse_bad_weights_nor_the_other_way_round(version: Path, tmp_path: Path) -> None:
    trace = tmp_path / "ran"
    content = pickle.dumps(Poison(trace))
    (version / WEIGHTS).write_bytes(content)
    (version / REPORT).write_bytes(b"{}")
    change(version, sha256={**manifest(version)["sha256"], WEIGHTS: hashlib.sha256(content).hexdigest()})
    with pytest.raises(CorruptError, match=REPORT):
        read(version)
    assert not trace.exists()


def test_a_version_replaces_the_one_before(version: Path, tiny_classifier: Classifier) -> None:
    write(version, tiny_classifier, {"accuracy": 0.6}, {"date": "2026-02-01"})
    assert read_report(version) == {"accuracy": 0.6}
    assert read(version).version.startswith("2026-02-01-")
    assert [path.name for path in version.parent.iterdir()] == ["version"]


# Each step of writing that the disk may refuse, by the number of the call.
def fill_the_disk(monkeypatch: pytest.MonkeyPatch, step: str, number: int) -> None:
    """Have the `number`-th call of a step, counted from 0, find the disk full, and no other."""
    owner: Any = {"fsync": os, "rename": Path}[step]
    real = getattr(owner, step)
    calls: list[object] = []

    def refuse(*args: object) -> object:
        calls.append(args)
        if len(calls) == number + 1:
            raise OSError(28, "No space left on device")
        return real(*args)

    monkeypatch.setattr(owner, step, refuse)


STEPS = [("fsync", 0), ("fsync", 1), ("fsync", 2), ("rename", 0), ("rename", 1)]


@pytest.mark.parametrize(("step", "number"), STEPS)
def test_a_failure_midway_leaves_the_old_version_whole_and_nothing_else(
    version: Path, tiny_classifier: Classifier, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    old = bytes_of(version)
    fill_the_disk(monkeypatch, step, number)
    with pytest.raises(ArtifactError, match="No space left"):
        write(version, tiny_classifier, {}, {"date": "2026-02-01"})
    monkeypatch.undo()
    assert version.exists()
    assert bytes_of(version) == old
    assert [path.name for path in version.parent.iterdir()] == ["version"]


def test_an_old_version_that_is_not_let_back_is_kept_aside(
    version: Path, tiny_classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, real = bytes_of(version), Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if target == version:
            raise OSError(28, "No space left on device")
        return real(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(ArtifactError, match="No space left"):
        write(version, tiny_classifier, {}, {"date": "2026-02-01"})
    (aside,) = version.parent.iterdir()
    assert bytes_of(aside) == old


def test_an_old_version_that_can_not_be_removed_keeps_no_new_one_from_its_place(
    version: Path, tiny_classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "unlink", refuse)
    name = write(version, tiny_classifier, {}, {"date": "2026-02-01"})
    monkeypatch.undo()
    assert read(version).version == name
    assert all(path == version or path.name.startswith(".") for path in version.parent.iterdir())


@pytest.mark.parametrize(("step", "number"), STEPS[:4])
def test_a_failure_midway_leaves_nothing_where_nothing_was(
    tiny_classifier: Classifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    fill_the_disk(monkeypatch, step, number)
    with pytest.raises(ArtifactError, match="No space left"):
        write(tmp_path / "version", tiny_classifier, {}, FACTS)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_can_not_be_written_to_is_told_of(tiny_classifier: Classifier, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArtifactError, match="could not be written"):
        write(tmp_path / "file/version", tiny_classifier, {}, FACTS)


def test_a_folder_that_is_no_version_is_not_replaced(tiny_classifier: Classifier, tmp_path: Path) -> None:
    folder = tmp_path / "thesis"
    folder.mkdir()
    (folder / "chapter.txt").write_text("Years of work.")
    with pytest.raises(ArtifactError):
        write(folder, tiny_classifier, {}, FACTS)
    assert (folder / "chapter.txt").read_text() == "Years of work."


def test_an_empty_folder_may_be_written_to(tiny_classifier: Classifier, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    name = write(tmp_path / "empty", tiny_classifier, {}, FACTS)
    assert read(tmp_path / "empty").version == name


def test_what_a_killed_process_left_behind_does_no_harm(version: Path, tiny_classifier: Classifier) -> None:
    shutil.copytree(version, version.with_name(f".{version.name}.new"))
    write(version, tiny_classifier, {}, {"date": "2026-02-01"})
    assert read(version).version.startswith("2026-02-01-")
