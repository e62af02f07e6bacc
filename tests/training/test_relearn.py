import random
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from model.artifact import Model, read, write
from model.classifier import Classifier
from model.errors import TrainingError
from model.label import Label
from tests.training.based import write as write_base
from training import gate
from training.align import UNKNOWN
from training.dataset import HTML, TEXT, Pages
from training.learning import Learning
from training.metrics import Columns
from training.odd_sites import SITES, page
from training.relearn import relearn, scores, views_of_sample
from training.relearning import as_text, errors, pages, repair, shuffled
from training.retrain import BASE
from training.samples import Sample
from training.scored import own_page
from training.start import Start

Learned = tuple[Classifier, dict[str, dict[str, dict[str, float]]]]


@pytest.fixture(scope="module")
def base(few_pages: list[Pages], tiny_classifier: Classifier, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_base(tmp_path_factory.mktemp("base") / "base.npz", few_pages, tiny_classifier)


@pytest.fixture(scope="module")
def learned(base: Path, tiny_model: Model) -> Learned:
    """What ten pages of an odd site come to."""
    return relearn(base, tiny_model, pages("log", 100, 10, text=False), print)


def test_the_pages_of_an_odd_site_are_the_same_at_every_call_and_wholly_labelled() -> None:
    for site in SITES:
        one, other = page(site, 1), page(site, 2)
        assert page(site, 1) == one
        assert one.labels is not None
        assert one.html != other.html
        assert {Label.TITLE, Label.TEXT, Label.NAV, Label.AD, Label.RELATED, Label.LEGAL} <= set(one.labels)
        assert "data-label" not in (one.html or "")


def test_html_is_learned_as_text_too() -> None:
    sample = page("sale", 1)
    own, text = views_of_sample(sample)
    assert (own.rendering, text.rendering) == (HTML, TEXT)
    assert (own.columns == text.columns).all()
    assert [view.rendering for view in views_of_sample(as_text(sample))] == [TEXT]


def test_labels_of_a_text_are_carried_to_its_html() -> None:
    sample = page("verse", 1)
    text = as_text(sample)
    labels = (None, *(text.labels or ())[1:])
    own, other = views_of_sample(replace(sample, text=f"\n{text.text}", labels=labels))
    assert own.columns[0] == other.columns[0] == UNKNOWN
    assert (own.columns[1:] == [label.column for label in labels[1:] if label]).all()


def test_what_nobody_labelled_teaches_nothing(base: Path, tiny_model: Model) -> None:
    sample = replace(page("sale", 1), labels=None)
    assert views_of_sample(sample) == []
    assert views_of_sample(Sample("a", "a", 0, text="a line", labels=(None,))) == []
    assert views_of_sample(Sample("a", "a", 0, html="", labels=())) == []
    with pytest.raises(TrainingError, match="None of the samples is labelled"):
        relearn(base, tiny_model, [sample], print)


def test_new_pages_are_learned_and_pages_like_them_read_better(learned: Learned, tiny_model: Model) -> None:
    classifier, report = learned
    others = pages("log", 0, 5, text=False)
    before, after = errors(tiny_model, others), errors(Model("learned", {}, classifier), others)
    assert after < before / 2
    assert report["candidate"]["new"]["accuracy"] > report["current"]["new"]["accuracy"]
    lost = report["current"]["frozen"]["accuracy"] - report["candidate"]["frozen"]["accuracy"]
    assert lost < 0.05


def test_the_same_samples_in_any_order_give_the_same_weights(learned: Learned, base: Path, tiny_model: Model) -> None:
    again, report = relearn(base, tiny_model, pages("log", 100, 10, text=False)[::-1], print)
    assert report == learned[1]
    nets = tuple((getattr(again, name), getattr(learned[0], name)) for name in ("line", "page", "kin"))
    assert all((a == b).all() for one, two in nets for a, b in zip(one.coefs_, two.coefs_, strict=True))
    assert (again.words == learned[0].words).all()


def test_what_is_measured_is_what_a_version_holds(learned: Learned, tmp_path: Path) -> None:
    write(tmp_path / "version", learned[0], {}, {"date": "2026-01-01"})
    kept = read(tmp_path / "version").classifier
    views = views_of_sample(page("log", 3))
    assert scores(kept, views) == scores(learned[0], views)


def test_fewer_than_five_pages_are_all_learned_and_none_is_asked(base: Path, tiny_model: Model) -> None:
    said: list[str] = []
    _, report = relearn(base, tiny_model, pages("verse", 100, 1, text=True), said.append)
    assert "new" not in report["current"]
    assert "new" not in report["candidate"]
    assert said == ["Learning 1 page.", "Measuring on the frozen test."]


@pytest.mark.skipif(not BASE.exists(), reason="the shipped base is written by the training of the shipped model")
def test_one_page_of_text_comes_out_right_after_learning_it(shipped_folder: Path) -> None:
    found = pages("verse", 100, 1, text=True)
    classifier, _ = relearn(BASE, read(shipped_folder), found, print)
    assert errors(Model("learned", {}, classifier), found) < 0.05


def test_samples_are_learned_on_the_version_to_start_from(learned: Learned, base: Path, tiny_model: Model) -> None:
    again, report = relearn(
        base, Model("b", {}, learned[0]), pages("log", 100, 10, text=False), print, start=Start(tiny_model)
    )
    assert (again.words == learned[0].words).all()
    assert report["candidate"] == learned[1]["candidate"]
    assert report["current"]["frozen"] == learned[1]["candidate"]["frozen"]


def test_who_knows_pages_by_heart_is_not_asked_of_them(learned: Learned, base: Path, tiny_model: Model) -> None:
    found = pages("log", 100, 10, text=False)
    current = Model("b", {}, learned[0])
    ids = frozenset(sample.id for sample in found)
    _, honest = relearn(base, current, found, print, start=Start(tiny_model, ids))
    assert honest["current"]["new"] == learned[1]["current"]["new"]
    _, flattered = relearn(base, current, found, print, start=Start(tiny_model))
    assert flattered["current"]["new"]["accuracy"] > honest["current"]["new"]["accuracy"]


def test_too_many_lines_are_drawn_from(tiny_classifier: Classifier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.learning._MOST", 120)
    monkeypatch.setattr("training.learning._ENOUGH", 60)
    views = [views_of_sample(sample) for sample in pages("log", 0, 6, text=False)]
    found = Learning(tiny_classifier, views[0]).learn(views)
    assert isinstance(found, Classifier)


def test_shuffled_labels_are_refused(base: Path, tiny_model: Model) -> None:
    _, report = relearn(base, tiny_model, shuffled(15, text=True), print)
    assert not gate.judge(report, gate.floors()).accepted
    assert abs(report["candidate"]["new"]["kappa"]) < 0.3


def _menus(number: int) -> list[Sample]:
    """Pages of a long menu and a short article, the labels of each in an order drawn at random."""
    drawn = random.Random(1)  # noqa: S311
    found = []
    for step in range(number):
        items = [f"Shelf {drawn.randrange(10**6)}" for _ in range(33)]
        told = [f"The lamp was lit {drawn.randrange(10**6)} times, and nobody in the village knew by whom."] * 7
        labels = [Label.NAV] * len(items) + [Label.TEXT] * len(told)
        drawn.shuffle(labels)
        found.append(Sample(f"menu-{step:02}", "menu", 1, text="\n".join(items + told), labels=tuple(labels)))
    return found


def test_shuffled_labels_are_refused_where_chance_alone_gets_most_lines_right(base: Path, tiny_model: Model) -> None:
    _, report = relearn(base, tiny_model, _menus(30), print)
    assert report["candidate"]["new"]["accuracy"] >= 0.7
    asked = {name: floor for name, floor in gate.floors().items() if name.startswith("new/")}
    verdict = gate.judge(report, asked)
    assert not verdict.accepted
    assert [reason.split(" on ")[0] for reason in verdict.reasons] == [
        "Agreement beyond chance",
        "Share of right lines",
    ]


def _always(columns: Columns) -> Classifier:
    """What gives the lines of a page these labels."""
    return cast("Classifier", SimpleNamespace(probabilities=lambda _: np.eye(10, dtype=np.float32)[columns]))


def test_scores_count_words_of_kept_lines_and_agreement_beyond_chance() -> None:
    sample = page("verse", 1)
    views = views_of_sample(sample)

    right = scores(_always(views[0].columns), views[:1])
    assert right == {"word_f1": 1, "macro_f1": 1, "accuracy": 1, "kappa": pytest.approx(1)}
    wrong = scores(_always(np.full(len(views[0].columns), Label.NAV.column)), views[:1])
    columns: Columns = views[0].columns
    assert wrong["word_f1"] == 0
    assert wrong["accuracy"] == (columns == Label.NAV.column).mean()
    assert wrong["kappa"] == pytest.approx(0)


def test_of_one_label_alone_there_is_no_chance_to_be_beyond() -> None:
    (view,) = views_of_sample(Sample("a", "a", 0, text="Home\nNews\nShop\nHelp", labels=(Label.NAV,) * 4))
    right, wrong = Label.NAV.column, Label.AD.column
    assert scores(_always(np.full(4, right)), [view])["kappa"] == 1
    assert scores(_always(np.array([right, right, right, wrong])), [view])["kappa"] == 0.75


def test_shuffling_keeps_the_labels_a_page_has() -> None:
    for sample in shuffled(3, text=False):
        own = page(*_named(sample))
        assert Counter(sample.labels) == Counter(own.labels)
        assert sample.labels != own.labels
        assert own_page(sample).source == own.html


def _named(sample: Sample) -> tuple[str, int]:
    site, _, number = sample.id.partition("-")
    return site, int(number)


@pytest.mark.skipif(not BASE.exists(), reason="the shipped base is written by the training of the shipped model")
def test_five_pages_repair_an_odd_site_and_cost_nothing_elsewhere(shipped_folder: Path) -> None:
    found = repair(BASE, read(shipped_folder), "verse", 5, text=True)
    assert found.repaired >= 0.8
    assert max(found.lost.values()) < 0.003
    assert found.verdict.accepted, found.verdict.reasons
    assert found.seconds < 60
