import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from model import LABELS
from service.playground import POLICY, ROWS
from training.relearn import HELD_OUT


@pytest.fixture(scope="module")
def static(root: Path) -> dict[str, str]:
    """What the page's scripts and style sheets hold, by name."""
    folder = root / "service/playground/static"
    return {path.name: path.read_text() for path in folder.iterdir() if path.suffix in {".js", ".css"}}


def test_the_page_says_what_this_is_and_offers_every_label(client: FlaskClient) -> None:
    response = client.get("/")
    assert response.mimetype == "text/html"
    assert "<h1>pagesieve</h1>" in response.text
    assert re.findall(r'data-label="(\w+)"', response.text) == list(LABELS)
    assert re.findall(r'type="checkbox" value="(\w+)"', response.text) == list(LABELS)
    assert re.findall(r'value="(\w+)" checked', response.text) == ["text", "heading"]


def test_every_label_has_one_key_that_nothing_else_has() -> None:
    assert list(ROWS) == list(LABELS)
    keys = [row.key for row in ROWS.values()] + ["j", "k", "u"]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch("[a-z]", key) for key in keys)


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(client: FlaskClient, static: dict[str, str]) -> None:
    response = client.get("/")
    assert response.headers["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|javascript:", response.text)
    files = re.findall(r'(?:src|href|data-example)="([^"#]+)"', response.text)
    assert len(files) >= 7
    files += [f"/static/{name}" for text in static.values() for name in re.findall(r'from "\./([\w.]+)"', text)]
    for file in files:
        assert file.startswith("/")
        with client.get(file) as answer:
            assert answer.status_code == 200, file
    assert not [
        name for name, text in static.items() if re.search(r"https?://|@import|url\(", text.replace("https://…", ""))
    ]


def test_every_script_and_style_sheet_is_used(client: FlaskClient, static: dict[str, str]) -> None:
    named = client.get("/").text + "".join(static.values())
    for name in static:
        assert re.search(rf"[/\"]{re.escape(name)}\"", named), name


def test_text_of_a_page_is_never_inserted_as_markup(static: dict[str, str]) -> None:
    assert "textContent" in static["element.js"]
    for name, script in static.items():
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|DOMParser|setHTML|srcdoc|Function\(",
            script,
        ), name


def test_every_label_has_a_colour_in_light_and_in_dark(static: dict[str, str]) -> None:
    for label in LABELS:
        assert f".label-{label} {{" in static["colours.css"]
        assert len(re.findall(rf"--{label}: #", static["colours.css"])) == 2


def test_the_page_says_from_how_many_samples_on_some_are_held_out(static: dict[str, str]) -> None:
    assert f"const ENOUGH = {HELD_OUT};" in static["training.js"]
