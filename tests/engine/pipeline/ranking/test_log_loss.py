"""The weights of a linear ranker are those of the least log-loss, and no others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from engine.pipeline.ranking.log_loss import least_log_loss

MANY_ROWS = 8192


def drawn(seed, n, d, intercept=-2.0):
    rng = np.random.default_rng(seed)
    columns = rng.normal(size=(n, d)).astype(np.float32)
    odds = columns @ rng.normal(size=d) + intercept
    return columns, rng.random(n) < expit(odds)


@pytest.mark.parametrize("n", [300, 2 * MANY_ROWS + 17])
def test_the_weights_are_those_of_scikit_learn(n):
    columns, labels = drawn(1, n, 6)
    model = LogisticRegression(C=1 / 20.0, tol=1e-10, max_iter=1000).fit(columns, labels)
    found = least_log_loss(columns, labels, 20.0)
    np.testing.assert_allclose(found[:-1], model.coef_[0], atol=2e-4)
    assert found[-1] == pytest.approx(model.intercept_[0], abs=2e-4)


@given(
    seed=st.integers(0, 10_000),
    n=st.integers(1, 60),
    d=st.integers(1, 8),
    ridge=st.floats(0.1, 1e4),
    kind=st.sampled_from(["drawn", "none", "all", "by one column", "the same column twice"]),
)
def test_at_the_minimum_nothing_pulls(seed, n, d, ridge, kind):
    """Also where one class is missing, a column parts the classes, or two columns are one."""
    columns, labels = drawn(seed, n, d)
    if kind in ("none", "all"):
        labels = np.full(n, kind == "all")
    elif kind == "by one column":
        labels = columns[:, 0] > 0
    elif kind == "the same column twice":
        columns = np.hstack([columns, columns])
    found = least_log_loss(columns, labels, ridge)
    error = expit(columns @ found[:-1] + found[-1]) - labels
    assert np.isfinite(found).all()
    pull = np.append(columns.T @ error + ridge * found[:-1], error.sum())
    assert np.abs(pull).max() < 0.01 * (1 + np.sqrt(ridge))


def test_the_number_of_threads_changes_no_bit(monkeypatch):
    columns, labels = drawn(2, 3 * MANY_ROWS, 5)
    found = []
    for threads in ("1", "3"):
        monkeypatch.setenv("RERANK_STUDIO_THREADS", threads)
        found.append(least_log_loss(columns, labels, 5.0))
    np.testing.assert_array_equal(found[0], found[1])
