import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.features.characters import characters
from model.features.declared import COLUMNS, statements
from model.features.layout import Matrix
from model.lines.html import html_lines
from model.lines.text import text_lines
from model.page import Lines

NAMES = {name: number for number, (name, _, _) in enumerate(COLUMNS)}
PAGE = """<title>The old mill</title>
<meta name=description content="Fire took the mill at night.">
<meta name=author content="Ada Berg">
<body><nav><a href=a>Home</a></nav>
<h1>The old mill burns</h1>
<p>By Ada Berg</p>
<p>Fire took the mill.</p>"""


def of(page: Lines) -> Matrix:
    return statements(page, characters(page))


def column(name: str, source: str = PAGE) -> list[float]:
    return [float(value) for value in of(html_lines(source))[:, NAMES[name]]]


def approx(*values: float) -> object:
    return pytest.approx(values, rel=1e-5)


def test_each_column_is_named_once_and_explained() -> None:
    assert len(NAMES) == len(COLUMNS)
    assert all(name and unit and meaning for name, unit, meaning in COLUMNS)


@pytest.mark.parametrize("text", ["a", "a\n\nb c\n***", "\x00\n\ud800"])
def test_bare_text_declares_nothing(text: str) -> None:
    page = text_lines(text)
    found = of(page)
    assert found.shape == (len(page.lines), len(COLUMNS))
    assert not found.any()


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("title_share", [0, 3 / 4, 0, 2 / 4]),
        ("title_cover", [0, 1, 0, 2 / 3]),
        ("author_share", [0, 0, 2 / 3, 0]),
        ("author_cover", [0, 0, 1, 0]),
        ("description_share", [0, 0, 0, 1]),
        ("description_cover", [0, 0, 0, 3 / 5]),
        ("body_share", [0, 0, 0, 0]),
    ],
)
def test_lines_that_stand_in_declared_texts(name: str, values: list[float]) -> None:
    assert column(name) == approx(*values)


def test_words_of_the_title_count_once_for_its_cover() -> None:
    assert column("title_cover", "<title>big red dog</title><p>dog, dog, dog") == approx(1 / 3)
    assert column("title_share", "<title>big red dog</title><p>dog, dog, cat, cow") == approx(1 / 2)


@pytest.mark.parametrize("title", ["", " ", "***", "…"])
def test_a_title_without_words_is_none(title: str) -> None:
    assert column("title_cover", f"<title>{title}</title><p>a</p><p>***") == [0, 0]


def test_a_text_of_one_word_has_no_pairs() -> None:
    source = "<meta name=description content=Fire><p>Fire</p><p>Fire Fire</p>"
    assert column("description_share", source) == column("description_cover", source) == [0, 0]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("<meta property=og:type content=article>", "og_article"),
        ("<meta property=og:type content=product.group>", "og_product"),
        ("<meta property=og:type content=video.other>", "og_other"),
        ("<meta property=article:published_time content=2031>", "dated"),
        ('<script type="application/ld+json">{"@type": "ReportageNewsArticle"}</script>', "type_article"),
        ('<script type="application/ld+json">{"@type": "CollectionPage"}</script>', "type_list"),
        ('<script type="application/ld+json">{"@type": "DiscussionForumPosting"}</script>', "type_forum"),
    ],
)
def test_kinds_are_said_of_every_line(source: str, name: str) -> None:
    assert column(f"page_{name}", source + "<p>a<p>b") == [1, 1]
    assert column(f"page_{name}", "<p>a<p>b") == [0, 0]


@pytest.mark.parametrize("kind", ["article", "website", "product", "video.other"])
def test_a_page_of_one_kind_is_of_no_other(kind: str) -> None:
    found = of(html_lines(f"<meta property=og:type content={kind}><p>a"))
    assert [name for name, at in NAMES.items() if found[0, at]] == [f"page_og_{kind.partition('.')[2] or kind}"]


@given(st.text(), st.text(), st.text(min_size=1))
def test_shares_are_shares(title: str, description: str, line: str) -> None:
    page = html_lines("<p>x")
    declared = page.declared._replace(title=title, description=description, body=title + description)
    text = text_lines(line)
    if text.lines:
        lines = tuple(one._replace(structure=page.lines[0].structure) for one in text.lines)
        found = of(Lines(text.text, lines, declared, page.elements))
        assert np.isfinite(found).all()
        assert ((found >= 0) & (found <= 1)).all()
