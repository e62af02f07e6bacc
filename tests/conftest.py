"""What tests of several rooms share: a page, the application, and a real server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.app import create_app
from service.settings import Settings
from tests.serving import Server, run_server

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "service/playground/static/example.txt"


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
