import numpy as np
import pytest
import scipy.sparse as sp
from scipy.special import expit
from sklearn.neural_network import MLPClassifier

from model.classifier import Classifier
from training.refit import Pace, Rows, held, moved, offsets


def rows(bags: list[list[int]], columns: list[int], buckets: int = 50) -> Rows:
    """Lines of some buckets each, that a table knows nothing of."""
    matrix = np.zeros((len(bags), buckets), np.float32)
    for line, bag in enumerate(bags):
        matrix[line, bag] = 1 / np.sqrt(len(bag))
    n = len(bags)
    return Rows(sp.csr_matrix(matrix), np.zeros((n, 10), np.float32), np.array(columns), np.ones(n, np.float32))


def test_offsets_make_the_mean_probability_the_share_of_the_label() -> None:
    random = np.random.default_rng(0)
    scores = random.normal(0, 3, (5000, 10)).astype(np.float32)
    columns = random.integers(0, 4, 5000)
    share = (np.bincount(columns, minlength=10) + 1) / 5010
    assert expit(scores + offsets(scores, columns)).mean(axis=0) == pytest.approx(share, abs=1e-4)


def test_a_table_takes_labels_in_and_leaves_other_buckets_alone() -> None:
    table = np.random.default_rng(0).normal(size=(50, 10)).astype(np.float32)
    before = table.copy()
    asked = rows([[1, 2], [1, 3], [4, 5], [4, 6]], [7, 7, 0, 0])
    found = moved(table, asked, np.zeros(50, np.float32), Pace())
    assert (table == before).all()
    assert np.flatnonzero((found != table).any(axis=1)).tolist() == [1, 2, 3, 4, 5, 6]
    margin = asked.bags @ (found - table)
    assert (margin.argmax(axis=1) == asked.columns).all()
    # What both lines of a label have says more than what one of them has.
    assert found[1, 7] - table[1, 7] > found[2, 7] - table[2, 7] > 0


def test_a_bucket_that_is_common_elsewhere_is_held() -> None:
    table = np.zeros((50, 10), np.float32)
    usual = np.zeros(50, np.float32)
    usual[1] = 1000
    found = moved(table, rows([[1, 2]], [7]), usual, Pace())
    assert 0 < found[1, 7] < 0.01 < found[2, 7]


def test_a_net_that_says_what_it_should_stays_what_it_is(tiny_classifier: Classifier) -> None:
    net = tiny_classifier.line
    # Of the size that real inputs have: with much larger ones rounding alone moves what is said.
    inputs = np.random.default_rng(0).normal(0.2, 0.4, (600, net.n_features_in_)).astype(np.float32)
    said = net.predict_proba(inputs)
    assert np.ptp(said, axis=0).max() > 0.5
    found = held(net, inputs, said, np.ones(600, np.float32), Pace())
    assert found.predict_proba(inputs) == pytest.approx(said, abs=2e-3)
    assert all(part.dtype == np.float32 for part in found.coefs_ + found.intercepts_)


def test_a_net_learns_new_rows_and_keeps_the_others(tiny_classifier: Classifier) -> None:
    net = tiny_classifier.line
    random = np.random.default_rng(0)
    old = random.normal(0, 1, (3000, net.n_features_in_)).astype(np.float32)
    new = random.normal(0, 1, (200, net.n_features_in_)).astype(np.float32)
    new[:, :20] += 8
    gold = np.eye(10, dtype=np.float32)[np.full(200, 9)]
    weights = np.concatenate((np.ones(3000, np.float32), np.full(200, 3, np.float32)))
    targets = np.concatenate((net.predict_proba(old), gold))
    before = [part.copy() for part in net.coefs_]
    found = held(net, np.concatenate((old, new)), targets, weights, Pace(epochs=10))
    assert isinstance(found, MLPClassifier)
    assert all((part == kept).all() for part, kept in zip(net.coefs_, before, strict=True))
    assert (found.predict_proba(new).argmax(axis=1) == 9).mean() > 0.95
    assert (found.predict_proba(old).argmax(axis=1) == targets[:3000].argmax(axis=1)).mean() > 0.9
