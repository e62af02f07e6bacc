import re
import zlib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import InputError, SampleError
from model.label import LABELS, Label
from model.lines.html import html_lines
from training.align import tokens
from training.importers import read_samples
from training.samples import FOLDS, Sample, fold_of, site_of

ROOT = Path(__file__).parent.parent.parent
OWN = ROOT / "training/samples"
GOLDEN = ROOT / "tests/pages"


@pytest.fixture(scope="module")
def own() -> list[Sample]:
    return read_samples([OWN])


@pytest.fixture(scope="module")
def golden() -> list[Sample]:
    return read_samples([GOLDEN])


def test_a_sample_needs_text_or_html() -> None:
    with pytest.raises(SampleError, match="a: it has neither text nor html") as refused:
        Sample("a", "a", 0)
    assert isinstance(refused.value, InputError)
    assert Sample("a", "a", 0, text="").text == ""
    assert Sample("a", "a", 0, html="").html == ""


@pytest.mark.parametrize(("text", "count"), [("a\nb", 1), ("a\n\nb", 3), ("a", 0), ("", 1), ("a\r\n \nb", 3)])
def test_a_text_needs_a_label_for_each_line_that_is_not_empty(text: str, count: int) -> None:
    with pytest.raises(SampleError, match=f"{count} labels for"):
        Sample("a", "a", 0, text=text, labels=(Label.TEXT,) * count)


@pytest.mark.parametrize(("text", "count"), [("a\nb", 2), ("\n a\n\r\nb\x0bc", 2), ("", 0), (" \n", 0)])
def test_labels_that_fit_are_taken(text: str, count: int) -> None:
    assert Sample("a", "a", 0, text=text, labels=(Label.TEXT,) * count).labels == (Label.TEXT,) * count


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.news.example/a/b?c=d", "news.example"),
        ("https://a.b.c.news.example:8080/", "news.example"),
        ("http://localhost/x", "localhost"),
        ("HTTPS://WWW.News.Example/", "news.example"),
        ("https://user@news.example/", "news.example"),
        ("", "otherwise"),
        ("no url", "otherwise"),
        ("/path/only", "otherwise"),
    ],
)
def test_a_site_is_the_end_of_the_host_name(url: str, site: str) -> None:
    assert site_of(url, "otherwise") == site


def test_an_address_that_is_none_has_no_site() -> None:
    assert site_of("http://[broken/", "otherwise") == "otherwise"


@given(st.text())
def test_a_sites_fold_is_a_hash_of_its_name(site: str) -> None:
    fold = fold_of(site.encode("utf-8", "replace").decode())
    assert 0 <= fold < FOLDS
    assert fold == zlib.crc32(site.encode("utf-8", "replace")) % FOLDS


def test_folds_stay() -> None:
    # Scores of different versions are compared on the same sites: these must never move.
    assert [fold_of(site) for site in ("standard.at", "bbc.co.uk", "a.example", "")] == [
        zlib.crc32(site) % 5 for site in (b"standard.at", b"bbc.co.uk", b"a.example", b"")
    ]


def language(sample: Sample) -> str:
    return sample.language.split("-")[0].lower()


def test_there_are_enough_samples(own: list[Sample], golden: list[Sample]) -> None:
    assert len(own) >= 40
    assert len(golden) >= 15
    assert {sample.kind for sample in own} >= {"article", "forum", "documentation", "product", "listing"}


def test_all_ten_labels_are_there(own: list[Sample], golden: list[Sample]) -> None:
    for samples in (own, golden):
        counts = Counter(label for sample in samples for label in sample.labels or ())
        assert min(counts[label] for label in LABELS) >= 15, counts


def test_many_languages_are_there(own: list[Sample], golden: list[Sample]) -> None:
    for samples in (own, golden):
        languages = {language(sample) for sample in samples}
        assert "" not in languages
        assert {"ja", "zh", "ar"} <= languages
    assert len({language(sample) for sample in own}) >= 8


def test_every_fold_has_samples_of_several_sites(own: list[Sample]) -> None:
    for fold in range(FOLDS):
        inside = [sample for sample in own if sample.fold == fold]
        assert len({sample.site for sample in inside}) >= 4
        # What is measured on a fold must show: every label but the rarest stands in each.
        assert len({label for sample in inside for label in sample.labels or ()}) >= 9


def test_a_site_is_in_one_fold(own: list[Sample], golden: list[Sample]) -> None:
    folds: dict[str, set[int]] = {}
    for sample in own + golden:
        folds.setdefault(sample.site, set()).add(sample.fold)
        assert sample.fold == fold_of(sample.site)
    assert {site for site, found in folds.items() if len(found) > 1} == set()


def test_golden_pages_are_of_sites_that_training_does_not_see(own: list[Sample], golden: list[Sample]) -> None:
    assert not {sample.site for sample in own} & {sample.site for sample in golden}


def test_every_site_is_an_example(own: list[Sample], golden: list[Sample]) -> None:
    assert {sample.site for sample in own + golden if not sample.site.endswith(".example")} == set()


def test_every_page_is_a_page_of_its_own(own: list[Sample], golden: list[Sample]) -> None:
    ids = [sample.id for sample in own + golden]
    assert len(set(ids)) == len(ids)
    texts = [html_lines(sample.html or "").text for sample in own + golden]
    assert len(set(texts)) == len(texts)


def test_no_trace_of_annotations_is_left(own: list[Sample], golden: list[Sample]) -> None:
    for sample in own + golden:
        assert sample.html
        assert "data-label" not in sample.html


def test_every_line_has_a_label_and_pages_are_real(own: list[Sample], golden: list[Sample]) -> None:
    for sample in own + golden:
        lines = html_lines(sample.html or "").lines
        assert sample.labels is not None
        assert len(lines) == len(sample.labels) >= 20, sample.id
        assert len(set(sample.labels)) >= 4, sample.id


def test_articles_have_a_title_and_prose(own: list[Sample], golden: list[Sample]) -> None:
    for sample in own + golden:
        if sample.kind != "article":
            continue
        lines = html_lines(sample.html or "").lines
        labelled = list(zip(lines, sample.labels or (), strict=True))
        assert Label.TITLE in (sample.labels or ()), sample.id
        words = sum(len(tokens(line.text)) for line, label in labelled if label is Label.TEXT)
        assert words >= 60, sample.id


@pytest.mark.parametrize("path", sorted([*OWN.glob("*.html"), *GOLDEN.glob("*.html")]), ids=lambda path: path.stem)
def test_files_are_as_sites_would_serve_them(path: Path) -> None:
    source = path.read_bytes().decode("utf-8")
    assert source.lower().startswith("<!doctype html")
    assert re.search(r"(?i)<title\b", source)
    assert re.search(r"(?i)<link[^>]* rel=.canonical.", source)
    assert "\ufffd" not in source
