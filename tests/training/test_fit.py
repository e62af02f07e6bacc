from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.neural_network import MLPClassifier

import training.fit
from model.artifact import WEIGHTS, read, write
from model.classifier import Classifier
from model.errors import TrainingError
from model.features.matrix import NAMES, features
from model.features.nearby import SPANS
from model.features.structure import HINT_BUCKETS
from model.features.words import AROUND_BUCKETS, BUCKETS
from model.label import COLUMN, LABELS, Label
from model.lines.text import text_lines
from training.align import UNKNOWN
from training.dataset import HTML, View, prepare
from training.drawing import evened, shares
from training.fit import MEMBERS, fit
from training.perceptron import Lesson, perceptron
from training.samples import Sample
from training.settings import Linear, Net, Settings, Table
from training.teach import first_hand

TABLES = ("words", "around", "hints")


def same(left: Classifier, right: Classifier) -> bool:
    """Whether all weights are equal to the last bit."""
    nets = ((left.line, right.line), (left.page, right.page), (left.kin, right.kin))
    return all(np.array_equal(getattr(left, name), getattr(right, name)) for name in TABLES) and all(
        np.array_equal(a, b)
        for one, other in nets
        for a, b in zip(one.coefs_ + one.intercepts_, other.coefs_ + other.intercepts_, strict=True)
    )


def nets(settings: Settings, rows: int, hidden: int) -> Settings:
    """`settings` with all perceptrons of one size."""
    net = Net(rows, hidden)
    return replace(settings, line=net, page=net, kin=net)


@pytest.fixture(scope="module")
def html_views(few_views: list[View]) -> list[View]:
    """One view of each page: quicker still."""
    return [view for view in few_views if view.rendering == HTML]


@pytest.fixture(scope="module")
def html_classifier(html_views: list[View], tiny_settings: Settings) -> Classifier:
    return fit(html_views, tiny_settings)


def test_weights_have_the_declared_shapes(tiny_classifier: Classifier) -> None:
    assert tiny_classifier.words.shape == (BUCKETS, 10)
    assert tiny_classifier.around.shape == (AROUND_BUCKETS, 10 * len(SPANS))
    assert tiny_classifier.hints.shape == (HINT_BUCKETS, 10)
    for name in TABLES:
        table = getattr(tiny_classifier, name)
        assert table.dtype == np.float32
        assert np.isfinite(table.astype(np.float16)).all()
        assert table.any()
    ramps = tiny_classifier.ramps
    assert 0 <= ramps.columns.min() <= ramps.columns.max() < len(NAMES) + 40
    assert np.unique(ramps.columns, return_counts=True)[1].min() > 1
    for net in (tiny_classifier.line, tiny_classifier.page, tiny_classifier.kin):
        assert all(np.isfinite(part).all() and part.dtype == np.float32 for part in net.coefs_ + net.intercepts_)


def test_the_same_seed_gives_the_same_weights_and_the_same_bytes(
    few_views: list[View], tiny_settings: Settings, tiny_classifier: Classifier, tmp_path: Path
) -> None:
    again = fit(few_views, tiny_settings)
    assert same(again, tiny_classifier)
    for name, classifier in (("a", tiny_classifier), ("b", again)):
        write(tmp_path / name, classifier, {}, {"date": "2026-01-01"})
    assert (tmp_path / "a" / WEIGHTS).read_bytes() == (tmp_path / "b" / WEIGHTS).read_bytes()
    assert read(tmp_path / "a").version == read(tmp_path / "b").version


def test_the_number_of_threads_changes_nothing(
    html_views: list[View], html_classifier: Classifier, tiny_settings: Settings
) -> None:
    assert same(fit(html_views, replace(tiny_settings, jobs=2)), html_classifier)


def test_another_seed_gives_other_weights(
    html_views: list[View], html_classifier: Classifier, tiny_settings: Settings
) -> None:
    assert not same(fit(html_views, replace(tiny_settings, seed=1)), html_classifier)


def test_views_are_left_as_they_were(html_views: list[View], tiny_settings: Settings) -> None:
    before = [(view.packed.numbers.copy(), view.columns.copy(), view.weights.copy()) for view in html_views]
    fit(html_views, tiny_settings)
    for (numbers, columns, weights), view in zip(before, html_views, strict=True):
        assert np.array_equal(view.packed.numbers, numbers)
        assert np.array_equal(view.columns, columns)
        assert np.array_equal(view.weights, weights)


