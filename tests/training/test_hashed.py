import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import SampleError
from model.label import LABELS, Label
from training.hashed import LETTERS, OTHERS, labels_of, line_hash, record_of
from training.importers import read_samples
from training.renderings import RENDERINGS

LINES = ["Menu", "The mill burns", "It burned all night.", "Menu", "***"]
LABELLED = [Label.NAV, Label.TITLE, Label.TEXT, Label.RELATED, Label.AD]
HTML = "<p>Menu<p>The mill burns<p>It burned all night.<p>Menu<p>***"
PAGES = st.lists(st.tuples(st.text(min_size=1), st.sampled_from(LABELS)), max_size=10)


def test_each_label_has_a_letter() -> None:
    assert sorted(LETTERS.values()) == sorted(LABELS)
    assert all(len(letter) == 1 for letter in LETTERS)


@given(PAGES)
def test_a_pages_own_record_labels_every_line(page: list[tuple[str, Label]]) -> None:
    lines, labels = [line for line, _ in page], [label for _, label in page]
    assert labels_of(record_of("a", lines, labels), lines) == tuple(labels)


@pytest.mark.parametrize("other", ["the MILL burns!", "  The  mill\tburns ", "• The mill, burns"])
def test_case_punctuation_and_white_space_make_no_other_line(other: str) -> None:
    assert line_hash(other) == line_hash("The mill burns")


@pytest.mark.parametrize("other", ["The mill burned", "mill The burns", "The millburns", ""])
def test_other_words_make_another_line(other: str) -> None:
    assert line_hash(other) != line_hash("The mill burns")


@pytest.mark.parametrize("line", ["", "***", "\ud800", "日本", "\x00"])
def test_a_hash_is_six_digits(line: str) -> None:
    assert len(line_hash(line)) == 6
    assert int(line_hash(line), 16) >= 0


def test_no_word_of_a_page_is_in_its_record() -> None:
    record = record_of("a", LINES, LABELLED)
    assert set(record) == {"id", "labels", "hashes"}
    assert set(record["hashes"]) <= set("0123456789abcdef")
    assert record["labels"] == "nitra"


def test_lines_that_are_new_are_unknown_and_lines_that_are_gone_do_no_harm() -> None:
    record = record_of("a", LINES, LABELLED)
    assert labels_of(record, [*LINES[:2], "New", *LINES[2:]]) == (*LABELLED[:2], None, *LABELLED[2:])
    assert labels_of(record, LINES[1:]) == tuple(LABELLED[1:])
    assert labels_of(record, []) == ()
    assert labels_of(record, ["New"]) == (None,)


@pytest.mark.parametrize(
    ("labels", "hashes"), [("n", ""), ("", "000000"), ("nn", "000000"), ("x", "000000"), ("n", "00000000")]
)
def test_letters_and_hashes_that_do_not_go_together_are_refused(labels: str, hashes: str) -> None:
    with pytest.raises(SampleError, match="Labels of a: give a letter"):
        labels_of({"id": "a", "labels": labels, "hashes": hashes}, LINES)


def written(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


@pytest.mark.parametrize("labels_first", [True, False])
def test_labels_find_their_page(tmp_path: Path, labels_first: bool) -> None:
    page = written(tmp_path / "set.jsonl", {"id": "a", "html": HTML, "gold": "It burned."}, {"id": "b", "html": HTML})
    labels = written(tmp_path / "labels.jsonl", record_of("a", LINES, LABELLED))
    first, second = read_samples([labels, page] if labels_first else [page, labels])
    assert first.labels == tuple(LABELLED)
    assert (first.html, first.gold, second.labels) == (HTML, "It burned.", None)
    assert (first.by_hash, second.by_hash) == (True, False)


PICTURE = "<p>Menu<p><img alt='A burnt wheel'><p>The mill burns"


def test_labels_may_be_those_of_a_rendering(tmp_path: Path) -> None:
    lines = RENDERINGS["alt"](PICTURE).split("\n")
    assert [line for line in lines if line] == ["Menu", "A burnt wheel", "The mill burns"]
    record = record_of("a", [line for line in lines if line], [Label.NAV, Label.CAPTION, Label.TITLE], "alt")
    assert record["rendering"] == "alt"
    (sample,) = read_samples([written(tmp_path / "set.jsonl", {"id": "a", "html": PICTURE}, record)])
    assert sample.text == RENDERINGS["alt"](PICTURE)
    assert sample.labels == (Label.NAV, Label.CAPTION, Label.TITLE)


def test_a_rendering_that_is_none_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "set.jsonl", {"id": "a", "html": HTML}, record_of("a", LINES, LABELLED, "print"))
    with pytest.raises(SampleError, match="print is no rendering; they are own, "):
        read_samples([path])


def test_a_rendering_of_a_page_without_html_is_not_to_be_had(tmp_path: Path) -> None:
    path = written(tmp_path / "set.jsonl", {"id": "a", "text": "Menu"}, record_of("a", LINES, LABELLED, "alt"))
    assert read_samples([path])[0].labels is None


def test_labels_of_lines_that_only_renderings_have_stand_beside_those_of_the_page(tmp_path: Path) -> None:
    others = record_of("a", ["A burnt wheel", "Logo"], [Label.CAPTION, Label.NAV], OTHERS)
    page = written(tmp_path / "set.jsonl", {"id": "a", "html": PICTURE})
    labels = written(tmp_path / "labels.jsonl", others, record_of("a", ["Menu"], [Label.NAV]))
    (sample,) = read_samples([page, labels])
    assert sample.others == ((line_hash("A burnt wheel"), Label.CAPTION), (line_hash("Logo"), Label.NAV))
    assert sample.labels == (Label.NAV, None)


def test_labels_of_pages_that_are_not_there_are_left_out(tmp_path: Path) -> None:
    assert read_samples([written(tmp_path / "labels.jsonl", record_of("a", LINES, LABELLED))]) == []


def test_labels_of_a_person_go_before(tmp_path: Path) -> None:
    page = {"id": "a", "html": HTML, "labels": ["text"] * 5}
    path = written(tmp_path / "set.jsonl", page, record_of("a", LINES, LABELLED))
    assert read_samples([path])[0].labels == (Label.TEXT,) * 5


@pytest.mark.parametrize("record", [{"labels": "n", "hashes": "000000"}, {"id": "a", "labels": "n", "hashes": 5}])
def test_a_record_that_is_none_is_refused(tmp_path: Path, record: dict[str, object]) -> None:
    with pytest.raises(SampleError):
        read_samples([written(tmp_path / "set.jsonl", {"id": "a", "html": HTML}, record)])
