import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import InputError, PagesieveError
from model.label import COLUMN, KEPT, LABELS, Label, parse_labels

LABEL_SETS = st.frozensets(st.sampled_from(LABELS), min_size=1)


def test_the_order_of_the_ten_is_fixed() -> None:
    assert " ".join(LABELS) == "title text heading byline caption nav ad related comment legal"


def test_each_label_knows_its_column() -> None:
    assert [label.column for label in LABELS] == list(range(10))
    assert [COLUMN[str(label)] for label in LABELS] == list(range(10))


def test_an_article_is_its_text_and_its_headings() -> None:
    assert frozenset({Label.TEXT, Label.HEADING}) == KEPT


@given(LABEL_SETS, st.sampled_from(["", " ", "\t", "\n "]))
def test_names_are_read_with_white_space_around_them(labels: frozenset[Label], space: str) -> None:
    assert parse_labels([f"{space}{label}{space}" for label in labels]) == labels


def test_a_name_may_come_twice() -> None:
    assert parse_labels(["ad", "ad"]) == {Label.AD}


@pytest.mark.parametrize("name", ["", " ", "Text", "TITLE", "body", "text,heading", "te xt"])
def test_what_is_no_label_is_refused_and_the_labels_are_named(name: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_labels(["text", name])
    assert repr(name.strip()) in str(refused.value)
    assert "title, text, heading" in str(refused.value)
    assert isinstance(refused.value, PagesieveError)


def test_no_name_at_all_is_refused() -> None:
    with pytest.raises(InputError, match="names no label"):
        parse_labels([])
