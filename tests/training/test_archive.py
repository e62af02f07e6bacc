import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.errors import StorageError, UnknownError
from model.label import LABELS, Label
from model.lines.html import html_lines
from model.lines.text import text_lines
from model.page import Page
from training import export
from training.archive import About, Archive, Chosen, Stored, host_of, id_of
from training.importers import read_samples

NAV, TEXT, AD = Label.NAV, Label.TEXT, Label.AD


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "home")


def add(archive: Archive, text: str, *labels: Label, **about: str) -> Stored:
    stored, _ = archive.add(Page.from_text(text), labels, text.split("\n"), About(**about))
    return stored


def test_an_archive_that_is_not_there_is_empty(archive: Archive, tmp_path: Path) -> None:
    assert archive.count() == 0
    assert archive.choose(Chosen()) == []
    assert list(archive.all()) == []
    assert archive.suggest(5) == []
    assert not (tmp_path / "home").exists()


def test_a_sample_is_kept_verbatim(archive: Archive) -> None:
    source = " a\r\n\tb\x00c \u2028 \ufeff😀"
    stored, new = archive.add(
        Page.from_text(source), (NAV, TEXT), (" a\r", "\tb"), About("http://A.example/x", "s", "n")
    )
    assert new
    (found,) = archive.get(stored.id)
    assert found == stored
    assert found.page == Page.from_text(source)
    assert found.host == "a.example"
    assert found.counts() == {"text": 1, "nav": 1}


def test_the_same_again_is_nothing_new(archive: Archive) -> None:
    first = add(archive, "a\nb", NAV, TEXT, url="http://a.example/")
    again, new = archive.add(Page.from_text("a\nb"), (NAV, TEXT), ("a", "b"), About())
    assert (again, new) == (first, False)
    assert len(archive.get(first.id)) == 1


def test_another_labelling_is_a_revision_and_the_newest_counts(archive: Archive) -> None:
    first = add(archive, "a\nb", NAV, TEXT, url="http://a.example/", article="b")
    second = add(archive, "a\nb", AD, TEXT, annotator="me")
    assert second.id == first.id
    assert [stored.labels for stored in archive.get(first.id)] == [(AD, TEXT), (NAV, TEXT)]
    assert archive.count() == 1
    (counted,) = archive.all()
    assert counted.labels == (AD, TEXT)
    # What was known stays known, but for the article that other labels were found with.
    assert counted.about == About(url="http://a.example/", annotator="me")
    # And back again: the newest counts, not the first.
    assert add(archive, "a\nb", NAV, TEXT).number > second.number


def test_text_and_html_are_two_pages() -> None:
    assert id_of(Page.from_text("a")) != id_of(Page.from_html("a"))


def test_samples_are_chosen_page_by_page(archive: Archive) -> None:
    for number in range(7):
        add(archive, f"line {number}", AD if number % 2 else NAV, url=f"https://{'ab'[number % 2]}.example/{number}")
    assert [stored.page.source[-1] for stored in archive.choose(Chosen(limit=3))] == ["6", "5", "4"]
    before = archive.choose(Chosen(limit=3))[-1].number
    assert [stored.page.source[-1] for stored in archive.choose(Chosen(before=before))] == ["3", "2", "1", "0"]
    assert [stored.page.source[-1] for stored in archive.choose(Chosen(label=AD))] == ["5", "3", "1"]
    assert [stored.page.source[-1] for stored in archive.choose(Chosen(host="a.example"))] == ["6", "4", "2", "0"]
    assert archive.choose(Chosen(label=AD, host="a.example")) == []


def test_a_removed_sample_is_gone_with_its_revisions(archive: Archive, tmp_path: Path) -> None:
    stored = add(archive, "a secret\nb", NAV, TEXT)
    add(archive, "a secret\nb", AD, TEXT)
    archive.remove(stored.id)
    for ask in (archive.get, archive.remove):
        with pytest.raises(UnknownError, match="There is no sample"):
            ask(stored.id)
    assert archive.count() == 0
    with sqlite3.connect(tmp_path / "home/samples.db") as database:
        assert database.execute("SELECT count(*) FROM revision").fetchone() == (0,)
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    database.close()


