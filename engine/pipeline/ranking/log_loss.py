"""The minimum of a penalised log-loss, by Newton's method."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.special import expit
from threadpoolctl import threadpool_limits

from engine.pipeline.threads import thread_count

__all__ = ["least_log_loss"]

CHUNK_ROWS = 8192
"""Rows whose sums are made in float32; those of chunks are added in float64, in their order."""

LEAST_PENALTY = 1e-4
"""Of the intercept: it matters only where one class is missing, and keeps the intercept finite."""

MOST_STEPS, MOST_HALVINGS = 40, 30
NEAR_ENOUGH = 1e-9
"""The mean loss that another step would gain, at which it ends."""


@dataclass(frozen=True, eq=False)
class _Sums:
    """Loss, slope and curvature at a point."""

    loss: float
    gradient: NDArray[np.float64]
    hessian: NDArray[np.float64]


def least_log_loss(
    columns: NDArray[np.float32], labels: NDArray[np.bool_], ridge: float
) -> NDArray[np.float64]:
    """Weights that minimise ``Σ log(1 + exp(∓ odds)) + ridge / 2 · ‖weights‖²``.

    A few passes over the rows, O(n_rows · n_columns²) each. The number of threads changes nothing.

    Parameters
    ----------
    columns : float32 array of shape (n_rows, n_columns)
        Finite, and of about one scale.
    labels : bool array of shape (n_rows,)
    ridge : float > 0
        The intercept's is :data:`LEAST_PENALTY`.

    Returns
    -------
    float64 array of shape (n_columns + 1,)
        The intercept last.

    Source
    ------
    Hastie, Tibshirani, Friedman, "The Elements of Statistical Learning", 2nd ed., section 4.4.1.
    """
    penalty = np.append(np.full(columns.shape[1], ridge), LEAST_PENALTY)
    share = (labels.sum() + 0.5) / (len(labels) + 1.0)
    weights = np.append(np.zeros(columns.shape[1]), np.log(share / (1 - share)))
    target = labels.astype(np.float32)
    with threadpool_limits(1, "blas"), ThreadPoolExecutor(thread_count()) as pool:
        here = _sums(pool, columns, target, weights, penalty)
        for _ in range(MOST_STEPS):
            step = cho_solve(cho_factor(here.hessian), here.gradient)
            if 0.5 * here.gradient @ step < NEAR_ENOUGH * max(len(labels), 1):
                break
            for _ in range(MOST_HALVINGS):
                there = _sums(pool, columns, target, weights - step, penalty)
                if there.loss <= here.loss:
                    break
                step /= 2
            else:  # float32 sums can tell no better point from this one
                break
            weights, here = weights - step, there
    return weights


def _sums(
    pool: ThreadPoolExecutor,
    columns: NDArray[np.float32],
    target: NDArray[np.float32],
    weights: NDArray[np.float64],
    penalty: NDArray[np.float64],
) -> _Sums:
    slope, intercept = weights[:-1].astype(np.float32), np.float32(weights[-1])

    def of_chunk(start: int) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
        block, wanted = columns[start : start + CHUNK_ROWS], target[start : start + CHUNK_ROWS]
        odds = block @ slope + intercept
        chance = expit(odds)
        error, spread = chance - wanted, chance * (1 - chance)
        loss = np.logaddexp(0, odds).sum(dtype=np.float64) - odds @ wanted
        weighed = block * spread[:, None]
        hessian = np.empty((len(weights), len(weights)))
        hessian[:-1, :-1] = block.T @ weighed
        hessian[-1, :-1] = hessian[:-1, -1] = weighed.sum(axis=0)
        hessian[-1, -1] = spread.sum()
        return float(loss), np.append(error @ block, error.sum()).astype(np.float64), hessian

    loss = 0.5 * float(penalty @ weights**2)
    gradient, hessian = penalty * weights, np.diag(penalty)
    for part in pool.map(of_chunk, range(0, len(columns), CHUNK_ROWS)):
        loss, gradient, hessian = loss + part[0], gradient + part[1], hessian + part[2]
    return _Sums(loss, gradient, hessian)
