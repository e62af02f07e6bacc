import numpy as np
import pytest

from training.perceptron import labels_drawn


def test_labels_are_drawn_as_often_as_they_are_likely() -> None:
    likely = np.array([[0, 1, 0], [0.2, 0.5, 0.3], [0, 0, 1], [0.499, 0, 0.5]], np.float32)
    random = np.random.default_rng(0)
    drawn = np.stack([labels_drawn(np.cumsum(likely, axis=1), random) for _ in range(4000)])
    shares = np.stack([(drawn == column).mean(axis=0) for column in range(3)], axis=1)
    assert shares == pytest.approx(likely, abs=0.03)
    assert set(drawn[:, 0]) == {1}
    assert set(drawn[:, 3]) == {0, 2}
