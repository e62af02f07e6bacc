import json
import shutil
import signal
import subprocess
import sys
import time
from multiprocessing.pool import ThreadPool
from pathlib import Path

import pytest

from model import artifact
from model.errors import ArtifactError, ConflictError, CorruptError, MissingError, StorageError, UnknownError
from model.history import Action, By, State, parse
from model.label import Label
from model.store import Shelf
from tests.standin import write_version

ME = By("me", "to try it")


@pytest.fixture
def shelf(tmp_path: Path, versions: dict[str, Path]) -> Shelf:
    return Shelf(tmp_path / "home", versions["text"])


def name_of(folder: Path) -> str:
    return str(artifact.read_manifest(folder)["version"])


def test_an_empty_shelf_has_what_ships(shelf: Shelf, tmp_path: Path, versions: dict[str, Path]) -> None:
    shipped = name_of(versions["text"])
    assert shelf.current() == shelf.shipped() == shipped
    assert shelf.versions() == (shipped,)
    assert shelf.folder(shipped) == versions["text"]
    assert shelf.read_current().version == shipped
    assert shelf.stamp() is None
    assert not (tmp_path / "home").exists()  # looking makes nothing


def test_a_version_is_published_and_current_at_once(shelf: Shelf, versions: dict[str, Path]) -> None:
    version = shelf.publish(versions["nav"], activate=True, by=ME)
    assert version == name_of(versions["nav"])
    assert shelf.current() == version
    assert shelf.versions() == (shelf.shipped(), version)
    assert shelf.read_current().version == version
    assert [(entry.action, entry.version, entry.who, entry.why) for entry in shelf.state().history] == [
        (Action.PUBLISH, version, "me", "to try it"),
        (Action.ACTIVATE, version, "me", "to try it"),
    ]
    assert versions["nav"].exists()  # it was copied


def test_a_version_can_be_published_only(shelf: Shelf, versions: dict[str, Path]) -> None:
    version = shelf.publish(versions["nav"], activate=False)
    assert shelf.current() == shelf.shipped()
    assert version in shelf.versions()


def test_publishing_again_changes_nothing(shelf: Shelf, versions: dict[str, Path]) -> None:
    shelf.publish(versions["nav"], activate=True)
    before = shelf.stamp()
    shelf.publish(versions["nav"], activate=True)
    assert shelf.stamp() == before


def test_activating_is_idempotent(shelf: Shelf, versions: dict[str, Path]) -> None:
    version = shelf.publish(versions["nav"], activate=False)
    assert shelf.activate(version, ME)
    stamp = shelf.stamp()
    assert not shelf.activate(version, ME)
    assert shelf.stamp() == stamp
    assert shelf.activate(shelf.shipped())
    assert shelf.state().current is None


def test_a_change_is_seen_by_its_stamp(shelf: Shelf, versions: dict[str, Path]) -> None:
    stamps = {shelf.stamp()}
    version = shelf.publish(versions["nav"], activate=False)
    stamps.add(shelf.stamp())
    shelf.activate(version)
    stamps.add(shelf.stamp())
    shelf.rollback()
    stamps.add(shelf.stamp())
    assert len(stamps) == 4


def test_rollback_is_an_undo(shelf: Shelf, versions: dict[str, Path]) -> None:
    nav = shelf.publish(versions["nav"], activate=True)
    ad = shelf.publish(versions["ad"], activate=True)
    assert shelf.current() == ad
    assert shelf.rollback(ME) == nav
    assert shelf.rollback() == shelf.shipped() == shelf.current()
    with pytest.raises(ConflictError, match="nothing to go back to"):
        shelf.rollback()
    shelf.activate(ad)
    assert shelf.rollback() == shelf.shipped()


def test_an_unknown_version_is_refused(shelf: Shelf) -> None:
    for ask in (shelf.activate, shelf.read, shelf.folder):
        with pytest.raises(UnknownError, match="There is no version"):
            ask("../x")


