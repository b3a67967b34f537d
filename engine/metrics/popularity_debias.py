"""A test set in which no item is held out for more people than is usual.

Very popular items dominate held-out likes, so recommending them scores well with everybody. Here
the held-out likes of items above the upper fence of a box plot are thinned out at random.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.arrays import Ragged, read_only
from engine.metrics.audience import Audience
from engine.metrics.kernels.exposure_blocks import count_rows
from engine.reranking.recent import Recent

__all__ = ["thin_popular"]


def thin_popular(audience: Audience, *, iqr_factor: float = 1.5, seed: int = 0) -> Audience:
    """Return the same audience with the likes of outlying items thinned out; O(held-out).

    Items held out for more than Q3 + ``iqr_factor`` · (Q3 − Q1) people keep that many of them,
    chosen at random.

    Parameters
    ----------
    audience : Audience
    iqr_factor : float
        At least 0.
    seed : int

    Source: RecTools, ``DebiasConfig``.
    """
    items = np.asarray(audience.holdout.indices)
    counts = np.bincount(items, minlength=audience.n_items)
    held = counts[counts > 0]
    if not len(held):
        return audience
    lower, upper = np.quantile(held, [0.25, 0.75])
    fence = int(upper + iqr_factor * (upper - lower))
    shuffled = np.random.default_rng(seed).permutation(len(items))
    order = shuffled[np.argsort(items[shuffled], kind="stable")]
    start = np.concatenate([[0], np.cumsum(counts)[:-1]])
    place = np.arange(len(items)) - start[items[order]]
    is_kept = np.zeros(len(items), dtype=bool)
    is_kept[order[place < fence]] = True
    owner = np.repeat(np.arange(audience.n_users), audience.holdout.lengths())
    lengths = np.bincount(owner[is_kept], minlength=audience.n_users)
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    holdout = Ragged(read_only(indptr), read_only(items[is_kept]))
    return replace(
        audience,
        holdout=holdout,
        held_blocks=read_only(count_rows(holdout, audience.n_items)),
        ideals=Recent(4),
        baselines=Recent(8),
    )
