"""The minimum of a penalised log-loss."""

from __future__ import annotations

import threading
import warnings

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

__all__ = ["least_log_loss"]

_ONE_AT_A_TIME = threading.Lock()
"""Held while warnings and BLAS threads, which are the whole process's, are set otherwise."""

SURE_ODDS = 16.0
"""Log-odds where one class is missing: without an end the intercept would run away."""


def least_log_loss(
    columns: NDArray[np.float32],
    labels: NDArray[np.bool_],
    ridge: float,
    weights: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Weights that minimise ``Σ log(1 + exp(∓ odds)) + ridge / 2 · ‖weights‖²``.

    A few Newton steps over the rows, O(n_rows · n_columns²) each, on one thread: the number of
    threads changes no bit.

    Parameters
    ----------
    columns : float32 array of shape (n_rows, n_columns)
        Finite, and of about one scale.
    labels : bool array of shape (n_rows,)
    ridge : float > 0
        The intercept has no penalty.
    weights : float64 array of shape (n_rows,), optional
        How often each row counts.

    Returns
    -------
    float64 array of shape (n_columns + 1,)
        The intercept last.

    Source
    ------
    Hastie, Tibshirani, Friedman, "The Elements of Statistical Learning", 2nd ed., section 4.4.1.
    """
    if labels.all() or not labels.any():
        return np.append(np.zeros(columns.shape[1]), SURE_ODDS if labels.any() else -SURE_ODDS)
    model = LogisticRegression(C=1 / ridge, solver="newton-cholesky", tol=1e-6)
    with _ONE_AT_A_TIME, threadpool_limits(1), warnings.catch_warnings():
        # where float32 sums can tell no better point apart, it goes on with another solver
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(columns, labels, sample_weight=weights)
    return np.append(model.coef_[0], model.intercept_).astype(np.float64)
