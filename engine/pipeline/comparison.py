"""How much more the ranked lists find than each baseline's, person by person."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Ragged
from engine.held_out import LIST_LENGTH, is_in_rows, mean_with_half_width, ndcg_at

__all__ = ["gains_over"]


def gains_over(
    lists: NDArray[np.int32],
    baselines: Mapping[str, NDArray[np.int32]],
    holdout: Ragged,
    n_items: int,
) -> dict[str, dict[str, float | int]]:
    """Compare NDCG@10 over the same people; pairing takes what they have in common out.

    Parameters
    ----------
    lists : int32 array of shape (n_people, n)
    baselines : mapping of str to int32 array of shape (n_people, m)
    holdout : Ragged
    n_items : int

    Returns
    -------
    dict
        Baseline → ``difference``, ``half_width`` (of the 95 % interval, t) and ``n``; NaN where
        nobody has anything held out.
    """
    reached = _ndcg(lists, holdout, n_items)
    gains: dict[str, dict[str, float | int]] = {}
    for name, rows in baselines.items():
        difference, half_width = mean_with_half_width(reached - _ndcg(rows, holdout, n_items))
        n = int((~np.isnan(reached)).sum())
        gains[name] = {"difference": difference, "half_width": half_width, "n": n}
    return gains


def _ndcg(rows: NDArray[np.int32], holdout: Ragged, n_items: int) -> NDArray[np.float64]:
    top = rows[:, :LIST_LENGTH]
    return ndcg_at(LIST_LENGTH, is_in_rows(top, holdout, n_items), holdout.lengths())
