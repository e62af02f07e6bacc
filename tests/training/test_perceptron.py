import numpy as np
import pytest

from training.perceptron import labels_drawn, lesson_of


def test_labels_are_drawn_as_often_as_they_are_likely() -> None:
    likely = np.array([[0, 1, 0], [0.2, 0.5, 0.3], [0, 0, 1], [0.499, 0, 0.5]], np.float32)
    random = np.random.default_rng(0)
    drawn = np.stack([labels_drawn(np.cumsum(likely, axis=1), random) for _ in range(4000)])
    shares = np.stack([(drawn == column).mean(axis=0) for column in range(3)], axis=1)
    assert shares == pytest.approx(likely, abs=0.03)
    assert set(drawn[:, 0]) == {1}
    assert set(drawn[:, 3]) == {0, 2}


def test_a_lessons_columns_have_mean_zero_and_deviation_one_but_for_what_is_far_out() -> None:
    random = np.random.default_rng(0)
    raw = random.normal([3, -20, 0, 5], [2, 0.5, 0, 1], (5000, 4)).astype(np.float16)
    raw[0, 3] = 1e4
    lesson = lesson_of(raw, np.full((5000, 10), 0.1, np.float32), np.ones(5000, np.float32))
    np.testing.assert_allclose(lesson.centre, raw.mean(axis=0, dtype=np.float64), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(lesson.scale, raw.std(axis=0, dtype=np.float64) + 0.02, rtol=1e-4)
    scaled = lesson.scaled(np.arange(5000))
    assert scaled.dtype == np.float32
    assert abs(scaled[:, 0].mean()) < 1e-3
    assert abs(scaled[:, 0].std() - 2 / 2.02) < 0.02
    assert not scaled[:, 2].any()
    assert scaled[0, 3] == 8
    np.testing.assert_array_equal(lesson.scaled(np.array([7, 3])), scaled[[7, 3]])
