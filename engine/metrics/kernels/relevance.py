"""The relevance columns of the per-user matrix: one compiled pass over all lists."""

from __future__ import annotations

import numpy as np
from numba import prange
from numpy.typing import NDArray

from engine.compiled import inner, kernel
from engine.metrics.audience import Audience
from engine.metrics.kernels.ideal_order import alpha_ideal
from engine.metrics.kernels.sorted_search import contains
from engine.metrics.rank_weights import attention_weights

__all__ = ["fill_relevance"]

(NDCG, RECALL, PRECISION, HIT, MRR, MAP, RBP, IPS, HEAD, TAIL, UNJUDGED, ALPHA) = range(12)
"""Columns, in the order of ``relevance_definitions.RELEVANCE``."""

CHUNK = 128


@inner
def _mark_hits(items: NDArray, user: int, held: NDArray, held_items: NDArray, hits: NDArray) -> int:
    """Flag the places that hold a held-out item; return how many do."""
    found = 0
    for place in range(len(items)):
        item = items[place]
        hits[place] = item >= 0 and contains(held_items, held[user], held[user + 1], item)
        found += hits[place]
    return found


@inner
def _rank_sensitive(
    hits: NDArray, n_held: int, discounts: NDArray, ideal: NDArray, patience: float, row: NDArray
) -> None:
    """NDCG, MRR, MAP and RBP from the places of the hits."""
    k = len(hits)
    gain, precision_sum, rbp, reader, seen = 0.0, 0.0, 0.0, 1.0 - patience, 0
    row[MRR] = 0.0
    for place in range(k):
        if hits[place]:
            seen += 1
            gain += discounts[place]
            precision_sum += seen / (place + 1)
            rbp += reader
            if seen == 1:
                row[MRR] = 1.0 / (place + 1)
        reader *= patience
    reachable = min(n_held, k)
    row[NDCG] = gain / ideal[reachable]
    row[MAP] = precision_sum / reachable
    row[RBP] = rbp


@inner
def _stratified(
    items: NDArray,
    hits: NDArray,
    held: NDArray,
    is_tail: NDArray,
    ips_weight: NDArray,
    row: NDArray,
) -> None:
    """Recall by popularity stratum, and recall with inverse-propensity weights."""
    n_tail, weight = 0, 0.0
    for item in held:
        n_tail += is_tail[item]
        weight += ips_weight[item]
    found_head, found_tail, found_weight = 0, 0, 0.0
    for place in range(len(items)):
        if hits[place]:
            found_weight += ips_weight[items[place]]
            if is_tail[items[place]]:
                found_tail += 1
            else:
                found_head += 1
    row[IPS] = found_weight / weight
    if n_tail > 0:
        row[TAIL] = found_tail / n_tail
    if n_tail < len(held):
        row[HEAD] = found_head / (len(held) - n_tail)


@inner
def _alpha_gain(
    items: NDArray, hits: NDArray, genre_shares: NDArray, discounts: NDArray, shown: NDArray
) -> float:
    """Gain of the hits when each genre's value halves with every hit of it above."""
    shown[:] = 0
    gain = 0.0
    for place in range(len(items)):
        if hits[place]:
            for genre in range(len(shown)):
                if genre_shares[items[place], genre] > 0:
                    gain += discounts[place] * 0.5 ** shown[genre]
                    shown[genre] += 1
    return gain


@inner
def _unjudged(
    items: NDArray, hits: NDArray, user: int, past: NDArray, past_items: NDArray
) -> float:
    """Share of shown items in neither history nor held-out likes; NaN for an empty list."""
    shown, unknown = 0, 0
    for place in range(len(items)):
        if items[place] >= 0:
            shown += 1
            if not hits[place] and not contains(
                past_items, past[user], past[user + 1], items[place]
            ):
                unknown += 1
    return unknown / shown if shown > 0 else np.nan


@kernel
def _fill(
    items: NDArray,
    users: NDArray,
    held: NDArray,
    held_items: NDArray,
    past: NDArray,
    past_items: NDArray,
    is_tail: NDArray,
    ips_weight: NDArray,
    genre_shares: NDArray,
    alpha_best: NDArray,
    discounts: NDArray,
    patience: float,
    hits: NDArray,
    out: NDArray,
) -> None:
    n_rows, k = items.shape
    ideal = np.zeros(k + 1)
    for place in range(k):
        ideal[place + 1] = ideal[place] + discounts[place]
    for chunk in prange((n_rows + CHUNK - 1) // CHUNK):
        shown = np.empty(genre_shares.shape[1], np.int64)
        for r in range(chunk * CHUNK, min(n_rows, (chunk + 1) * CHUNK)):
            user, row = users[r], out[r]
            found = _mark_hits(items[r], user, held, held_items, hits[r])
            row[UNJUDGED] = _unjudged(items[r], hits[r], user, past, past_items)
            n_held = held[user + 1] - held[user]
            if n_held == 0:
                continue
            row[RECALL] = found / n_held
            row[PRECISION] = found / k
            row[HIT] = found > 0
            _rank_sensitive(hits[r], n_held, discounts, ideal, patience, row)
            own = held_items[held[user] : held[user + 1]]
            _stratified(items[r], hits[r], own, is_tail, ips_weight, row)
            if alpha_best[user] > 0:
                gain = _alpha_gain(items[r], hits[r], genre_shares, discounts, shown)
                row[ALPHA] = gain / alpha_best[user]


def fill_relevance(
    audience: Audience,
    items: NDArray[np.int32],
    users: NDArray[np.int64],
    out: NDArray[np.float32],
    *,
    patience: float,
    ips_gamma: float,
) -> NDArray[np.bool_]:
    """Fill the relevance columns; O(users · (k log history + held-out)).

    Parameters
    ----------
    audience : Audience
    items : int32 array of shape (n_rows, k)
        One list per row, padded with -1.
    users : int64 array of shape (n_rows,)
        Whose list each row is.
    out : float32 array of shape (n_rows, n_metrics)
        NaN on entry; written in place.
    patience : float
        Of RBP, in (0, 1).
    ips_gamma : float
        Exponent γ of the propensity n_i^((γ+1)/2).

    Returns
    -------
    bool array of shape (n_rows, k)
        Places that hold a held-out like.
    """
    k = items.shape[1]
    hits = np.zeros(items.shape, dtype=np.bool_)
    counts = np.maximum(audience.popularity, 1).astype(np.float64)
    _fill(
        items,
        users,
        audience.holdout.indptr,
        audience.holdout.indices,
        audience.history.indptr,
        audience.history.indices,
        audience.is_tail,
        counts ** (-(ips_gamma + 1.0) / 2.0),
        audience.genre_shares,
        alpha_ideal(audience, k),
        attention_weights("log", k),
        patience,
        hits,
        out,
    )
    return hits