def test_what_was_seen_is_learned(few_views: list[View]) -> None:
    found = fit(few_views, nets(Settings(epochs=20, jobs=1), 60_000, 40))
    wanted = np.concatenate([view.columns[view.known] for view in few_views])
    answers = [found.probabilities(view.packed.open()).argmax(axis=1)[view.known] for view in few_views]
    commonest = np.bincount(wanted).max() / len(wanted)
    assert (np.concatenate(answers) == wanted).mean() > commonest + 0.25


def made_up(labelled: Sequence[tuple[str, str]], fold: int) -> Sample:
    """A bare text of lines with labels."""
    text = "\n".join(line for line, _ in labelled)
    return Sample(f"s{fold}", f"s{fold}", fold, text=text, labels=tuple(Label(label) for _, label in labelled))


def word_of(number: int) -> str:
    """A word of six letters that no other number has."""
    return "".join(chr(97 + (number * 7 + 3) // 17**place % 17) for place in range(6))


def test_what_the_line_above_says_is_learned_of_the_line_below(tiny_settings: Settings) -> None:
    samples = []
    for fold in range(3):
        lines: list[tuple[str, str]] = []
        for number in range(40):
            lines += [("sponsored", "nav"), (word_of(fold * 100 + number), "ad"), (word_of(900 + number), "text")]
        samples.append(made_up(lines, fold))
    found = fit(first_hand(list(prepare(samples, 1))), tiny_settings)
    scores = found.scores(features(text_lines("nothing\nunknown\nsponsored\nstrange\nforeign")))
    # Of what the lines around say for "ad": it is the line below the mark, and not the one above.
    around = scores[:, 10 + COLUMN["ad"]]
    assert around.argmax() == 3
    assert around[3] > around[1] + 1


def test_words_are_trusted_no_more_than_they_hold_on_sites_not_seen(tiny_settings: Settings) -> None:
    # Every line is a word of its own and its label a matter of chance, so that words tell nothing of other
    # sites: a pass that saw scores made of its own lines would take them for the truth.
    random = np.random.default_rng(0)
    samples, wanted = [], []
    for fold in range(4):
        columns = random.permutation([COLUMN["text"], COLUMN["nav"]] * 40)
        wanted.append(columns)
        lines = [(word_of(fold * 80 + number), LABELS[column]) for number, column in enumerate(columns)]
        samples.append(made_up(lines, fold))
    views = first_hand(list(prepare(samples, 1)))
    found = fit(views, replace(nets(tiny_settings, 60_000, 16), epochs=60))
    answers = [found.probabilities(view.packed.open()).argmax(axis=1) for view in views]
    assert (np.concatenate(answers) == np.concatenate(wanted)).mean() < 0.7


def test_pages_of_bare_text_alone_can_be_learned_from(few_views: list[View], tiny_settings: Settings) -> None:
    found = fit([view for view in few_views if view.rendering == "resiliparse"], tiny_settings)
    assert not found.hints.any()
    assert found.words.any()


def test_lines_without_a_label_are_not_learned_from(html_views: list[View], tiny_settings: Settings) -> None:
    ad = COLUMN["ad"]
    views = [replace(view, columns=np.where(view.columns == ad, UNKNOWN, view.columns)) for view in html_views]
    found = fit(views, replace(tiny_settings, epochs=20))
    assert not any(getattr(found, name)[:, ad].any() for name in ("words", "hints"))
    # A label that was never seen is not answered.
    assert found.probabilities(views[0].packed.open())[:, ad].max() < 0.5


def test_a_share_of_the_lines_is_a_share_of_all_that_estimators_see() -> None:
    settings = Settings()
    half = settings.scaled(0.5)
    models = [
        (getattr(table, which), getattr(of_half, which))
        for table, of_half in (
            (settings.words, half.words),
            (settings.around, half.around),
            (settings.hints, half.hints),
        )
        for which in ("shipped", "crossed")
    ]
    assert all(few == replace(many, rows=many.rows // 2) for many, few in models)
    assert [net.rows * 2 for net in (half.line, half.page, half.kin)] == [
        net.rows for net in (settings.line, settings.page, settings.kin)
    ]
    assert half.page.hidden == settings.page.hidden
    assert settings.scaled(1) == settings


def test_few_rows_are_enough(html_views: list[View], tiny_settings: Settings) -> None:
    table = Table(Linear(60, 5, 2e-6), Linear(60, 5, 2e-6))
    few = fit(html_views, replace(nets(tiny_settings, 60, 8), words=table, around=table, hints=table))
    assert few.probabilities(html_views[0].packed.open()).shape == (len(html_views[0].columns), 10)


@given(st.lists(st.tuples(st.integers(0, 5000), st.floats(0.01, 4)), min_size=1, max_size=40), st.integers(1, 20_000))
def test_shares_are_as_wanted_and_give_as_many_lines_as_asked_for(views: list[tuple[int, float]], most: int) -> None:
    sizes, wanted = np.array([size for size, _ in views]), np.array([want for _, want in views])
    found = shares(sizes, wanted, most)
    if sizes.sum() <= most:
        assert (found == 1).all()
        return
    assert ((found >= 0) & (found <= 1)).all()
    assert found @ sizes == pytest.approx(most)
    some = found < 1
    assert found[some] / wanted[some] == pytest.approx(np.full(some.sum(), (found / wanted).max()), rel=1e-6)


def test_long_views_and_bare_text_give_a_smaller_share_of_their_lines() -> None:
    none, html = np.zeros(4, bool), np.array([True, False, True, False])
    sizes = np.array([0, 100, 600, 15_000])
    assert (evened(sizes, none) * sizes).tolist() == [0, 100, 300, 1500]
    assert (evened(sizes, html) / evened(sizes, none)).tolist() == [4, 1, 4, 1]


def test_the_last_pass_learns_half_of_what_the_one_before_says(
    html_views: list[View], tiny_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    lessons: list[Lesson] = []

    def noted(lesson: Lesson, seed: int, *, hidden: int, epochs: int, alpha: float) -> MLPClassifier:
        lessons.append(lesson)
        return perceptron(lesson, seed, hidden=hidden, epochs=epochs, alpha=alpha)

    monkeypatch.setattr(training.fit, "perceptron", noted)
    found = fit(html_views, tiny_settings)
    turns = len({view.fold for view in html_views})
    assert len(lessons) == 3 * turns
    assert turns > MEMBERS
    hidden = tiny_settings.line.hidden
    assert [net.hidden_layer_sizes for net in (found.line, found.page, found.kin)] == [(MEMBERS * hidden,)] * 3
    for start in range(0, len(lessons), turns):
        # The members of a pass share what there is to learn, and each line of it is left out by one of them.
        members = lessons[start : start + turns]
        assert len({id(lesson.rows) for lesson in members}) == 1
        times = np.bincount(np.concatenate([lesson.lines for lesson in members]))
        assert len(times) == len(members[0].rows)
        assert set(times.tolist()) == {turns - 1}
    for number, lesson in enumerate(lessons):
        likely = np.diff(lesson.summed, axis=1, prepend=0)
        assert likely.sum(axis=1) == pytest.approx(np.ones(len(likely)), abs=1e-5)
        if number < 2 * turns:
            assert set(likely.ravel().tolist()) == {0, 1}
        else:
            assert (likely.max(axis=1) >= 0.5 - 1e-5).all()
            assert 0.5 < np.median(likely.max(axis=1)) < 1
            assert (likely > 0).sum() > 2 * len(likely)


def unknown(view: View) -> View:
    return replace(view, columns=np.full_like(view.columns, UNKNOWN))


def test_too_few_samples_are_refused(html_views: list[View], tiny_settings: Settings) -> None:
    one_fold = [view for view in html_views if view.fold == html_views[0].fold]
    one_label = [replace(view, columns=np.zeros_like(view.columns)) for view in html_views]
    one_known = [html_views[0], *(unknown(view) for view in html_views[1:])]
    for views in ([], one_fold, one_label, one_known, [unknown(view) for view in html_views]):
        with pytest.raises(TrainingError, match="two sites or more, with two labels or more"):
            fit(views, tiny_settings)


def test_a_net_learns_how_likely_a_teacher_holds_labels(html_views: list[View], tiny_settings: Settings) -> None:
    sure = np.full((1, 10), 0.02, np.float16)
    sure[0, 1], sure[0, 5] = 0.5, 0.34
    unsure = [
        replace(view, likely=np.repeat(sure, len(view.columns), axis=0), columns=np.full(len(view.columns), 1))
        for view in html_views
    ]
    some = replace(unsure[0], likely=None, columns=np.full(len(unsure[0].columns), 5), weights=unsure[0].weights * 1e-3)
    found = fit([*unsure, some], replace(nets(tiny_settings, 60_000, 24), epochs=120))
    said = np.concatenate([found.probabilities(view.packed.open()) for view in html_views]).mean(axis=0)
    assert said.argsort()[-2:].tolist() == [5, 1]
    assert said[1] > 0.3
    assert said[5] > 0.15 > np.delete(said, [1, 5]).max()
