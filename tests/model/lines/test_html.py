import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.lines.html import html_lines
from model.page import Lines, Shape, Structure

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    [" ", "\n", "a", "a b ", " , ", "&amp;", "&nbsp;", "&#13;", "&#10;", "\t", "\x00", "😀", "<"]
)
TAGS = st.sampled_from(
    "<p> </p> <div> </div> <div\thidden> <br> <pre> </pre> <a\thref=x> </a> <b> </b> <em> <li> <ul> </ul> <td> <tr> "
    "<table> </table> <button> <h1> </h1> <script> </script> <!-- --> <title> </title> <body> <svg> </svg> <select> "
    "<option> <textarea> </textarea> <template> </template> <span> </span> <frameset> <plaintext>".split()
).map(lambda tag: tag.replace("\t", " "))
SOURCES = st.lists(TAGS | WORDS, max_size=25).map("".join)


def texts(source: str) -> list[str]:
    return [line.text for line in html_lines(source).lines]


def structure(source: str, number: int = 0) -> Structure:
    found = html_lines(source).lines[number].structure
    assert found is not None
    return found


def path(page: Lines, number: int = 0) -> list[Shape]:
    """The shapes of a line's own element and of all above it."""
    found = page.lines[number].structure
    assert found is not None
    return page.elements.path(found.element)


@settings(max_examples=300, deadline=None)
@given(SOURCES)
def test_lines_stand_where_they_say_in_the_derived_text(source: str) -> None:
    page = html_lines(source)
    assert [page.text[line.start : line.end] for line in page.lines] == [line.text for line in page.lines]
    assert [line.text for line in page.lines] == [line for line in page.text.split("\n") if line.strip()]


@settings(max_examples=300, deadline=None)
@given(SOURCES)
def test_every_line_of_html_has_structure(source: str) -> None:
    page = html_lines(source)
    for number, line in enumerate(page.lines):
        assert path(page, number)[-1].tag == "body"
        assert line.structure is not None
        assert line.structure.gap >= 0
        assert line.structure.inlined >= 0


@settings(max_examples=100, deadline=None)
@given(SOURCES)
def test_the_same_source_gives_the_same_lines(source: str) -> None:
    assert html_lines(source) == html_lines(source)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1), max_size=8))
def test_paragraphs_are_lines(words: list[str]) -> None:
    escaped = [word.replace("&", "&amp;").replace("<", "&lt;") for word in words]
    assert texts("".join(f"<p>{word}</p>" for word in escaped)) == words


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("<p>one <b>two</b> <i>three</i>, four</p>", ["one two three, four"]),
        ("<p>wo<b>rd</b>s</p>", ["words"]),
        ("<p>a <b> b </b> c</p>", ["a b c"]),
        ("<p>a<b> b</b></p>", ["a b"]),
        ("<p>  a\n\t b  </p>", ["a b"]),
        ("<p>a<span> </span>b", ["a b"]),
        ("<p>a&amp;b &lt;c&gt; &eacute;", ["a&b <c> é"]),
        ("<p>a<img src=x alt=y>b<input value=c>", ["ab"]),
        ("<p>x<wbr>y", ["xy"]),
        ("<p>a<b>b</b><i>c</i>d", ["abcd"]),
        ("<p>H<sub>2</sub>O<sup>2</sup>", ["H2O2"]),
        ("<p>a<span>b</span>c", ["abc"]),
    ],
)
def test_inline_elements_join_and_white_space_collapses(source: str, lines: list[str]) -> None:
    assert texts(source) == lines


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("<p><span>a</span><span>b</span>", ["a b"]),
        ("<p><a href=x>a</a><a href=y>b</a>, c", ["a b, c"]),
        ("<p><a href=x>a</a> <a href=y>b</a>", ["a b"]),
        ("<p><span><a href=x>a</a></span><span>b</span>", ["a b"]),
        ("<p><span>a</span><span></span>", ["a"]),
        ("<p><a href=x>a</a><!-- x --><a href=y>b</a>", ["a b"]),
    ],
)
def test_a_space_parts_inline_elements_that_follow_each_other(source: str, lines: list[str]) -> None:
    assert texts(source) == lines


def test_noscript_is_read_as_a_block() -> None:
    assert texts("<p>a</p><noscript>b <i>c</i></noscript>d") == ["a", "b c", "d"]


