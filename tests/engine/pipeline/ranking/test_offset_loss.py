"""The penalised log-loss beside an offset: against other minimisers, and at both ends."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from engine.pipeline.ranking.offset_loss import least_offset_losses


def world(seed, n_rows=400, n_columns=4):
    rng = np.random.default_rng(seed)
    columns = rng.normal(size=(n_rows, n_columns)).astype(np.float32)
    offset = rng.normal(size=n_rows) - 1.0
    true = rng.normal(size=n_columns)
    labels = rng.random(n_rows) < 1 / (1 + np.exp(-(offset + columns @ true)))
    return columns, labels, offset


def literal(columns, labels, offset, ridge):
    """The same by SciPy's quasi-Newton method, from the loss and its slope written out."""
    sign = np.where(labels, 1.0, -1.0)

    def loss(place):
        odds = offset + columns @ place[:-1] + place[-1]
        own = -sign / (1 + np.exp(sign * odds))
        slope = np.append(columns.T @ own + ridge * place[:-1], own.sum())
        return np.log1p(np.exp(-sign * odds)).sum() + ridge / 2 * place[:-1] @ place[:-1], slope

    start = np.zeros(columns.shape[1] + 1)
    found = minimize(loss, start, jac=True, method="BFGS", options={"gtol": 1e-7})
    return found.x[:-1]


def plain_line(columns, labels):
    model = LogisticRegression(C=np.inf, tol=1e-10, solver="newton-cholesky")
    return model.fit(columns.astype(np.float64), labels)


@pytest.mark.parametrize("ridge", [0.0, 0.5, 30.0, 3000.0])
def test_the_minimum_is_the_one_that_another_method_finds(ridge):
    columns, labels, offset = world(1)
    (found,) = least_offset_losses(columns, labels, offset, [ridge])
    expected = literal(columns.astype(np.float64), labels, offset, ridge)
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_without_an_offset_and_a_ridge_it_is_plain_logistic_regression():
    columns, labels, _ = world(2)
    (found,) = least_offset_losses(columns, labels, np.zeros(len(labels)), [0.0])
    plain = plain_line(columns, labels)
    np.testing.assert_allclose(found, plain.coef_[0], atol=1e-6)


def test_without_a_ridge_an_offset_in_the_columns_span_changes_nothing_of_the_whole():
    """offset + departure is then the group's own line, whatever the offset was."""
    columns, labels, _ = world(3)
    weights = np.array([1.5, -2.0, 0.3, 0.0])
    (found,) = least_offset_losses(columns, labels, columns @ weights, [0.0])
    plain = plain_line(columns, labels)
    np.testing.assert_allclose(weights + found, plain.coef_[0], atol=1e-6)


@given(st.integers(0, 50))
def test_a_larger_ridge_departs_less_and_an_infinite_one_not_at_all(seed):
    columns, labels, offset = world(seed, n_rows=60)
    sizes = np.linalg.norm(
        least_offset_losses(columns, labels, offset, [inf, 1e9, 100.0, 10.0, 1.0]), axis=1
    )
    assert sizes[0] == 0
    assert sizes[1] < 1e-6
    assert (np.diff(sizes) >= -1e-9).all()


@given(st.integers(0, 50), st.sampled_from([0.5, 20.0]))
def test_the_order_of_ridges_and_of_rows_does_not_matter(seed, ridge):
    columns, labels, offset = world(seed, n_rows=80)
    order = np.random.default_rng(seed).permutation(len(labels))
    (alone,) = least_offset_losses(columns, labels, offset, [ridge])
    found = least_offset_losses(columns[order], labels[order], offset[order], [7.0, ridge, 1.0])
    np.testing.assert_allclose(found[1], alone, atol=1e-5)


@pytest.mark.parametrize("label", [True, False])
def test_labels_that_are_all_alike_say_nothing(label):
    columns, labels, offset = world(4)
    found = least_offset_losses(columns, np.full(len(labels), label), offset, [1.0, 0.0])
    np.testing.assert_array_equal(found, np.zeros((2, 4)))


def test_a_column_that_never_varies_gets_nothing():
    columns, labels, offset = world(5)
    columns[:, 2] = 0.0
    found = least_offset_losses(columns, labels, offset, [0.0, 1.0])
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found[:, 2], 0, atol=1e-9)
