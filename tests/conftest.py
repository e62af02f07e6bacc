"""What tests of several rooms share: a page, the application, and a real server."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from model import artifact
from model.artifact import Model
from model.classifier import Classifier
from model.label import Label
from service.app import create_app
from service.settings import Settings
from tests.serving import Server, run_server
from tests.standin import write_version
from training import jobs
from training.dataset import Pages, View, prepare
from training.fit import fit
from training.importers import read_samples
from training.samples import Sample
from training.settings import Net
from training.settings import Settings as FitSettings
from training.teach import first_hand

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "service/playground/static/example.txt"
# Small pages of six sites in four folds, in five languages.
FEW = (
    "daoyubao-amp-wanggang-bus",
    "fernhillmuseum-page-not-found",
    "gazzettadivalmerina-ferrovia-passo-riapre",
    "latabledezelie-gratin-cardons-moelle",
    "plumbline-latest-stories",
    "termosurlevante-mantenimiento-calderas",
)
_NET = Net(60_000, 16)
TINY = FitSettings(line=_NET, page=_NET, kin=_NET, epochs=2, jobs=1)


@pytest.fixture(scope="session", autouse=True)
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep samples, trainings and versions of the tests apart from those of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(scope="session")
def versions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders of versions that give every line the label they are named by; `text` is the one that ships."""
    folder = tmp_path_factory.mktemp("versions")
    for label in (Label.TEXT, Label.NAV, Label.AD):
        write_version(folder / label, label)
    return {label: folder / label for label in (Label.TEXT, Label.NAV, Label.AD)}


@pytest.fixture
def home(tmp_path: Path, versions: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for samples, trainings and versions, where trainings and the version that ships are stand-ins."""
    monkeypatch.setattr(artifact, "SHIPPED", versions["text"])
    monkeypatch.setattr(jobs, "COMMAND", (sys.executable, "-m", "tests.standin", "retrain"))
    monkeypatch.setenv("STANDIN_SHIPPED", str(versions["text"]))
    monkeypatch.setenv("PAGESIEVE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return tmp_path / "home"


@pytest.fixture
def learner(home: Path) -> FlaskClient:
    """A client of a service with that folder."""
    return create_app(Settings(home=home)).test_client()


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def text_page() -> str:
    return EXAMPLE.read_text()


@pytest.fixture(scope="session")
def html_page(text_page: str) -> str:
    rows = "\n".join(f"<p>{line.replace('&', '&amp;')}</p>" for line in text_page.splitlines())
    return f"<!doctype html>\n<html><head><title>Ferry</title></head><body>\n{rows}\n</body></html>\n"


@pytest.fixture(scope="session")
def app() -> Flask:
    return create_app(Settings())


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """`pagesieve serve` in a process of its own, with one worker."""
    with run_server(ROOT) as running:
        yield running


@pytest.fixture(scope="session")
def shipped_folder() -> Path:
    """The folder of the model version that ships."""
    return ROOT / "model/trained"


@pytest.fixture(scope="session")
def few_samples() -> list[Sample]:
    """Six small sample pages."""
    return read_samples([ROOT / "training/samples" / f"{name}.html" for name in FEW])


@pytest.fixture(scope="session")
def few_pages(few_samples: list[Sample]) -> list[Pages]:
    """The six, made ready for training."""
    return list(prepare(few_samples, 1))


@pytest.fixture(scope="session")
def few_views(few_pages: list[Pages]) -> list[View]:
    """All views of the six."""
    return first_hand(few_pages)


@pytest.fixture(scope="session")
def tiny_settings() -> FitSettings:
    """Settings that train within two seconds."""
    return TINY


@pytest.fixture(scope="session")
def tiny_classifier(few_views: list[View]) -> Classifier:
    """A classifier that has seen six pages: quick to train, and not good."""
    return fit(few_views, TINY)


@pytest.fixture(scope="session")
def tiny_model(tiny_classifier: Classifier) -> Model:
    """The same as a version in memory."""
    return Model("tiny", {}, tiny_classifier)