def test_an_iframe_closed_as_in_xml_does_not_swallow_the_page() -> None:
    assert texts('<p>a</p><noscript><iframe src="x" height="0" /></noscript><p>b</p>') == ["a", "b"]
    assert texts("<body><p>a</p><iframe src=x /><p>b</p></body>") == ["a", "b"]
    assert texts("<p>a</p><iframe src=x/>hidden</iframe><p>b</p>") == ["a", "b"]
    assert texts("<p>a</p><iframe><p>your browser shows no frames</p></iframe><p>b</p>") == ["a", "b"]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("<p>a</p><p>b</p>", ["a", "b"]),
        ("a<div>b</div>c", ["a", "b", "c"]),
        ("<div><div>a</div>b</div>", ["a", "b"]),
        ("<h1>a</h1><ul><li>b<li>c<ul><li>d</ul></ul>", ["a", "b", "c", "d"]),
        ("<dl><dt>a<dd>b</dl>", ["a", "b"]),
        ("<a href=x><p>a</p><p>b</p></a>", ["a", "b"]),
        ("<figure><img><figcaption>a</figcaption></figure>b", ["a", "b"]),
        ("<details><summary>a</summary>b</details>", ["a", "b"]),
        ("<div>a<p></p>b</div>", ["a", "b"]),
        ("a<hr>b", ["a", "b"]),
        ("<button>a</button>b<button>c</button>", ["a", "b", "c"]),
    ],
)
def test_blocks_begin_and_end_lines(source: str, lines: list[str]) -> None:
    assert texts(source) == lines


@pytest.mark.parametrize("mark", ["<br>", "<br/>", "</br>", " <br>\n<br> "])
def test_br_ends_a_line(mark: str) -> None:
    assert texts(f"<p>a{mark}b</p>") == ["a", "b"]


def test_pre_is_verbatim_but_for_the_ends_of_its_lines() -> None:
    assert texts("<pre>\ndef f():\n    return  1   \n\n\tx\n</pre>") == ["def f():", "    return  1", "\tx"]
    assert texts("<pre>  <b>x</b>\n  <i>y</i>  z</pre>") == ["  x", "  y  z"]
    assert texts("a <pre>b</pre> c") == ["a", "b", "c"]
    assert texts("<pre>a<br>  b</pre>") == ["a", "  b"]
    assert texts("<pre> \n\t\n </pre>") == []


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("<table><tr><th>a<th>b<tr><td>1<td>2</table>", ["a\tb", "1\t2"]),
        ("<table><tr><td><p>1</p><td><div><b>2</b></div></table>", ["1\t2"]),
        ("<table><tr><td>x<td><td>y</table>", ["x\ty"]),
        ("<table><tr><td>alone</table>", ["alone"]),
        ("<table><tr><td>c<br>d<td>e</table>", ["c", "d", "e"]),
        ("<table><tr><td>c<td><p>d</p><p>e</p></table>", ["c", "d", "e"]),
        (
            "<table><caption>q</caption><thead><tr><th>a<th>b</thead><tbody><tr><td>1<td>2</table>",
            ["q", "a\tb", "1\t2"],
        ),
        ("<table><tr><td>a<td><pre>x\ny</pre></table>", ["a", "x", "y"]),
        ("before<table><tr><td>a<td>b</table>after", ["before", "a\tb", "after"]),
    ],
)
def test_a_row_whose_cells_hold_a_line_each_is_a_line(source: str, lines: list[str]) -> None:
    assert texts(source) == lines


def test_a_joined_row_adds_up_its_cells() -> None:
    page = html_lines("<table><tr><td>abc<td><a href=x>de</a><td><b>f</b></table>")
    assert path(page)[0].tag == "td"
    assert [line.structure and line.structure[1:4] for line in page.lines] == [(2, 1, 2)]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("<table><tr><td><table><tr><td>a<tr><td>b<tr><td>c</table></table>", ["a", "b", "c"]),
        ("<table><tr><td><table><tr><td>1<td>a<tr><td>2<td>b</table><td>side</table>", ["1\ta", "2\tb", "side"]),
        ("<table><tr><td>intro<table><tr><td>a</table><td>c</table>", ["intro", "a", "c"]),
    ],
)
def test_a_table_within_a_cell_keeps_its_rows(source: str, lines: list[str]) -> None:
    assert texts(source) == lines


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>x</script>",
        "<style>x</style>",
        "<template><p>x</p></template>",
        "<svg><title>x</title><text>x</text></svg>",
        "<!-- x -->",
        "<textarea>x</textarea>",
        "<select><option>x</option></select>",
        "<iframe>x</iframe>",
        "<object>x</object>",
        "<math><mi>x</mi></math>",
        "<script><p>x</p></script>",
        "<audio>x</audio>",
    ],
)
def test_what_is_not_shown_is_no_text(hidden: str) -> None:
    assert texts(f"<p>a{hidden}b</p>") == ["ab"]


@pytest.mark.parametrize("attribute", ["hidden", "hidden=''", "style='display: none'", "style='display:none'"])
def test_a_hidden_element_is_answered_and_marked(attribute: str) -> None:
    assert texts(f"<div {attribute} class=c>a</div>") == ["a"]
    assert path(html_lines(f"<div {attribute} class=c>a</div>"))[0].hints.split() == ["c", "hidden"]


