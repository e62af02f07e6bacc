import json
import lzma
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.errors import SampleError
from model.label import LABELS, Label
from model.lines.html import html_lines
from training.importers import annotated, read_samples
from training.samples import Sample, fold_of

HTML = "<p>One line.<p>Another."
TEXT_, NAV, AD = Label.TEXT, Label.NAV, Label.AD


def written(folder: Path, *records: object, name: str = "set.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def one(folder: Path, record: object, name: str = "set.jsonl") -> Sample:
    (sample,) = read_samples([written(folder, record, name=name)])
    return sample


def page(body: str, attributes: str = 'data-label="nav"') -> str:
    return f"<!doctype html><html lang=en data-kind=article><body {attributes}>{body}</body></html>"


# ---- annotated pages


def labels_of(body: str, attributes: str = 'data-label="nav"') -> list[str]:
    return [str(label) for label in annotated(page(body, attributes), "x").labels or ()]


@pytest.mark.parametrize(
    ("body", "labels"),
    [
        ("menu<p data-label=text>a</p>menu", ["nav", "text", "nav"]),
        ("<div data-label=text><p>a<p data-label=heading>b<p>c</div>", ["text", "heading", "text"]),
        ("<p data-label=byline>a <b>b</b></p>", ["byline"]),
        ("<table data-label=text><tr><td>a<td>b<tr data-label=ad><td>c</table>", ["text", "ad"]),
        ("<pre data-label=text>a\nb</pre>", ["text", "text"]),
        ("<p data-label=text>a<br>b</p>", ["text", "text"]),
        ("<img data-label=ad>a", ["nav"]),
        ("", []),
    ],
)
def test_a_line_has_the_label_of_the_nearest_element(body: str, labels: list[str]) -> None:
    assert labels_of(body) == labels


@pytest.mark.parametrize(
    ("body", "labels"),
    [
        ("<div data-label=text><p class=comment>a</p></div>", ["text"]),
        ("<p data-label=text>a <span class='post title'>b</span></p>", ["text"]),
        ("<p data-label=text><span class='post title'>b</span></p>", ["text"]),
        ("<p data-label=text><a rel=legal>b</a></p>", ["text"]),
        ("<p data-label=text><b property=title>b</b></p>", ["text"]),
        ("<p class='ad' data-label=text>a</p>", ["text"]),
        ("<div hidden data-label=ad>a</div>", ["ad"]),
        ("<div style='display:none' data-label=ad>a</div>", ["ad"]),
    ],
)
def test_what_an_element_is_called_is_no_annotation(body: str, labels: list[str]) -> None:
    assert labels_of(body) == labels


def bare(source: str) -> str:
    """An annotated page's HTML as training sees it."""
    return annotated(source, "x").html or ""


def test_no_trace_of_annotations_is_left() -> None:
    source = page("menu<p class=c id=i data-label=text>a <b data-label=ad>b</b></p>")
    assert "data-label" not in bare(source)
    clean = page("menu<p class=c id=i>a <b>b</b></p>", "")
    assert html_lines(bare(source)) == html_lines(clean)


def test_an_annotated_element_keeps_its_own_attributes() -> None:
    source = page("<p property=author class=c data-label=byline>a</p>")
    assert html_lines(bare(source)) == html_lines(page("<p property=author class=c>a</p>", ""))


LABELLED = st.sampled_from([*LABELS, None])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("p div section h2 li".split()), LABELLED), max_size=8))
def test_annotating_changes_nothing_else(blocks: list[tuple[str, Label | None]]) -> None:
    marked = "".join(
        f"<{tag} class=k{f' data-label={label}' if label else ''}>line {number}</{tag}>"
        for number, (tag, label) in enumerate(blocks)
    )
    plain = "".join(f"<{tag} class=k>line {number}</{tag}>" for number, (tag, _) in enumerate(blocks))
    assert labels_of(marked) == [label or "nav" for _, label in blocks]
    assert html_lines(bare(page(marked))) == html_lines(page(plain, ""))


def test_a_page_says_what_it_is() -> None:
    source = (
        '<!doctype html><html lang="pt-BR" data-kind="forum"><head>'
        '<link rel="canonical" href="https://www.loja.example/x"></head><body data-label="nav">a</body></html>'
    )
    found = annotated(source, "name")
    assert (found.id, found.site, found.kind, found.language) == ("name", "loja.example", "forum", "pt-BR")
    assert (found.fold, found.source, found.text, found.gold) == (fold_of("loja.example"), "samples", None, None)


@pytest.mark.parametrize("source", ["<p data-label=nav>a", "<body data-label=nav>a", "a"])
def test_a_page_may_say_nothing(source: str) -> None:
    if source == "a":
        with pytest.raises(SampleError, match="Give body one"):
            annotated(source, "name")
        return
    found = annotated(source, "name")
    assert (found.site, found.kind, found.language) == ("name", "", "")


@pytest.mark.parametrize("label", ["", "Text", "menu", "text "])
def test_an_annotation_that_is_no_label_is_refused(label: str) -> None:
    with pytest.raises(SampleError, match=f"x: {label!r} is no label; the labels are title, text"):
        annotated(page(f'<p data-label="{label}">a</p>'), "x")


