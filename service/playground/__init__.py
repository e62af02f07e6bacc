"""The web page where a person sees what the model does with a page, corrects it, and has it learn from that."""

from typing import NamedTuple

from flask import Blueprint, Response, make_response, render_template

from model import LABELS
from model.label import KEPT, Label

# Nothing inline, nothing from elsewhere, and no text made into markup: what slipped in from a page could do nothing.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)

playground = Blueprint(
    "playground", __name__, template_folder="templates", static_folder="static", static_url_path="/static"
)


class Row(NamedTuple):
    """What the page tells of a label: the key that gives it to a line, and what it means."""

    key: str
    meaning: str


# In the labels' own order. The keys leave j, k and u alone, which move and undo.
ROWS = {
    "title": Row("t", "the headline"),
    "text": Row("x", "the content itself"),
    "heading": Row("h", "a section's title"),
    "byline": Row("b", "who, where, when"),
    "caption": Row("c", "about a picture or clip"),
    "nav": Row("n", "menus, buttons, tags"),
    "ad": Row("a", "advertising, sign-ups"),
    "related": Row("r", "other stories"),
    "comment": Row("m", "readers' comments"),
    "legal": Row("l", "copyright, cookies, terms"),
}


@playground.get("/")
def index() -> Response:
    """The page."""
    labels = [(label, *ROWS[label], Label(label) in KEPT) for label in LABELS]
    response = make_response(render_template("playground.html", labels=labels))
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
