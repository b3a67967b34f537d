"""How much more popular are the items that a group of people gets than those it chose itself.

Popularity lift and UPD (Abdollahpouri et al. 2019, 2021) and bias disparity (Tsintzou et al. 2019).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from engine.arrays import PAD
from engine.metrics.audience import Audience
from engine.metrics.groups import by_group
from engine.metrics.intervals import jackknife, t_quantile
from engine.metrics.item_groups import ItemGroups
from engine.metrics.kernels.exposure_blocks import N_BLOCKS
from engine.metrics.user_matrix import Measured

__all__ = ["BiasDisparity", "PopularityLift", "bias_disparity", "popularity_deviation"]
__all__ += ["popularity_lift"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PopularityLift:
    """Popularity of lists against histories; arrays of shape (n_groups,), NaN where undefined.

    Attributes
    ----------
    n, n_undefined : int64 arrays
        People with a list and a history, and without one of them.
    history, lists : float64 arrays
        Mean share of people who know the items of the history (GAP_p) and of the list (GAP_r).
    value, low, high : float64 arrays
        Lift ΔGAP = (GAP_r − GAP_p) / GAP_p with its 95 % interval (delta method).
    """

    n: NDArray[np.int64]
    n_undefined: NDArray[np.int64]
    history: Floats
    lists: Floats
    value: Floats
    low: Floats
    high: Floats


def popularity_lift(
    audience: Audience, measured: Measured, codes: NDArray[np.integer], n_groups: int
) -> PopularityLift:
    """Compute the popularity lift of each group of people; O(users).

    Parameters
    ----------
    audience : Audience
    measured : Measured
    codes : integer array of shape (n_rows,)
        Group of each row in [0, n_groups); -1 for none.
    n_groups : int
    """
    now = measured.column("arp").astype(np.float64)
    past = audience.history_popularity[measured.users]
    is_counted = ~np.isnan(now) & ~np.isnan(past) & (codes >= 0)
    code, now, past = codes[is_counted], now[is_counted], past[is_counted]
    n = np.bincount(code, minlength=n_groups)
    n_all = np.bincount(codes[codes >= 0], minlength=n_groups)
    gap_r = _divide(np.bincount(code, now, n_groups), n)
    gap_p = _divide(np.bincount(code, past, n_groups), n)
    ratio = _divide(gap_r, gap_p)
    # Linear part of the ratio in each person: (r_u − ratio · p_u) / mean p.
    residual = (now - ratio[code] * past) / gap_p[code]
    variance = _divide(np.bincount(code, residual**2, n_groups), n * (n - 1))
    half = t_quantile(n - 1) * np.sqrt(variance)
    lift = ratio - 1
    return PopularityLift(n, n_all - n, gap_p, gap_r, lift, lift - half, lift + half)


def popularity_deviation(
    measured: Measured, codes: NDArray[np.integer], n_groups: int
) -> tuple[float, float, float, int]:
    """Compute UPD: the mean over groups of the mean popularity shift of their people.

    Returns
    -------
    value, low, high : float
        In bits, with the 95 % interval; each group counts the same whatever its size.
    n : int
        People counted.

    Source: Abdollahpouri et al. 2021.
    """
    shift = measured.column("popularity_shift")[:, None]
    table = by_group(shift, codes, n_groups, names=("popularity_shift",))
    has = table.n_defined[:, 0] >= 2
    if not has.any():
        return np.nan, np.nan, np.nan, int(table.n_defined.sum())
    mean, n, sd = table.mean[has, 0], table.n_defined[has, 0], table.sd[has, 0]
    error = np.sqrt((sd**2 / n).sum()) / has.sum()
    half = float(t_quantile(np.array([n.sum() - has.sum()]))[0] * error)
    value = float(mean.mean())
    return value, max(value - half, 0.0), min(value + half, 1.0), int(n.sum())


@dataclass(frozen=True, eq=False)
class BiasDisparity:
    """Preference of people groups for item groups, in histories and in lists.

    Arrays of shape (n_groups, n_item_groups), NaN where undefined.

    Attributes
    ----------
    history, lists : float64 arrays
        B(G, C) = P(C | G) / P(C), P(C) being the share of the catalogue.
    value, low, high : float64 arrays
        (B_R − B_S) / B_S with its 95 % interval (delete-a-block jackknife over people).
    n : int64 array of shape (n_groups,)
    """

    history: Floats
    lists: Floats
    value: Floats
    low: Floats
    high: Floats
    n: NDArray[np.int64]


def bias_disparity(
    audience: Audience,
    measured: Measured,
    codes: NDArray[np.integer],
    n_groups: int,
    items: ItemGroups,
) -> BiasDisparity:
    """Compute bias disparity; O(history).

    Source: Tsintzou, Pitoura, Tsaparas 2019 (arXiv 1811.01461).
    """
    lists = measured.items
    owner, place = np.nonzero(lists != PAD)
    shown = _rows(owner, lists[owner, place], len(lists), audience.n_items) @ items.weights
    lengths = audience.history.lengths()
    everyone = np.repeat(np.arange(audience.n_users), lengths)
    past = _rows(everyone, audience.history.indices, audience.n_users, audience.n_items)
    now = _by_block(shown, measured.users, codes, n_groups)
    before = _by_block((past @ items.weights)[measured.users], measured.users, codes, n_groups)
    share_now, share_before = _shares(now), _shares(before)
    change = _divide(share_now, share_before) - 1
    change[~np.isfinite(change)] = np.nan
    flat = change.reshape(len(change), -1)
    value, low, high, _ = (part.reshape(change.shape[1:]) for part in jackknife(flat))
    catalogue = items.sizes / items.sizes.sum()
    return BiasDisparity(
        _divide(share_before[0], np.broadcast_to(catalogue, value.shape)),
        _divide(share_now[0], np.broadcast_to(catalogue, value.shape)),
        value,
        low,
        high,
        np.bincount(codes[codes >= 0], minlength=n_groups),
    )


def _rows(
    owner: NDArray[np.integer], items: NDArray[np.integer], n_rows: int, n_items: int
) -> sparse.csr_array:
    return sparse.csr_array((np.ones(len(items)), (owner, items)), shape=(n_rows, n_items))


def _by_block(
    per_person: sparse.csr_array,
    users: NDArray[np.int64],
    codes: NDArray[np.integer],
    n_groups: int,
) -> Floats:
    """Sum over people of each block and group, then leave each block out: (1 + B, G, C)."""
    is_counted = codes >= 0
    cell = ((users % N_BLOCKS) * n_groups + codes)[is_counted]
    shape = (N_BLOCKS * n_groups, len(codes))
    chosen = np.flatnonzero(is_counted)
    member = sparse.csr_array((np.ones(len(cell)), (cell, chosen)), shape=shape)
    sums = (member @ per_person).toarray().reshape(N_BLOCKS, n_groups, -1)
    total = sums.sum(axis=0)
    rest = total - sums
    rest[np.bincount(users % N_BLOCKS, minlength=N_BLOCKS) == 0] = np.nan
    return np.concatenate([total[None], rest])


def _shares(sums: Floats) -> Floats:
    return _divide(sums, sums.sum(axis=2, keepdims=True))


def _divide(above: NDArray, below: NDArray) -> Floats:
    shape = np.broadcast_shapes(above.shape, below.shape)
    out = np.full(shape, np.nan)
    return np.divide(above, below, out=out, where=np.broadcast_to(below > 0, shape))
