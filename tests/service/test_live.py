import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from model import artifact
from model.errors import ArtifactError
from model.store import Shelf
from service import live
from service.live import Live, load
from service.settings import Settings


def wait(until: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not until():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "EVERY", 0.02)


def test_the_current_version_answers(home: Path, versions: dict[str, Path]) -> None:
    settings = Settings(home=home)
    shelf = Shelf(home)
    assert load(settings).version == Live.of(settings).model.version == shelf.shipped()
    version = shelf.publish(versions["nav"], activate=True)
    assert load(settings).version == Live.of(settings).model.version == version


@pytest.mark.parametrize("following", [True, False])
def test_another_version_is_picked_up(home: Path, versions: dict[str, Path], following: bool) -> None:
    shelf = Shelf(home)
    current = Live.of(Settings(home=home))
    if following:
        current.follow()
    held = current.model
    version = shelf.publish(versions["nav"], activate=True)
    if following:
        wait(lambda: current._model.version == version)  # without being asked
    else:
        wait(lambda: current.model.version == version)
    assert held.version == shelf.shipped()
    assert current.trouble is None
    shelf.rollback()
    wait(lambda: current.model.version == shelf.shipped())


def test_a_request_does_not_wait_for_a_version_to_load(
    home: Path, versions: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    current = Live.of(Settings(home=home))
    version = Shelf(home).publish(versions["nav"], activate=True)
    read = Shelf.read_current

    def slowly(shelf: Shelf) -> artifact.Model:
        time.sleep(0.5)
        return read(shelf)

    monkeypatch.setattr(Shelf, "read_current", slowly)
    time.sleep(0.05)
    begun = time.monotonic()
    while current.model.version != version:
        asked = time.monotonic()
        assert current.model is not None
        assert time.monotonic() - asked < 0.2
        assert asked - begun < 10
    assert time.monotonic() - begun > 0.3


def _break_weights(shelf: Shelf, version: str) -> None:
    (shelf.folder(version) / "weights.joblib").write_bytes(b"other")


def _replace(shelf: Shelf, version: str) -> None:
    manifest = shelf.folder(version) / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"labels": ["foreign"]}))


def _remove(shelf: Shelf, version: str) -> None:
    shutil.rmtree(shelf.folder(version))


def _tear(shelf: Shelf, version: str) -> None:
    path = shelf.folder(version).parent / "shelf.json"
    path.write_text(path.read_text()[:50])


@pytest.mark.parametrize("spoil", [_break_weights, _replace, _remove, _tear])
def test_the_service_goes_on_with_what_it_has(
    home: Path,
    versions: dict[str, Path],
    learner: FlaskClient,
    spoil: Callable[[Shelf, str], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    shelf = Shelf(home)
    shipped = shelf.shipped()
    version = shelf.publish(versions["nav"], activate=False)
    shelf.activate(version)
    spoil(shelf, version)

    def health() -> dict[str, str]:
        found: dict[str, str] = learner.get("/healthz").get_json()
        return found

    wait(lambda: health()["status"] == "degraded")
    assert health()["model"] == shipped
    assert health()["reason"]
    assert learner.post("/v1/strip", data="A line.").get_json()["model"] == shipped
    assert f"Going on with version {shipped}." in caplog.text
    # A service that starts now answers with what ships, and says so too.
    begun = Live.of(Settings(home=home))
    assert (begun.model.version, begun.trouble) == (shipped, health()["reason"])


def test_a_version_that_is_mended_is_taken(
    home: Path, versions: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_AGAIN", 0.05)
    shelf = Shelf(home)
    version = shelf.publish(versions["nav"], activate=True)
    weights = shelf.folder(version) / "weights.joblib"
    weights.rename(weights.with_name("away"))
    current = Live.of(Settings(home=home))
    assert current.trouble is not None
    weights.with_name("away").rename(weights)
    wait(lambda: current.model.version == version)
    assert current.trouble is None


def test_a_version_that_is_named_stays(home: Path, versions: dict[str, Path]) -> None:
    pinned = Live.of(Settings(home=home, model=versions["nav"]))
    assert pinned.pinned
    Shelf(home).publish(versions["ad"], activate=True)
    pinned.look()
    assert pinned.model.version == load(Settings(model=versions["nav"])).version


def test_without_any_version_there_is_no_service(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artifact, "SHIPPED", tmp_path / "nowhere")
    with pytest.raises(ArtifactError):
        Live.of(Settings(home=home))


def test_a_shelf_that_can_not_be_looked_at_is_told(home: Path) -> None:
    home.write_text("a file where the folder should be")
    current = Live.of(Settings(home=home))
    assert current.trouble is not None
    assert "shelf.json" in current.trouble
