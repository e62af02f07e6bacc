"""What tests of several rooms share: a page, the application, and a real server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from model.artifact import Model
from model.classifier import Classifier
from service.app import create_app
from service.settings import Settings
from tests.serving import Server, run_server
from training.dataset import Pages, View, prepare
from training.fit import Settings as FitSettings
from training.fit import fit
from training.importers import read_samples
from training.samples import Sample
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
TINY = FitSettings(hidden=8, epochs=2, nets=2, jobs=1)


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