@pytest.mark.parametrize("style", ["text-decoration:none", "border: none; color: red", "list-style: none"])
def test_an_element_without_decoration_is_not_hidden(style: str) -> None:
    assert path(html_lines(f"<div style='{style}' class=c>a</div>"))[0].hints == "c"


def test_hints_are_the_words_of_what_names_an_element() -> None:
    source = '<div class="a  b" id=c role=main aria-label="d e" data-testid=f title=g style="color: red">x'
    own, body = path(html_lines(source))
    assert own.hints.split() == ["a", "b", "c", "main", "d", "e", "f"]
    assert body == Shape(-1, "body", "")


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("<p>a<p>b<div>c", ["a", "b", "c"]),
        ("<b>a<p>b</b>c", ["a", "bc"]),
        ("</p></div>a</span>", ["a"]),
        ("<p>a <b>b", ["a b"]),
        ("<div <p>a", ["a"]),
        ("<ul>a<li>b</table>c", ["a", "bc"]),
        ("plain", ["plain"]),
        ("a</body></html>b", ["ab"]),
        ("<p>a < b", ["a < b"]),
        ("<td>a</td>b", ["ab"]),
    ],
)
def test_what_is_not_closed_or_never_opened_is_read_as_browsers_do(source: str, lines: list[str]) -> None:
    assert texts(source) == lines


@pytest.mark.parametrize(
    "source", ["", " \n", "<html></html>", "<p>&nbsp; </p>", "<!doctype html>", "<frameset><frame>"]
)
def test_a_page_without_words_has_no_lines(source: str) -> None:
    page = html_lines(source)
    assert (page.text, page.lines) == ("", ())


@pytest.mark.parametrize("tags", ["<div>", "<span>", "<b>", "<ul><li>", "<table><tr><td>", "<font>", "<a href=x><p>"])
def test_no_depth_of_nesting_is_lost(tags: str) -> None:
    assert texts(f"{tags * 5000}deep") == ["deep"]


def test_text_behind_deep_nesting_is_read() -> None:
    assert texts("a" + "<div>" * 5000 + "b" + "</div>" * 5000 + "c") == ["a", "b", "c"]


def test_links_and_emphasis_are_counted_in_characters() -> None:
    found = structure("<p>abc <a href=x>de <b>f</b></a> <em>gh</em>")
    assert (found.linked, found.emphasised, found.inlined) == (3, 3, 3)
    assert structure("<p>abc").linked == 0
    assert structure("<a href=x><p>ab</p></a>").linked == 2


@pytest.mark.parametrize("source", ["<pre><a href=x>foo   </a></pre>", "<pre><b>foo   </b></pre>"])
def test_no_more_of_a_line_is_in_a_link_than_there_is(source: str) -> None:
    assert structure(source).linked + structure(source).emphasised <= len("foo")


def test_the_gap_is_the_block_boundaries_crossed() -> None:
    source = "<div>a</div><div>b</div><div><div>c</div></div>d"
    assert [structure(source, number).gap for number in range(4)] == [2, 2, 3, 2]


def test_behind_a_line_break_there_is_no_gap() -> None:
    assert [structure("<p>a<br>b<p>c", number).gap for number in (1, 2)] == [0, 2]


def test_elements_are_told_apart_and_those_of_one_sort_share_a_shape() -> None:
    page = html_lines("<div><p>a</p><p>b<br>c</p></div>")
    first, second, third = [line.structure.element for line in page.lines if line.structure]
    parents, shapes, sorts = page.elements
    assert first != second == third
    assert shapes[first] == shapes[second]
    assert parents[first] == parents[second]
    assert [sort.tag for sort in sorts] == ["body", "div", "p"]


@settings(max_examples=200, deadline=None)
@given(SOURCES)
def test_elements_and_shapes_stand_behind_those_above_them(source: str) -> None:
    parents, shapes, sorts = html_lines(source).elements
    assert len(parents) == len(shapes)
    assert all(parent < number for number, parent in enumerate(parents) if number)
    assert all(shape.above < number for number, shape in enumerate(sorts))
    assert len(set(sorts)) == len(sorts) == len(set(shapes))


def test_a_lines_element_is_that_of_its_first_character() -> None:
    assert [shape.tag for shape in path(html_lines("<div><p>a <a href=x>b</a></div>"))] == ["p", "div", "body"]
    assert [shape.tag for shape in path(html_lines("<div><p> <a href=x>b</a> a</div>"))] == ["a", "p", "div", "body"]


@pytest.mark.parametrize("source", ["<p>a\ud800b</p>", "<p>a\udfffb"])
def test_half_a_surrogate_pair_is_no_failure(source: str) -> None:
    (line,) = html_lines(source).lines
    assert line.text.startswith("a")
    assert line.text.endswith("b")


def test_nuls_are_no_failure() -> None:
    assert texts("<p>\x00</p><p>a\x00b</p>")[-1].replace("\x00", "") == "ab"
