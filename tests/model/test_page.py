from dataclasses import FrozenInstanceError

import pytest

from model.page import Elements, Kind, Line, Lines, Page, Shape, Structure


@pytest.mark.parametrize("source", ["", " \r\n", "<p>a\x00b", "\ufeffa", "\ud800"])
def test_a_source_is_kept_verbatim(source: str) -> None:
    assert (Page.from_text(source).source, Page.from_text(source).kind) == (source, Kind.TEXT)
    assert (Page.from_html(source).source, Page.from_html(source).kind) == (source, Kind.HTML)


def test_pages_are_values() -> None:
    assert Page.from_text("a") == Page.from_text("a")
    assert Page.from_text("a") != Page.from_html("a")
    assert len({Page.from_text("a"), Page.from_text("a"), Page.from_html("a")}) == 2


def test_nothing_of_a_page_can_be_changed() -> None:
    line = Line("a", 0, 1, Structure(0, 0, 0, 0, 1))
    with pytest.raises(FrozenInstanceError):
        Page.from_text("a").source = "b"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        Lines("a", (line,)).text = "b"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        line.text = "b"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        line.structure.gap = 2  # type: ignore[misc, union-attr]


def test_a_path_leads_from_an_element_to_the_body() -> None:
    body, main, story = Shape(-1, "body", ""), Shape(0, "div", "main"), Shape(1, "p", "story")
    elements = Elements((0, 0, 1, 1), (0, 1, 2, 2), (body, main, story))
    assert elements.path(3) == elements.path(2) == [story, main, body]
    assert elements.path(0) == [body]