def test_a_broken_version_is_neither_published_nor_activated(
    shelf: Shelf, versions: dict[str, Path], tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(versions["nav"], broken)
    (broken / "weights.joblib").write_bytes(b"other")
    with pytest.raises(CorruptError):
        shelf.publish(broken, activate=True)
    assert shelf.versions() == (shelf.shipped(),)
    assert [path.name for path in (tmp_path / "home/models").iterdir()] == [".lock"]
    version = shelf.publish(versions["nav"], activate=False)
    (shelf.folder(version) / "weights.joblib").write_bytes(b"other")
    with pytest.raises(CorruptError):
        shelf.activate(version)
    assert shelf.current() == shelf.shipped()
    # Publishing it again mends it.
    shelf.publish(versions["nav"], activate=True)
    assert shelf.read_current().version == version


def test_a_version_under_another_ones_name_is_refused(shelf: Shelf, versions: dict[str, Path]) -> None:
    version = shelf.publish(versions["nav"], activate=False)
    shutil.rmtree(shelf.folder(version))
    shutil.copytree(versions["ad"], shelf.folder(version))
    with pytest.raises(CorruptError, match="it holds the version"):
        shelf.activate(version)


def test_a_name_that_leads_elsewhere_is_refused(shelf: Shelf, versions: dict[str, Path], tmp_path: Path) -> None:
    for field, value in (("version", "../../elsewhere"), ("sha256", {"../weights.joblib": "0"})):
        folder = tmp_path / field
        shutil.copytree(versions["nav"], folder)
        manifest = json.loads((folder / "manifest.json").read_text())
        (folder / "manifest.json").write_text(json.dumps(manifest | {field: value}))
        with pytest.raises(ArtifactError):
            shelf.publish(folder, activate=True)
    assert shelf.versions() == (shelf.shipped(),)
    assert not (tmp_path / "elsewhere").exists()


def test_what_ships_is_not_published_a_second_time(shelf: Shelf, versions: dict[str, Path]) -> None:
    with pytest.raises(ConflictError, match="ships"):
        shelf.publish(versions["text"], activate=True)


def test_a_deleted_version_is_missing(shelf: Shelf, versions: dict[str, Path]) -> None:
    version = shelf.publish(versions["nav"], activate=True)
    shutil.rmtree(shelf.folder(version))
    with pytest.raises(MissingError):
        shelf.read_current()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"format": 2, "current": null, "versions": [], "history": []}',
        '{"format": 1, "current": "a", "versions": [], "history": []}',
        '{"format": 1, "current": null, "versions": ["../a"], "history": []}',
        '{"format": 1, "current": null, "versions": [1], "history": []}',
        '{"format": 1, "current": null, "versions": [], "history": [{"action": "steal"}]}',
    ],
)
def test_a_shelf_that_is_none_is_refused(shelf: Shelf, tmp_path: Path, content: str) -> None:
    (tmp_path / "home/models").mkdir(parents=True)
    (tmp_path / "home/models/shelf.json").write_text(content)
    with pytest.raises(CorruptError, match="not a shelf"):
        shelf.state()


def test_a_folder_that_can_not_be_written_is_told(tmp_path: Path, versions: dict[str, Path]) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(StorageError, match="PAGESIEVE_HOME"):
        Shelf(tmp_path / "home", versions["text"]).publish(versions["nav"], activate=True)


def test_a_state_survives_json() -> None:
    state = State().published("a", ME).activated("a", ME, shipped=False).rolled_back("b", ME, shipped=True)
    assert parse(json.loads(json.dumps(state.as_json())), "here") == state
    assert state.before() == []


def test_publishers_at_once_lose_nothing(tmp_path: Path, versions: dict[str, Path]) -> None:
    folders = [versions["nav"], versions["ad"]]
    for number, label in enumerate((Label.LEGAL, Label.COMMENT)):
        write_version(tmp_path / str(number), label)
        folders.append(tmp_path / str(number))
    home = tmp_path / "home"
    with ThreadPool(2) as pool:
        published = pool.starmap(_publish, [(home, versions["text"], folder) for folder in folders])
    shelf = Shelf(home, versions["text"])
    assert set(published) == set(shelf.state().versions)
    assert len(shelf.state().history) == 8
    assert shelf.current() in published


def _publish(home: Path, shipped: Path, folder: Path) -> str:
    return Shelf(home, shipped).publish(folder, activate=True)


_LOOP = """
import sys
from pathlib import Path
from model.store import Shelf
home, shipped, *folders = map(Path, sys.argv[1:])
shelf = Shelf(home, shipped)
print("ready", flush=True)
while True:
    for folder in folders:
        shelf.publish(folder, activate=True)
    shelf.rollback()
"""


def test_a_publisher_that_is_killed_leaves_a_whole_shelf(tmp_path: Path, versions: dict[str, Path], root: Path) -> None:
    shelf = Shelf(tmp_path / "home", versions["text"])
    names = {name_of(folder) for folder in versions.values()}
    command = [sys.executable, "-c", _LOOP, *map(str, (tmp_path / "home", *versions.values()))]
    # The version that ships is refused, so that the loop is given the other two.
    del command[5]
    for round_ in range(3):
        with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.05 + 0.037 * round_)
            process.send_signal(signal.SIGKILL)
        assert shelf.read_current().version in names
        assert all(shelf.read(version).version == version for version in shelf.versions())
    shelf.publish(versions["nav"], activate=True)
    assert {path.name for path in (tmp_path / "home/models").iterdir()} <= names | {".lock", "shelf.json"}
