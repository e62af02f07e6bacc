from pathlib import Path

import pytest
from flask import redirect
from werkzeug.wrappers import Response

from model import artifact
from model.errors import ArtifactError
from service import api
from service.app import create_app
from service.live import Live, load
from service.settings import Settings


def test_a_fault_of_ours_is_a_problem_that_tells_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(api, "strip", fail)
    response = create_app(Settings()).test_client().post("/v1/strip", data="a")
    assert response.status_code == 500
    assert response.mimetype == "application/problem+json"
    assert response.get_json()["type"] == "urn:pagesieve:problem:internal-error"
    assert "secret" not in response.text
    assert "secret" in caplog.text


def test_a_redirect_is_no_problem() -> None:
    app = create_app(Settings())

    @app.get("/old")
    def old() -> Response:
        return redirect("/")

    response = app.test_client().get("/old")
    assert response.status_code == 302
    assert response.headers["Location"] == "/"


def test_a_missing_model_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError):
        create_app(Settings(model=tmp_path))


def test_a_model_can_be_named(shipped_folder: Path) -> None:
    assert load(Settings(model=shipped_folder)).version == load(Settings()).version


def test_settings_come_from_the_environment_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGESIEVE_MAX_BYTES", "3")
    assert create_app().test_client().post("/v1/strip", data="abcd").status_code == 413


def test_the_current_model_is_swapped_whole(shipped_folder: Path) -> None:
    live = Live(artifact.shipped())
    other = artifact.read(shipped_folder)
    live.swap(other)
    assert live.model is other
