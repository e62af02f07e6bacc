import pytest

from model.lines.html import html_lines
from training.align import tokens
from training.renderings import RENDERINGS

PAGE = """<!doctype html><html lang=en><head><title>Head</title><style>p { color: red }</style></head><body>
<nav><ul><li><a href=a>Home</a></li><li><a href=b>News</a></li></ul></nav>
<article><h1>The mill</h1><p>It stood <b>long</b> and <a href=c>well</a>, they say.</p>
<img src=x alt="A mill in the rain"><script>var hidden = 1</script>
<table><tr><td>one</td><td>two</td></tr></table></article></body></html>"""
SEEN = "home news the mill it stood long and well they say one two".split()


@pytest.mark.parametrize("name", RENDERINGS)
def test_every_rendering_has_the_words_of_the_page_in_order(name: str) -> None:
    words = tokens(RENDERINGS[name](PAGE.replace("A mill in the rain", "painted")))
    assert [word for word in words if word in SEEN] == [word for word in SEEN if word in words]
    assert set(SEEN) <= set(words)
    assert not {"hidden", "color", "red", "var"} & set(words)


@pytest.mark.parametrize("name", RENDERINGS)
@pytest.mark.parametrize("source", ["", " \n", "<html></html>", "<p></p>", "<!-- a -->", "<script>x</script>"])
def test_a_page_without_words_has_no_text(name: str, source: str) -> None:
    assert RENDERINGS[name](source).strip() == ""


@pytest.mark.parametrize("name", RENDERINGS)
@pytest.mark.parametrize("source", ["<p>a\x00b</p>", "<p>a&#0;b", "<p>日本語 مرحبا 😀", "plain", "<p>a<p>"])
def test_odd_pages_are_rendered(name: str, source: str) -> None:
    assert RENDERINGS[name](source).strip()


@pytest.mark.parametrize("name", RENDERINGS)
def test_the_same_page_is_rendered_the_same(name: str) -> None:
    assert RENDERINGS[name](PAGE) == RENDERINGS[name](PAGE)


def test_own_is_the_derived_text() -> None:
    assert RENDERINGS["own"](PAGE) == html_lines(PAGE).text


def test_only_one_shows_alternative_texts() -> None:
    assert {name for name in RENDERINGS if "in the rain" in RENDERINGS[name](PAGE)} == {"alt"}


def test_in_soup_an_inline_link_is_a_line() -> None:
    assert "well" in RENDERINGS["bs4"](PAGE).split("\n")


def test_wrapped_lines_are_short_and_paragraphs_apart() -> None:
    prose = "word " * 100
    text = RENDERINGS["wrapped"](f"<p>{prose}</p><p>{prose}</p>")
    paragraphs = text.split("\n\n")
    assert [paragraph.replace("\n", " ") for paragraph in paragraphs] == [prose.strip()] * 2
    assert max(map(len, text.split("\n"))) <= 80
