"""CPFair: distance between groups of people plus distance between groups of items."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["two_sided_disparity"]


def two_sided_disparity(
    values: NDArray[np.floating],
    is_advantaged: NDArray[np.bool_],
    head_share: float,
    tail_share: float,
    *,
    weight: float = 0.5,
) -> tuple[float, float, float]:
    """Return mCPF = w · DCF + (1 − w) · DPF and its two parts.

    Parameters
    ----------
    values : float array of shape (n_users,)
        A relevance metric, such as NDCG; NaN left out.
    is_advantaged : bool array of shape (n_users,)
        For instance the 5 % most active people.
    head_share, tail_share : float
        Shares of exposure of the short head and of the long tail, in [0, 1].
    weight : float
        w in [0, 1]: how much the side of people counts.

    Returns
    -------
    combined, people, items : float
        DCF = |mean of the advantaged − mean of the others|; DPF = |head share − tail share|. NaN
        where a group of people has no value.

    Source: Naghiaei, Rahmani, Deldjoo, SIGIR 2022, with absolute values.
    """
    has = ~np.isnan(values)
    sides = [values[has & part] for part in (is_advantaged, ~is_advantaged)]
    people = np.nan
    if all(len(side) for side in sides):
        means = [float(side.astype(np.float64).mean()) for side in sides]
        people = abs(means[0] - means[1])
    items = abs(head_share - tail_share)
    return weight * people + (1 - weight) * items, people, items
