import time
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from model.store import Shelf
from service.app import create_app
from service.settings import Settings

URL = "/v1/trainings"


def label_pages(client: FlaskClient, count: int) -> None:
    for number in range(count):
        sent = {"text": f"Home\nStory {number}\nHome again\nAnd again", "labels": ["nav", "text", "nav", "nav"]}
        assert client.post("/v1/samples", json=sent).status_code == 201


def watch(client: FlaskClient, where: str) -> dict[str, Any]:
    end = time.monotonic() + 60
    while True:
        job: dict[str, Any] = client.get(where).get_json()
        if job["state"] not in {"queued", "running"}:
            return job
        assert time.monotonic() < end, job
        time.sleep(0.05)


def test_the_loop(learner: FlaskClient) -> None:
    label_pages(learner, 4)
    before = learner.post("/v1/strip", data="A line.").get_json()
    assert before["lines"][0]["label"] == "text"
    # Any answer tells the state, and whichever process is asked tells the same.
    begun = learner.post(URL, json={"who": "me"})
    assert begun.status_code == 202
    assert begun.get_json()["state"] in {"queued", "running"}
    again = learner.post(URL)
    assert again.status_code == 409
    assert begun.get_json()["id"] in again.get_json()["detail"]
    job = watch(learner, begun.headers["Location"])
    assert job["state"] == "succeeded", job
    assert job["report"]["candidate"]
    assert job["reasons"]
    end = time.monotonic() + 10
    while (after := learner.post("/v1/strip", data="A line.").get_json())["model"] == before["model"]:
        assert time.monotonic() < end
        time.sleep(0.05)
    assert after["model"] == job["version"]
    assert after["lines"][0]["label"] == "nav"
    assert [found["id"] for found in learner.get(URL).get_json()["trainings"]] == [job["id"]]
    assert learner.delete(f"{URL}/{job['id']}").status_code == 409


def test_a_training_is_cancelled(learner: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANDIN_SECONDS", "60")
    label_pages(learner, 1)
    where = learner.post(URL, json={"activate": False}).headers["Location"]
    end = time.monotonic() + 30
    while learner.get(where).get_json()["progress"] != "Step 1 of 10.":
        assert time.monotonic() < end
        time.sleep(0.05)
    for _ in range(2):
        response = learner.delete(where)
        assert response.status_code == 200
        assert response.get_json()["state"] == "cancelled"
    monkeypatch.setenv("STANDIN_SECONDS", "0")
    job = watch(learner, learner.post(URL, json={"activate": False}).headers["Location"])
    assert (job["state"], job["activate"]) == ("succeeded", False)
    listed = learner.get("/v1/models").get_json()
    assert [model["version"] for model in listed["models"]] == [listed["current"], job["version"]]


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({"activate": "yes"}, 422, "activate is a string"),
        ({"override_gate": True}, 422, "override_gate needs a reason"),
        ({"override_gate": True, "why": "  "}, 422, "override_gate needs a reason"),
        ({"who": "a" * 1_001}, 422, "who has 1,001 characters"),
        ({}, 409, "There are no samples"),
    ],
)
def test_what_can_not_be_asked_for(learner: FlaskClient, sent: dict[str, Any], status: int, sentence: str) -> None:
    response = learner.post(URL, json=sent)
    assert response.status_code == status
    assert sentence in response.get_json()["detail"]


def test_unknown_trainings(learner: FlaskClient) -> None:
    assert learner.get(f"{URL}/x").status_code == learner.delete(f"{URL}/x").status_code == 404
    assert learner.get(URL).get_json() == {"trainings": []}


def test_who_may_start_and_stop(home: Path) -> None:
    client = create_app(Settings(home=home, token="s3cret")).test_client()  # noqa: S106
    assert client.post(URL).status_code == client.delete(f"{URL}/x").status_code == 401
    assert client.get(URL).status_code == 200


def test_a_body_that_is_no_json_is_refused(learner: FlaskClient) -> None:
    assert learner.post(URL, data='{"activate": false}').status_code == 415
    assert learner.post(URL, data="{", content_type="application/json").status_code == 400


def test_a_service_with_a_named_version_does_not_change_it(home: Path, versions: dict[str, Path]) -> None:
    client = create_app(Settings(home=home, model=versions["nav"])).test_client()
    version = Shelf(home).publish(versions["ad"], activate=False)
    for response in (
        client.post(URL),
        client.post(f"/v1/models/{version}/activate"),
        client.post("/v1/models/rollback"),
    ):
        assert response.status_code == 409
        assert "PAGESIEVE_MODEL" in response.get_json()["detail"]
