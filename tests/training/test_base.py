from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.classifier import Classifier
from model.errors import TrainingError
from tests.training.based import FROZEN, OTHER, renamed, write
from training import base
from training.dataset import HTML, TEXT, Pages
from training.samples import TEST, Sample, is_frozen


@pytest.fixture(scope="module")
def file(few_pages: list[Pages], tiny_classifier: Classifier, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("base") / "base.npz", few_pages, tiny_classifier)


def test_a_sample_page_is_never_of_the_frozen_test() -> None:
    sample = Sample("a", FROZEN, TEST, text="a")
    assert is_frozen(sample)
    assert not is_frozen(replace(sample, site=OTHER))
    assert not is_frozen(replace(sample, fold=TEST + 1))
    assert not is_frozen(replace(sample, source="samples"))


def test_only_sites_with_a_labelled_page_are_held_out(few_samples: list[Sample]) -> None:
    mine = replace(few_samples[0], site=FROZEN, fold=TEST, source="corpus")
    assert base.held_out([*few_samples, mine]) == {FROZEN}
    assert base.held_out([replace(mine, labels=None)]) == frozenset()


def test_views_come_back_but_for_the_precision_of_their_numbers(file: Path, few_pages: list[Pages]) -> None:
    found = base.read(file)
    assert {view.rendering for view in found.train} == {HTML, TEXT}
    wanted = sorted((len(packed.numbers), name) for page in few_pages[-2:] for name, packed in page.views.items())
    assert {(len(view.columns), view.rendering) for view in found.test} <= {
        (lines, HTML if name == HTML else TEXT) for lines, name in wanted
    }
    for page in few_pages[-2:]:
        own = page.views[HTML]
        (view,) = (v for v in found.test if v.rendering == HTML and len(v.columns) == len(own.numbers))
        assert page.own is not None
        assert (view.columns == page.own).all()
        assert np.abs(view.packed.numbers.astype(np.float32) - own.numbers).max() < 0.05
        for kept, bag in zip(view.packed.bags, own.bags, strict=True):
            assert all(np.array_equal(a, b) for a, b in zip(kept, bag, strict=True))
        assert all(np.array_equal(a, b) for a, b in zip(view.packed.terms, own.terms, strict=True))


def test_the_frozen_test_has_two_views_of_a_page_and_none_of_long_pages(
    few_pages: list[Pages], tiny_classifier: Classifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [renamed(page, FROZEN) for page in few_pages[:3]]
    sizes = [len(page.views[HTML].numbers) for page in asked]
    monkeypatch.setattr(base, "_LONGEST", max(sizes) - 1)
    base.write(tmp_path / "base.npz", base.build([*asked, *few_pages[3:]], tiny_classifier))
    found = base.read(tmp_path / "base.npz").test
    kept = sorted(size for size in sizes if size < max(sizes))
    assert sorted(len(view.columns) for view in found if view.rendering == HTML) == kept
    assert len(found) == 2 * len(kept)


def test_no_word_and_no_name_is_in_it(file: Path) -> None:
    with np.load(file) as arrays:
        assert all(array.dtype.kind in "iufb" for array in arrays.values())


def test_the_same_pages_in_any_order_give_the_same_bytes(
    file: Path, few_pages: list[Pages], tiny_classifier: Classifier, tmp_path: Path
) -> None:
    turned = [*few_pages[3::-1], *few_pages[:3:-1]]
    assert write(tmp_path / "again.npz", turned, tiny_classifier).read_bytes() == file.read_bytes()


def test_a_page_that_nobody_labelled_is_labelled_by_the_classifier(
    few_pages: list[Pages], tiny_classifier: Classifier, tmp_path: Path
) -> None:
    page = few_pages[0]
    unlabelled = page._replace(sample=replace(page.sample, id="u", labels=None, site="u"), own=None, text=None)
    arrays = base.build([unlabelled, few_pages[1], renamed(few_pages[2], FROZEN)], tiny_classifier)
    assert arrays["train"] == 2
    base.write(tmp_path / "base.npz", arrays)
    assert all(view.known.any() for view in base.read(tmp_path / "base.npz").train)


def test_without_frozen_pages_there_is_no_base(few_pages: list[Pages], tiny_classifier: Classifier) -> None:
    with pytest.raises(TrainingError, match="frozen sites"):
        base.build(few_pages, tiny_classifier)


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 no archive"])
def test_what_is_no_base_is_said_in_a_sentence(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "base.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TrainingError, match="no base to learn on"):
        base.read(path)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_a_damaged_base_is_said_in_a_sentence(
    share: float, few_pages: list[Pages], tiny_classifier: Classifier, tmp_path: Path
) -> None:
    path = write(tmp_path / "base.npz", few_pages, tiny_classifier)
    content = bytearray(path.read_bytes())
    at = round(len(content) * share)
    content[at : at + 8] = bytes(byte ^ 0xFF for byte in content[at : at + 8])
    path.write_bytes(content)
    with pytest.raises(TrainingError, match="no base to learn on"):
        base.read(path)
