"""What the pass over all lists reads and writes, as a few named tuples.

Functions that run once per item never take the tuples, only the arrays that they use: Numba counts
references to every array in a tuple that it hands on.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.compiled import leaf

__all__ = ["Catalogue", "People", "Reading", "Rows", "list_shown"]


class Rows(NamedTuple):
    """Lists, and where their metrics go.

    Attributes
    ----------
    items : int32 array of shape (n_rows, k)
        Padded with -1.
    users : int64 array of shape (n_rows,)
        Whose list each row is.
    baseline : int32 array of shape (n_rows, any)
        Lists to compare with; no columns where there are none.
    hits : bool array of shape (n_rows, k)
        Written: places that hold a held-out like.
    out : float32 array of shape (n_rows, n_metrics)
        Written; NaN where undefined.
    """

    items: NDArray[np.int32]
    users: NDArray[np.int64]
    baseline: NDArray[np.int32]
    hits: NDArray[np.bool_]
    out: NDArray[np.float32]

    def of(self, part: slice) -> Rows:
        """View some of the rows."""
        return Rows(
            self.items[part], self.users[part], self.baseline[part], self.hits[part], self.out[part]
        )


class People(NamedTuple):
    """Facts about people; see :class:`engine.metrics.audience.Audience`.

    ``aimed`` and ``aimed_items`` are its ``objective_holdout``, ``aim_columns`` where the figure of
    each of those objectives goes.
    """

    held: NDArray[np.int64]
    held_items: NDArray[np.int32]
    disliked: NDArray[np.int64]
    disliked_items: NDArray[np.int32]
    past: NDArray[np.int64]
    past_items: NDArray[np.int32]
    taste: NDArray[np.float32]
    genre_taste: NDArray[np.float32]
    past_bins: NDArray[np.float32]
    ranking: NDArray[np.int32]
    alpha_best: NDArray[np.float64]
    offers_again: bool
    aimed: NDArray[np.int64]
    aimed_items: NDArray[np.int32]
    aim_columns: NDArray[np.int64]


class Catalogue(NamedTuple):
    """Facts about items; ``values`` is the table of :mod:`engine.metrics.list_inputs`."""

    is_tail: NDArray[np.bool_]
    ips_weight: NDArray[np.float64]
    genre_shares: NDArray[np.float32]
    words: NDArray[np.uint64]
    factors: NDArray[np.float32]
    values: NDArray[np.float64]
    share: NDArray[np.float64]
    quantile: NDArray[np.float64]
    bins: NDArray[np.int8]
    codes: NDArray[np.int16]


class Reading(NamedTuple):
    """How lists are read.

    Attributes
    ----------
    discounts : float64 array of shape (k,)
        1 / log2(place + 1).
    ideal : float64 array of shape (k + 1,)
        Sum of the first discounts.
    weights : float64 array of shape (k,)
        Attention by place.
    patience : float
        Of RBP and RBO.
    target, log_target : float64 arrays of shape (n_groups,)
        Target shares of the item groups, all > 0, and their logarithms.
    logs : float64 array of shape (k + 2,)
        Natural logarithms of 0 (as 0), 1, 2 …
    asked : bool array of shape (n_metrics,)
        Columns that somebody will read; a kernel may leave the others NaN.
    """

    discounts: NDArray[np.float64]
    ideal: NDArray[np.float64]
    weights: NDArray[np.float64]
    patience: float
    target: NDArray[np.float64]
    log_target: NDArray[np.float64]
    logs: NDArray[np.float64]
    asked: NDArray[np.bool_]


@leaf
def list_shown(items: NDArray[Any], r: int, shown: NDArray[Any]) -> int:
    """Write the items of list ``r`` without its padding; return how many there are."""
    n = 0
    for place in range(items.shape[1]):
        if items[r, place] >= 0:
            shown[n] = items[r, place]
            n += 1
    return n