def test_a_line_without_an_annotation_is_refused_and_shown() -> None:
    with pytest.raises(SampleError, match="x: no element above the line 'some words' has data-label"):
        annotated(page("<p data-label=text>a</p><p>some words</p>", ""), "x")


# ---- JSON lines


def test_a_labelled_text(tmp_path: Path) -> None:
    found = one(
        tmp_path,
        {"id": "a", "url": "https://www.b.example/c", "kind": "article", "lang": "de", "text": "Menü\n\nEin Satz.",
         "labels": ["nav", "text"]},
        "mine-2.jsonl",
    )  # fmt: skip
    assert found == Sample(
        "a", "b.example", fold_of("b.example"), text="Menü\n\nEin Satz.", labels=(NAV, TEXT_), source="mine",
        kind="article", language="de",
    )  # fmt: skip


def test_a_labelled_html(tmp_path: Path) -> None:
    found = one(tmp_path, {"id": "a", "html": HTML, "labels": ["text", "ad"]})
    assert (found.html, found.text, found.labels) == (HTML, None, (TEXT_, AD))


def test_lines_as_they_are_answered(tmp_path: Path) -> None:
    lines = [{"text": "Menu", "label": "nav", "score": 1}, {"text": "A line.", "label": "text"}]
    assert one(tmp_path, {"id": "a", "text": "Menu\nA line.", "lines": lines}).labels == (NAV, TEXT_)


@pytest.mark.parametrize("name", ["gold", "article"])
def test_a_page_with_gold(tmp_path: Path, name: str) -> None:
    found = one(
        tmp_path, {"id": "a", "url": "http://a.example", "fold": 3, "html": HTML, name: "One line."}, "wcxb-0.jsonl"
    )
    assert (found.gold, found.labels, found.fold, found.source, found.captions) == ("One line.", None, 3, "wcxb", True)


@pytest.mark.parametrize("name", ["fundus.jsonl", "waddle.jsonl", "mywcxb.jsonl"])
def test_only_one_sets_gold_holds_captions(tmp_path: Path, name: str) -> None:
    assert not one(tmp_path, {"id": "a", "html": HTML, "gold": "One line."}, name).captions


def test_a_page_without_gold_or_labels(tmp_path: Path) -> None:
    found = one(tmp_path, {"id": "a", "html": HTML})
    assert (found.gold, found.labels) == (None, None)


def test_without_an_id_the_place_is_the_id(tmp_path: Path) -> None:
    first, second = read_samples([written(tmp_path, {"html": HTML}, {"html": HTML})])
    assert first.id.endswith("set.jsonl, line 1")
    assert second.id.endswith("set.jsonl, line 2")
    assert first.site == first.id


@pytest.mark.parametrize("labelled_first", [True, False])
def test_a_text_that_was_labelled_is_joined_to_its_page(tmp_path: Path, labelled_first: bool) -> None:
    html = {"id": "p1", "url": "http://a.example", "fold": 2, "html": HTML, "gold": "One line."}
    labelled = {"id": "l1", "source": "p1", "set": "fundus", "text": "One line.\nAnother.", "labels": ["text", "nav"]}
    paths = [written(tmp_path, html, name="fundus.jsonl"), written(tmp_path, labelled, name="pages.jsonl")]
    (found,) = read_samples(reversed(paths) if labelled_first else paths)
    assert (found.id, found.html, found.gold, found.fold, found.source) == ("p1", HTML, "One line.", 2, "fundus")
    assert (found.text, found.labels) == ("One line.\nAnother.", (TEXT_, NAV))


def test_a_labelled_text_whose_page_is_not_there_stands_alone(tmp_path: Path) -> None:
    found = one(tmp_path, {"id": "l1", "source": "p1", "set": "fundus", "text": "One line.", "labels": ["text"]})
    assert (found.html, found.text, found.labels, found.source) == (None, "One line.", (TEXT_,), "fundus")


def test_two_labellings_of_a_page_are_refused(tmp_path: Path) -> None:
    record = {"source": "p1", "set": "fundus", "text": "One line.", "labels": ["text"]}
    with pytest.raises(SampleError, match="p1"):
        read_samples([written(tmp_path, {**record, "id": "l1"}, {**record, "id": "l2"})])


def nodes(lang: str) -> dict[str, Any]:
    paths = ("html head title", "Head", 0), ("html body a", " menu ", 0), ("html body p", " ", 1)
    return {"id": "n", "lang": lang, "nodes": [*paths, ("html body p", "文\n章", 1)]}


@pytest.mark.parametrize("lang", ["ja", "zh", "th"])
def test_text_nodes_of_unspaced_languages_are_lines(tmp_path: Path, lang: str) -> None:
    found = one(tmp_path, nodes(lang))
    assert (found.text, found.gold, found.html, found.language) == ("menu\n文 章", "文 章", None, lang)


