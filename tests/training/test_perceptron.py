import numpy as np
import pytest

from model.features.layout import Matrix
from model.perceptron import Perceptron
from training.perceptron import Lesson, Scale, committee, labels_drawn, perceptron


def test_labels_are_drawn_as_often_as_they_are_likely() -> None:
    likely = np.array([[0, 1, 0], [0.2, 0.5, 0.3], [0, 0, 1], [0.499, 0, 0.5]], np.float32)
    random = np.random.default_rng(0)
    drawn = np.stack([labels_drawn(np.cumsum(likely, axis=1), random) for _ in range(4000)])
    shares = np.stack([(drawn == column).mean(axis=0) for column in range(3)], axis=1)
    assert shares == pytest.approx(likely, abs=0.03)
    assert set(drawn[:, 0]) == {1}
    assert set(drawn[:, 3]) == {0, 2}


def lesson_of(raw: Matrix, likely: Matrix) -> Lesson:
    """A lesson of raw inputs, each line weighing one."""
    scale = Scale.of(raw)
    weights, every = np.ones(len(raw), np.float32), np.arange(len(raw))
    return Lesson(scale.steps(raw), scale, np.cumsum(likely, axis=1), weights, every)


def test_a_lessons_columns_have_mean_zero_and_deviation_one_but_for_what_is_far_out() -> None:
    random = np.random.default_rng(0)
    raw = random.normal([3, -20, 0, 5], [2, 0.5, 0, 1], (5000, 4)).astype(np.float32)
    raw[0, 3] = 1e4
    lesson = lesson_of(raw, np.full((5000, 10), 0.1, np.float32))
    np.testing.assert_allclose(lesson.scale.centre, raw.mean(axis=0, dtype=np.float64), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(lesson.scale.deviation, raw.std(axis=0, dtype=np.float64) + 0.02, rtol=1e-4)
    assert lesson.rows.dtype == np.int8
    scaled = lesson.scaled(np.arange(5000))
    assert scaled.dtype == np.float32
    exact = (raw - lesson.scale.centre) / lesson.scale.deviation
    assert abs(scaled[1:] - exact[1:]).max() <= 1 / 32 + 1e-5
    assert abs(scaled[:, 0].mean()) < 1e-3
    assert abs(scaled[:, 0].std() - 2 / 2.02) < 0.02
    assert not scaled[:, 2].any()
    assert scaled[0, 3] == 127 / 16
    np.testing.assert_array_equal(lesson.scaled(np.array([7, 3])), scaled[[7, 3]])


def test_a_perceptron_learns_from_steps_and_answers_raw_inputs() -> None:
    random = np.random.default_rng(0)
    raw = random.normal([300, -0.02], [40, 0.01], (3000, 2)).astype(np.float32)
    wanted = np.where(raw[:, 0] > 310, 3, np.where(raw[:, 1] > -0.02, 7, 0))
    lesson = lesson_of(raw, np.eye(10, dtype=np.float32)[wanted])
    found = perceptron(lesson, 0, hidden=32, epochs=200, alpha=0)
    assert (found.predict(raw) == wanted).mean() > 0.9


def test_only_the_chosen_lines_are_learned_from() -> None:
    random = np.random.default_rng(0)
    raw = random.normal(size=(400, 3)).astype(np.float32)
    wanted = np.where(np.arange(400) < 200, raw[:, 0] > 0, raw[:, 0] <= 0).astype(np.int64)
    lesson = lesson_of(raw, np.eye(10, dtype=np.float32)[wanted])
    for part in (np.arange(200), np.arange(200, 400)):
        found = perceptron(lesson._replace(lines=part), 0, hidden=64, epochs=300, alpha=0).predict(raw)
        right = found == wanted
        assert right[part].mean() > 0.8
        assert np.delete(right, part).mean() < 0.2


def test_a_committee_says_the_geometric_mean_of_its_members() -> None:
    random = np.random.default_rng(0)
    members = []
    for seed in range(3):
        raw = random.normal(size=(300, 5)).astype(np.float32)
        likely = np.eye(10, dtype=np.float32)[np.digitize(raw[:, seed], [-0.5, 0.5])]
        lesson = lesson_of(raw, likely)
        members.append(perceptron(lesson, seed, hidden=4 + seed, epochs=20, alpha=0.1))
    before = [[part.copy() for part in net.coefs_ + net.intercepts_] for net in members]
    found = committee(members)
    asked = random.normal(size=(40, 5)).astype(np.float32)
    said = [net.predict_proba(asked) for net in members]
    assert np.ptp(said, axis=0).max() > 0.5
    mean = np.exp(np.mean(np.log(said), axis=0))
    mean /= mean.sum(axis=1, keepdims=True)
    assert found.predict_proba(asked) == pytest.approx(mean, abs=1e-5)
    assert Perceptron(found).probabilities(asked) == pytest.approx(mean, abs=1e-5)
    assert found.hidden_layer_sizes == (15,)
    assert {part.dtype for part in found.coefs_ + found.intercepts_} == {np.dtype(np.float32)}
    for net, parts in zip(members, before, strict=True):
        assert all(map(np.array_equal, net.coefs_ + net.intercepts_, parts))
