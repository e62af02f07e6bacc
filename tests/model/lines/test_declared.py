import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.lines.html import html_lines
from model.page import NOTHING_DECLARED, Declared

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.text()
            | st.sampled_from("@type @graph mainEntity author name image headline text description caption".split()),
            inner,
        )
    ),
)


def declared(source: str) -> Declared:
    return html_lines(source).declared


def data(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script><p>a'


def test_a_page_may_declare_nothing() -> None:
    assert declared("<p>a") == declared("<title></title><p>a") == declared("") == NOTHING_DECLARED


def test_only_the_heads_title_is_the_title() -> None:
    page = html_lines("<title> A &amp;\n B </title><p>c<svg><title>d</title></svg>")
    assert (page.declared.title, page.text) == ("A & B", "c")


@pytest.mark.parametrize(
    ("meta", "name", "text"),
    [
        ("property=og:title content='Ferry late'", "headline", "Ferry late"),
        ("name=Description content=' Fog on the fjord '", "description", "Fog on the fjord"),
        ("name=author content='Ada Berg'", "author", "Ada Berg"),
        ("property=article:author content=https://fjord.example/ada", "author", ""),
        ("property=og:image:alt content='The quay'", "caption", "The quay"),
        ("property=og:title content=''", "headline", ""),
        ("content=x", "headline", ""),
    ],
)
def test_meta_elements_declare_texts(meta: str, name: str, text: str) -> None:
    assert getattr(declared(f"<meta {meta}><p>a"), name) == text


def test_equal_texts_count_once() -> None:
    metas = "".join(
        f"<meta name={name} content='{text}'>"
        for name, text in (("og:title", "A"), ("twitter:title", "A"), ("og:title", "B"))
    )
    assert declared(metas + "<p>a").headline == "A\nB"


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ("<meta property=og:type content=Article>", ("og article",)),
        ("<meta property=article:published_time content=2031-05-02>", ("dated",)),
        (f"<meta property=og:type content={'x' * 61}>", ()),
        (data({"@type": ["https://schema.org/NewsArticle"], "datePublished": ""}), ("type newsarticle", "dated")),
        (data([{"@graph": [{"@type": "WebPage"}, {"@type": 7}]}]), ("type webpage",)),
        (data({"@type": "ItemList", "itemListElement": [{"@type": "Product"}]}), ("type itemlist",)),
    ],
)
def test_kinds(source: str, kinds: tuple[str, ...]) -> None:
    assert declared(source + "<p>a").kinds == kinds


def test_json_ld_declares_texts_of_the_page_and_of_its_pictures() -> None:
    found = declared(
        data(
            {
                "@graph": [
                    {
                        "@type": "NewsArticle",
                        "headline": "Ferry late",
                        "articleBody": "Fog lay on the fjord.",
                        "author": [{"name": "Ada Berg"}, "Ole Vik"],
                        "image": {"caption": "The quay", "url": "q.jpg"},
                        "isPartOf": {"headline": "not the page's"},
                    },
                    {"@type": "VideoObject", "name": "Waiting", "description": "A minute of fog"},
                ]
            }
        )
    )
    assert found == Declared(
        headline="Ferry late",
        author="Ole Vik\nAda Berg",
        caption="The quay\nA minute of fog\nWaiting",
        body="Fog lay on the fjord.",
        kinds=("type newsarticle", "type videoobject"),
    )


@pytest.mark.parametrize("source", ["", "{", "[" * 100_000, "7", '{"@type": "A"} x', "<!-- {} -->"])
def test_what_is_no_json_declares_nothing(source: str) -> None:
    assert declared(f'<script type="application/ld+json">{source}</script><p>a') == NOTHING_DECLARED


def test_data_without_end_are_read_up_to_a_point() -> None:
    inner: dict[str, object] = {"headline": "deep"}
    for _ in range(50):
        inner = {"@graph": [inner]}
    wide = [{"headline": str(number)} for number in range(10_000)]
    assert declared(data(inner)).headline == ""
    assert len(declared(data(wide)).headline.split("\n")) == 200
    assert len(declared(data({"articleBody": "a " * 1_000_000})).body) == 100_000


@given(JSON)
def test_whatever_json_holds_is_read(value: object) -> None:
    found = declared(data(value))
    assert all(isinstance(text, str) for text in found[:-1])
