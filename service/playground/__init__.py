"""The web page that says what pagesieve is and lets a person try it."""

from flask import Blueprint, Response, make_response, render_template

from model import LABELS
from model.label import KEPT

# Nothing inline and nothing from elsewhere: text of a page that slipped in as markup could do nothing.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

playground = Blueprint(
    "playground", __name__, template_folder="templates", static_folder="static", static_url_path="/static"
)

# What the page tells of each label, in the labels' own order.
MEANINGS = {
    "title": "the headline",
    "text": "the content itself",
    "heading": "a section's title",
    "byline": "who, where, when",
    "caption": "about a picture or clip",
    "nav": "menus, buttons, tags",
    "ad": "advertising, sign-ups",
    "related": "other stories",
    "comment": "readers' comments",
    "legal": "copyright, cookies, terms",
}


@playground.get("/")
def index() -> Response:
    """The page."""
    labels = [(label, MEANINGS[label], label in KEPT) for label in LABELS]
    response = make_response(render_template("playground.html", labels=labels))
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
