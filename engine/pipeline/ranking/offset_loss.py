"""The minimum of a penalised log-loss beside an offset: how a few depart from all the others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, special

__all__ = ["least_offset_losses"]

MOST_STEPS = 50
DONE = 1e-7
"""A step that lowers the loss by less than this much a row would change no order."""

JITTER = 1e-10
"""Share of the curvature's mean that is added to it: a column that never varies has none."""

Floats = NDArray[np.float64]


def least_offset_losses(
    columns: NDArray[np.floating],
    labels: NDArray[np.bool_],
    offset: Floats,
    ridges: Sequence[float],
) -> Floats:
    """Departures that minimise ``Σ log(1 + exp(∓ odds)) + ridge / 2 · ‖departure‖²``.

    ``odds = offset + level + columns @ departure``, the level without a penalty: how often a group
    likes at all is no part of whom it would like first. With an infinite ridge nothing departs;
    without one the odds are the group's own, wherever the offset lies in what the columns span.
    Newton steps, halved where they would go too far, each from the minimum of the ridge before:
    O(n_rows · n_columns²) a step.

    Parameters
    ----------
    columns : float array of shape (n_rows, n_columns)
        Finite, and of about one scale.
    labels : bool array of shape (n_rows,)
    offset : float64 array of shape (n_rows,)
        Log-odds that hold for all.
    ridges : sequence of float
        Each at least 0, in any order; largest first is quickest.

    Returns
    -------
    float64 array of shape (n_ridges, n_columns)
        All 0 where every row has the same label: nothing can be told from those.

    Source
    ------
    McCullagh and Nelder, "Generalized Linear Models", 2nd ed. 1989, section 4.4 (offsets and
    Newton's method); Hoerl and Kennard 1970 for the penalty, here on the departure, as Efron and
    Morris 1975 draw small groups towards the whole.
    """
    wide = np.column_stack([columns, np.ones(len(columns))]).astype(np.float64)
    found = np.zeros((len(ridges), columns.shape[1]))
    if labels.all() or not labels.any():
        return found
    at = np.zeros(wide.shape[1])
    for number, ridge in enumerate(ridges):
        if np.isinf(ridge):
            continue
        at = _minimum(wide, labels, offset, ridge, at)
        found[number] = at[:-1]
    return found


def _minimum(
    wide: Floats, labels: NDArray[np.bool_], offset: Floats, ridge: float, at: Floats
) -> Floats:
    penalty = np.append(np.full(wide.shape[1] - 1, ridge), 0.0)

    def loss(place: Floats) -> float:
        odds = offset + wide @ place
        return float(np.logaddexp(0, odds).sum() - odds[labels].sum() + penalty @ place**2 / 2)

    now = loss(at)
    for _ in range(MOST_STEPS):
        chance = special.expit(offset + wide @ at)
        slope = wide.T @ (chance - labels) + penalty * at
        curve = (wide * (chance * (1 - chance))[:, None]).T @ wide + np.diag(penalty)
        curve[np.diag_indices_from(curve)] += JITTER * np.trace(curve) / len(curve)
        step = linalg.solve(curve, slope, assume_a="pos")
        size, then = 1.0, loss(at - step)
        while not then <= now and size > 1e-6:
            size /= 2
            then = loss(at - size * step)
        if not then <= now:
            break
        at, gained, now = at - size * step, now - then, then
        if gained < DONE * len(labels) * 1e-3:
            break
    return at