def test_text_nodes_of_other_languages_are_left_out(tmp_path: Path) -> None:
    assert read_samples([written(tmp_path, nodes("en"), {"id": "a", "html": HTML})])[0].id == "a"


# ---- files


def test_folders_are_read_through_in_order(tmp_path: Path) -> None:
    (tmp_path / "b/c").mkdir(parents=True)
    written(tmp_path / "b", {"id": "one", "html": HTML}, name="x.ndjson")
    written(tmp_path / "b/c", {"id": "two", "html": HTML}, name="y.jsonl")
    (tmp_path / "b/c/three.html").write_text(page("a"))
    (tmp_path / "b/README.md").write_text("no sample")
    with lzma.open(tmp_path / "a.jsonl.xz", "wt") as file:
        file.write(json.dumps({"id": "four", "html": HTML}) + "\n\n")
    assert [sample.id for sample in read_samples([tmp_path])] == ["four", "three", "two", "one"]


def test_several_paths_are_read_in_the_order_given(tmp_path: Path) -> None:
    paths = [written(tmp_path, {"id": name, "html": HTML}, name=f"{name}.jsonl") for name in ("b", "a")]
    assert [sample.id for sample in read_samples(paths)] == ["b", "a"]
    assert read_samples([]) == []


def test_empty_lines_are_no_samples(tmp_path: Path) -> None:
    path = written(tmp_path, {"id": "a", "html": HTML})
    path.write_text("\n  \n" + path.read_text() + "\n")
    assert len(read_samples([path])) == 1


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SampleError, match=r"nowhere: no such file or folder"):
        read_samples([tmp_path / "nowhere"])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2: not JSON"),
        ("\ufeff{}", "line 2: not JSON"),
        ("[]", "line 2: a sample is a JSON object"),
        ('"text"', "line 2: a sample is a JSON object"),
        ("null", "line 2: a sample is a JSON object"),
        ("{}", "line 2: it has neither text nor html"),
        ('{"id": "b", "text": null, "html": null}', "line 2: it has neither text nor html"),
        ('{"id": "b", "text": "a", "labels": ["menu"]}', "line 2: label 1 is 'menu'; the labels are title, text"),
        ('{"id": "b", "text": "a\\nb", "labels": ["text", null]}', "line 2: label 2 is None"),
        ('{"id": "b", "text": "a", "lines": ["text"]}', "line 2: label 1 is None"),
        ('{"id": "b", "text": "a", "labels": "text"}', "line 2: label 1 is 't'"),
        ('{"id": "b", "html": "<p>a<p>b", "labels": ["text"]}', "line 2: 1 labels for the 2 lines"),
        ('{"id": "b", "text": "a\\nb", "labels": ["text"]}', "1 labels for 2 non-empty lines"),
        ('{"id": "b", "text": "a", "labels": []}', "0 labels for 1 non-empty lines"),
        ('{"id": "a", "html": "b"}', "a second sample has the id a"),
    ],
)
def test_what_is_no_sample_is_refused_with_its_place(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps({"id": "a", "html": HTML}) + f"\n{line}\n")
    with pytest.raises(SampleError) as refused:
        read_samples([path])
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "b", "text": 5}',
        '{"id": "b", "html": ["<p>"]}',
        '{"id": "b", "text": "a", "labels": 5}',
        '{"id": "b", "text": "a", "labels": [["text"]]}',
        '{"id": "b", "text": "a", "lines": 5}',
        '{"id": "b", "text": "a", "fold": "x"}',
        '{"id": "b", "text": "a", "fold": 9}',
        '{"id": "b", "text": "a", "gold": 5}',
        '{"id": "b", "text": "a", "labels": [{}]}',
        '{"id": "b", "nodes": 5}',
        '{"id": "b", "lang": "ja", "nodes": [["p", "a"]]}',
        '{"id": "b", "lang": "ja", "nodes": [[1, "a", 0]]}',
    ],
)
def test_values_of_the_wrong_type_are_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(f"{line}\n")
    with pytest.raises(SampleError, match="line 1"):
        read_samples([path])


@pytest.mark.parametrize("field", "url source kind lang html labels hashes rendering lines nodes gold fold".split())
def test_null_counts_as_not_given(tmp_path: Path, field: str) -> None:
    assert one(tmp_path, {"id": "b", "text": "a", field: None}) == one(tmp_path, {"id": "b", "text": "a"})


def test_an_address_that_is_none_counts_as_not_given(tmp_path: Path) -> None:
    assert one(tmp_path, {"id": "b", "text": "a", "url": "http://[b/"}).site == "b"


def test_a_labelled_text_that_names_no_page_stands_alone(tmp_path: Path) -> None:
    found = one(tmp_path, {"id": "l1", "set": "own", "text": "One line.", "labels": ["text"]})
    assert (found.id, found.labels, found.source) == ("l1", (TEXT_,), "own")


@pytest.mark.parametrize("name", ["a.html", "a.jsonl", "a.jsonl.xz"])
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b'{"id": "\xff\xfe"}\n')
    with pytest.raises(SampleError, match=name):
        read_samples([tmp_path])
