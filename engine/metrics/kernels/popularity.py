"""The popularity columns of the per-user matrix, and the mix of item groups within a list."""

from __future__ import annotations

import numpy as np
from numba import prange
from numpy.typing import NDArray

from engine.compiled import inner, kernel
from engine.metrics.audience import Audience

__all__ = ["fill_popularity"]

ARP, QUANTILE, APLT, ACLT, SHIFT, NDKL, AWRF = range(7)
"""Columns, in the order of ``popularity_definitions.POPULARITY``."""

CHUNK = 128


@inner
def _popularity(
    shown: NDArray, share: NDArray, quantile: NDArray, is_tail: NDArray, row: NDArray
) -> None:
    """Means of popularity over the list, and how much of it is long tail."""
    n = len(shown)
    known_by, ranks, tail = 0.0, 0.0, 0
    for item in shown:
        known_by += share[item]
        ranks += quantile[item]
        tail += is_tail[item]
    row[ARP], row[QUANTILE] = known_by / n, ranks / n
    row[APLT], row[ACLT] = tail / n, tail


@inner
def _shift(shown: NDArray, bins: NDArray, past_bins: NDArray, row: NDArray) -> None:
    """Jensen-Shannon divergence, in bits, of the list's popularity bins from the history's."""
    divergence = 0.0
    for bin_ in range(3):
        count = 0
        for item in shown:
            count += bins[item] == bin_
        now, past = count / len(shown), np.float64(past_bins[bin_])
        middle = (now + past) / 2
        if now > 0:
            divergence += now * np.log2(now / middle) / 2
        if past > 0:
            divergence += past * np.log2(past / middle) / 2
    row[SHIFT] = max(divergence, 0.0)


@inner
def _prefix_divergence(
    shown: NDArray,
    codes: NDArray,
    log_target: NDArray,
    logs: NDArray,
    groups: NDArray,
    counts: NDArray,
) -> float:
    """NDKL: KL of every prefix's group shares from the target, by 1 / log2(depth + 1)."""
    n_groups, total, norm = 0, 0.0, 0.0
    for depth in range(1, len(shown) + 1):
        code = codes[shown[depth - 1]]
        slot = 0
        while slot < n_groups and groups[slot] != code:
            slot += 1
        if slot == n_groups:
            groups[slot], counts[slot] = code, 0
            n_groups += 1
        counts[slot] += 1
        divergence = 0.0
        for g in range(n_groups):
            ratio = logs[counts[g]] - logs[depth] - log_target[groups[g]]
            divergence += counts[g] / depth * ratio
        discount = np.log(2.0) / logs[depth + 1]
        total += divergence * discount
        norm += discount
    return max(total / norm, 0.0)


@inner
def _attention_gap(
    items: NDArray, codes: NDArray, target: NDArray, weights: NDArray, mass: NDArray
) -> float:
    """AWRF: half the absolute differences of attention shares and target shares."""
    mass[:] = 0.0
    total = 0.0
    for place in range(len(items)):
        if items[place] >= 0:
            mass[codes[items[place]]] += weights[place]
            total += weights[place]
    if total <= 0:
        return np.nan
    gap = 0.0
    for group in range(len(mass)):
        gap += abs(mass[group] / total - target[group])
    return gap / 2


@kernel
def _fill(
    items: NDArray,
    users: NDArray,
    past: NDArray,
    share: NDArray,
    quantile: NDArray,
    is_tail: NDArray,
    bins: NDArray,
    past_bins: NDArray,
    codes: NDArray,
    target: NDArray,
    weights: NDArray,
    first: int,
    out: NDArray,
) -> None:
    n_rows, k = items.shape
    log_target = np.log(target)
    logs = np.log(np.maximum(np.arange(k + 2), 1).astype(np.float64))
    for chunk in prange((n_rows + CHUNK - 1) // CHUNK):
        groups, counts = np.empty(k, np.int64), np.empty(k, np.int64)
        mass = np.empty(len(target))
        for r in range(chunk * CHUNK, min(n_rows, (chunk + 1) * CHUNK)):
            user, row, own = users[r], out[r, first:], items[r]
            shown = own[own >= 0]
            if len(shown) == 0:
                continue
            _popularity(shown, share, quantile, is_tail, row)
            if past[user + 1] > past[user]:
                _shift(shown, bins, past_bins[user], row)
            row[NDKL] = _prefix_divergence(shown, codes, log_target, logs, groups, counts)
            row[AWRF] = _attention_gap(own, codes, target, weights, mass)


def fill_popularity(
    audience: Audience,
    items: NDArray[np.int32],
    users: NDArray[np.int64],
    out: NDArray[np.float32],
    *,
    codes: NDArray[np.int16],
    target: NDArray[np.float64],
    weights: NDArray[np.float64],
    first: int,
) -> None:
    """Fill the popularity columns from column ``first`` on; O(users · k · (k + groups)).

    Parameters
    ----------
    audience : Audience
    items, users, out
        As in :func:`engine.metrics.kernels.relevance.fill_relevance`.
    codes : int16 array of shape (n_items,)
        Item group of each item, for NDKL and AWRF.
    target : float64 array of shape (n_groups,)
        Share that each group should have; all > 0, adding up to 1.
    weights : float64 array of shape (k,)
        Attention by place.
    first : int
        Column of ``arp``.
    """
    _fill(
        items,
        users,
        audience.history.indptr,
        audience.popularity / audience.n_users,
        audience.popularity_quantile,
        audience.is_tail,
        audience.bin_codes,
        audience.history_bins,
        codes,
        target,
        weights,
        first,
        out,
    )