def test_the_least_sure_pages_are_suggested_first(archive: Archive) -> None:
    for source, uncertainty in (("a", 0.2), ("b", 0.5), ("c", 0.1), ("d", 0.3)):
        archive.remember(Page.from_text(source), f"http://{source}.example/", uncertainty, "v", 3)
    assert [(page.page.source, page.uncertainty) for page in archive.suggest(9)] == [("b", 0.5), ("d", 0.3), ("a", 0.2)]
    assert [page.url for page in archive.suggest(1)] == ["http://b.example/"]
    add(archive, "b", NAV)
    archive.remember(Page.from_text("b"), "", 0.9, "v", 3)  # labelled pages need no reminder
    assert [page.page.source for page in archive.suggest(9)] == ["d", "a"]


def test_many_at_once_lose_nothing(archive: Archive) -> None:
    def work(offset: int) -> None:
        for number in range(8):
            add(archive, f"page {offset + number}", TEXT)

    threads = [threading.Thread(target=work, args=(offset * 5,)) for offset in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert archive.count() == 23  # 0 to 22, the ones between sent twice


@pytest.mark.parametrize("spoil", [lambda path: path.write_bytes(b"no database" * 99), lambda path: path.mkdir()])
def test_a_file_that_is_no_archive_is_told(archive: Archive, tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    (tmp_path / "home").mkdir()
    spoil(tmp_path / "home/samples.db")
    with pytest.raises(StorageError, match=r"samples\.db"):
        archive.count()
    with pytest.raises(StorageError, match=r"samples\.db"):
        add(archive, "a", NAV)


def test_an_archive_of_a_later_version_is_left_alone(archive: Archive, tmp_path: Path) -> None:
    add(archive, "a", NAV)
    database = sqlite3.connect(tmp_path / "home/samples.db")
    database.execute("PRAGMA user_version = 9")
    database.close()
    with pytest.raises(StorageError, match="layout is number 9"):
        archive.count()


@pytest.mark.parametrize(("url", "host"), [("", ""), ("x", ""), ("http://[", ""), ("//A.b:1/c", "a.b")])
def test_hosts(url: str, host: str) -> None:
    assert host_of(url) == host


# Each a page of lines that are not empty, as Hypothesis makes them up.
LINES = st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), min_size=1), min_size=1)
PAGES = LINES.map("\n".join).filter(str.strip)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), PAGES, st.booleans())
def test_what_is_exported_is_what_training_reads(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, source: str, html: bool
) -> None:
    folder = tmp_path_factory.mktemp("export")
    archive = Archive(folder)
    page = Page.from_html(f"<p>{source}") if html else Page.from_text(source)
    lines = [line.text for line in (html_lines if html else text_lines)(page.source).lines]
    labels = [data.draw(st.sampled_from(LABELS)) for _ in lines]
    archive.add(page, labels, lines, About(url=data.draw(st.sampled_from(["", "https://www.a.example/x"]))))
    (folder / "samples.ndjson").write_bytes(b"".join(export.lines(archive)))
    exported = read_samples([folder / "samples.ndjson"])
    assert exported == list(map(export.sample, archive.all()))
    assert exported[0].labels == tuple(labels)
    assert (exported[0].html if html else exported[0].text) == page.source


def test_a_sample_goes_by_its_title_or_its_first_line(archive: Archive) -> None:
    assert add(archive, "Home\nA  story", NAV, Label.TITLE).title == "A story"
    assert add(archive, "Home\nNo story", NAV, TEXT).title == "Home"
    assert add(archive, "x" * 200, TEXT).title == "x" * 200
    assert add(archive, "x" * 201, TEXT).title == "x" * 199 + "…"
    assert archive.add(Page.from_html(""), (), (), About())[0].title == ""


def test_labels_find_their_lines_again_when_a_page_is_cut_otherwise(archive: Archive) -> None:
    html = "<p>Menu and more</p><p>The first sentence of it.</p><p>***</p><p>The second one.</p>"
    # As if a pagesieve of old had made one line of two.
    archive.add(
        Page.from_html(html),
        (NAV, TEXT, AD),
        ("Menu and more", "The first sentence of it.***", "The second one."),
        About(),
    )
    (sample,) = map(export.sample, archive.all())
    assert sample.labels == (NAV, TEXT, TEXT, AD)


def test_labels_whose_lines_are_gone_are_no_use(archive: Archive) -> None:
    archive.add(Page.from_html("<p>New words</p>"), (TEXT,), ("Old ones",), About())
    assert [sample.labels for sample in map(export.sample, archive.all())] == [(NAV,)]
