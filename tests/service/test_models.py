from pathlib import Path

from flask.testing import FlaskClient

from model.history import By
from model.label import Label
from model.store import Shelf
from service.app import create_app
from service.settings import Settings
from tests.standin import write_version

URL = "/v1/models"


def test_versions_are_listed_with_their_history(learner: FlaskClient, home: Path, versions: dict[str, Path]) -> None:
    shelf = Shelf(home)
    shipped = shelf.shipped()
    empty = learner.get(URL).get_json()
    assert empty == {
        "current": shipped,
        "models": [{"version": shipped, "current": True, "shipped": True, "published": None}],
        "history": [],
        "answering": shipped,
    }
    version = shelf.publish(versions["nav"], activate=True, by=By("me", "it is better"))
    found = learner.get(URL).get_json()
    assert found["current"] == version
    assert [(model["version"], model["current"], model["shipped"]) for model in found["models"]] == [
        (shipped, False, True),
        (version, True, False),
    ]
    assert found["models"][1]["published"] == found["history"][-1]["when"]
    assert [(entry["action"], entry["who"], entry["why"]) for entry in found["history"]] == [
        ("activate", "me", "it is better"),
        ("publish", "me", "it is better"),
    ]


def test_a_version_is_described(learner: FlaskClient, home: Path, tmp_path: Path) -> None:
    shelf = Shelf(home)
    write_version(tmp_path / "new", Label.COMMENT, {"candidate": {"frozen": 1}}, labelled=3)
    version = shelf.publish(tmp_path / "new", activate=False)
    found = learner.get(f"{URL}/{version}").get_json()
    assert (found["version"], found["current"], found["shipped"]) == (version, False, False)
    assert found["manifest"]["labelled"] == 3
    assert found["report"] == {"candidate": {"frozen": 1}}
    assert learner.get(f"{URL}/{shelf.shipped()}").get_json()["shipped"]
    (shelf.folder(version) / "report.json").unlink()
    assert learner.get(f"{URL}/{version}").get_json()["report"] is None


def test_a_version_is_activated_and_taken_back(learner: FlaskClient, home: Path, versions: dict[str, Path]) -> None:
    shelf = Shelf(home)
    version = shelf.publish(versions["nav"], activate=False)
    for _ in range(2):  # idempotent
        response = learner.post(f"{URL}/{version}/activate", json={"who": "me", "why": "to see"})
        assert (response.status_code, response.get_json()) == (200, {"current": version})
    # The worker that was asked answers with it at once.
    answer = learner.post("/v1/strip", data="A line.")
    assert answer.get_json()["lines"][0]["label"] == "nav"
    assert answer.headers["Pagesieve-Model"] == version
    assert [(entry.who, entry.why) for entry in shelf.state().history[1:]] == [("me", "to see")]
    assert learner.post(f"{URL}/rollback").get_json() == {"current": shelf.shipped()}
    assert shelf.state().history[-1].who == "127.0.0.1"
    assert learner.post("/v1/strip", data="A line.").get_json()["lines"][0]["label"] == "text"
    assert learner.post(f"{URL}/rollback").status_code == 409


def test_what_can_not_be_activated(learner: FlaskClient, home: Path, versions: dict[str, Path]) -> None:
    shelf = Shelf(home)
    version = shelf.publish(versions["nav"], activate=False)
    (shelf.folder(version) / "weights.joblib").write_bytes(b"other")
    assert learner.post(f"{URL}/{version}/activate").status_code == 503
    assert learner.post(f"{URL}/nowhere/activate").status_code == 404
    assert learner.get(f"{URL}/nowhere").status_code == 404
    assert learner.get("/healthz").get_json()["status"] == "ok"
    assert shelf.current() == shelf.shipped()


def test_who_may_activate(home: Path, versions: dict[str, Path]) -> None:
    version = Shelf(home).publish(versions["nav"], activate=False)
    client = create_app(Settings(home=home, token="s3cret")).test_client()  # noqa: S106
    assert client.post(f"{URL}/{version}/activate").status_code == 401
    assert client.post(f"{URL}/rollback").status_code == 401
    sent = {"Authorization": "Bearer s3cret"}
    assert client.post(f"{URL}/{version}/activate", headers=sent).status_code == 200
    assert client.get(URL).get_json()["current"] == version
    assert client.post(f"{URL}/rollback", headers={"Authorization": "Bearer guess"}).status_code == 401
