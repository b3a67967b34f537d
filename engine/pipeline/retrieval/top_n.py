"""The n best of each row, ties always broken the same way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD

__all__ = ["ranks_in_row", "top_n"]


def top_n(scores: NDArray[np.float32], n: int) -> NDArray[np.int32]:
    """Columns of the ``n`` largest values of each row, largest first, O(columns) per row.

    Among equal values the lower column comes first, except at the cut itself, where which of the
    equals is kept is arbitrary but repeatable. Columns with ``-inf`` are never returned; the rest
    of such a row is filled with :data:`PAD`.

    Parameters
    ----------
    scores : float array of shape (n_rows, n_columns)
    n : int >= 0

    Returns
    -------
    int32 array of shape (n_rows, min(n, n_columns))

    Examples
    --------
    >>> top_n(np.array([[0.1, 0.3, -np.inf, 0.3]]), 4)
    array([[ 1,  3,  0, -1]], dtype=int32)
    """
    n = min(n, scores.shape[1])
    if n < scores.shape[1]:
        columns = np.sort(np.argpartition(scores, -n, axis=1)[:, scores.shape[1] - n :], axis=1)
    else:
        columns = np.broadcast_to(np.arange(n), scores.shape)
    values = np.take_along_axis(scores, columns, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    best = np.take_along_axis(columns, order, axis=1).astype(np.int32)
    best[np.isneginf(np.take_along_axis(values, order, axis=1))] = PAD
    return best


def ranks_in_row(values: NDArray[np.float32]) -> NDArray[np.int32]:
    """Rank of each value within its row, 1 = largest; among equals the lower column comes first.

    Examples
    --------
    >>> ranks_in_row(np.array([[0.2, 0.9, 0.2]]))
    array([[2, 1, 3]], dtype=int32)
    """
    order = np.argsort(-values, axis=1, kind="stable")
    ranks = np.empty(values.shape, np.int32)
    np.put_along_axis(ranks, order, np.arange(1, values.shape[1] + 1, dtype=np.int32)[None], axis=1)
    return ranks
