import re
from pathlib import Path

from flask.testing import FlaskClient

from model import LABELS
from service.playground import MEANINGS, POLICY


def test_the_page_says_what_this_is_and_offers_every_label(client: FlaskClient) -> None:
    response = client.get("/")
    assert response.mimetype == "text/html"
    assert "<h1>pagesieve</h1>" in response.text
    assert re.findall(r'type="checkbox" value="(\w+)"', response.text) == list(LABELS)
    assert re.findall(r'value="(\w+)" checked', response.text) == ["text", "heading"]
    assert list(MEANINGS) == list(LABELS)


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(client: FlaskClient) -> None:
    response = client.get("/")
    assert response.headers["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|javascript:", response.text)
    files = re.findall(r'(?:src|href|data-example)="([^"]+)"', response.text)
    assert len(files) >= 5
    for file in files:
        assert file.startswith("/")
        with client.get(file) as answer:
            assert answer.status_code == 200, file


def test_text_of_a_page_is_never_inserted_as_markup(root: Path) -> None:
    script = (root / "service/playground/static/playground.js").read_text()
    assert "textContent" in script
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|DOMParser", script)


def test_every_label_has_a_colour_in_light_and_in_dark(root: Path) -> None:
    sheet = (root / "service/playground/static/playground.css").read_text()
    for label in LABELS:
        assert f".label-{label} {{" in sheet
        assert len(re.findall(rf"--{label}: #", sheet)) == 2
