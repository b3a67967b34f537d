"""The discovery columns of the per-user matrix: variety, novelty, freshness, calibration."""

from __future__ import annotations

import numpy as np
from numba import prange
from numpy.typing import NDArray

from engine.compiled import inner, kernel, reduction
from engine.metrics.audience import Audience
from engine.metrics.item_values import ItemValues
from engine.metrics.kernels.genre_mix import genre_mix, genre_variety

__all__ = ["fill_discovery"]

ILD = 0
NOVELTY, EPC, EFD, UNEXPECTED, SERENDIPITY, RANK_SERENDIPITY = range(5, 11)
MEAN_AGE, FRESH_SHARE, FRESHNESS = range(11, 14)
"""Columns, in the order of ``discovery_definitions.DISCOVERY``; the rest in ``genre_mix``."""

CHUNK = 128


@reduction
def _dot(a: NDArray, b: NDArray) -> float:
    total = 0.0
    for dim in range(len(a)):
        total += np.float64(a[dim]) * np.float64(b[dim])
    return total


@inner
def _variety(shown: NDArray, factors: NDArray, total: NDArray, row: NDArray) -> None:
    """Mean cosine distance of all pairs: Σ_{a≠b} a·b = |Σ a|² − Σ |a|²; O(k·d), not O(k²·d)."""
    n = len(shown)
    if n < 2:
        return
    total[:] = 0.0
    own = 0.0
    for item in shown:
        for dim in range(len(total)):
            total[dim] += factors[item, dim]
        own += _dot(factors[item], factors[item])
    row[ILD] = 1.0 - (_dot(total, total) - own) / (n * (n - 1))


@inner
def _novelty(
    items: NDArray, hits: NDArray, has_held: bool, weights: NDArray, values: NDArray, row: NDArray
) -> None:
    """MIUF, EPC, EFD and rank serendipity; ``values``: see :class:`ItemValues`."""
    k, n_items = len(items), len(values[0])
    shown, surprise, attention, epc, efd, ahead = 0, 0.0, 0.0, 0.0, 0.0, 0.0
    for place in range(k):
        item = items[place]
        if item < 0:
            continue
        shown += 1
        surprise += values[0][item]
        attention += weights[place]
        if hits[place]:
            epc += weights[place] * values[1][item]
            efd += weights[place] * values[2][item]
            ahead += max(values[3][item] - (place + 1), 0.0) / n_items
    if shown == 0:
        return
    row[NOVELTY] = surprise / shown
    if has_held:
        row[RANK_SERENDIPITY] = ahead / k
        if attention > 0:
            row[EPC], row[EFD] = epc / attention, efd / attention


@inner
def _surprise(
    items: NDArray, hits: NDArray, has_held: bool, factors: NDArray, taste: NDArray, row: NDArray
) -> None:
    """Distance from the history's mean factor: the mean of cosines is the cosine with the mean."""
    shown, distance, of_hits = 0, 0.0, 0.0
    for place in range(len(items)):
        if items[place] >= 0:
            likeness = _dot(factors[items[place]], taste)
            shown += 1
            distance += 1.0 - likeness
            of_hits += (1.0 - likeness) * hits[place]
    if shown > 0:
        row[UNEXPECTED] = distance / shown
        if has_held:
            row[SERENDIPITY] = of_hits / shown


@inner
def _ages(shown: NDArray, values: NDArray, row: NDArray) -> None:
    """Mean age, share of recent items and mean decay, over items with a known date."""
    known, years, fresh, decay = 0, 0.0, 0.0, 0.0
    for item in shown:
        if not np.isnan(values[4][item]):
            known += 1
            years += values[4][item]
            fresh += values[5][item]
            decay += values[6][item]
    if known > 0:
        row[MEAN_AGE], row[FRESH_SHARE] = years / known, fresh / known
        row[FRESHNESS] = decay / known


@kernel
def _fill(
    items: NDArray,
    users: NDArray,
    hits: NDArray,
    held: NDArray,
    past: NDArray,
    factors: NDArray,
    words: NDArray,
    shares: NDArray,
    values: NDArray,
    taste: NDArray,
    genre_taste: NDArray,
    weights: NDArray,
    first: int,
    out: NDArray,
) -> None:
    n_rows = len(items)
    for chunk in prange((n_rows + CHUNK - 1) // CHUNK):
        total = np.empty(factors.shape[1])
        plain, weighted = np.empty(shares.shape[1]), np.empty(shares.shape[1])
        for r in range(chunk * CHUNK, min(n_rows, (chunk + 1) * CHUNK)):
            user, row, own = users[r], out[r, first:], items[r]
            has_held = held[user + 1] > held[user]
            shown = own[own >= 0]
            _variety(shown, factors, total, row)
            genre_variety(shown, words, row)
            genre_mix(own, shares, weights, genre_taste[user], plain, weighted, row)
            _novelty(own, hits[r], has_held, weights, values, row)
            if past[user + 1] > past[user]:
                _surprise(own, hits[r], has_held, factors, taste[user], row)
            _ages(shown, values, row)


def fill_discovery(
    audience: Audience,
    items: NDArray[np.int32],
    users: NDArray[np.int64],
    hits: NDArray[np.bool_],
    out: NDArray[np.float32],
    *,
    values: ItemValues,
    weights: NDArray[np.float64],
    first: int,
) -> None:
    """Fill the discovery columns from column ``first`` on; O(users · k · (d + genres + k)).

    Parameters
    ----------
    audience : Audience
    items, users, hits, out
        As in :func:`engine.metrics.kernels.relevance.fill_relevance`.
    values : ItemValues
        Per-item values that do not depend on the lists.
    weights : float64 array of shape (k,)
        Attention by place.
    first : int
        Column of ``ild``.
    """
    _fill(
        items,
        users,
        hits,
        audience.holdout.indptr,
        audience.history.indptr,
        audience.factors,
        audience.genre_words,
        audience.genre_shares,
        values.table,
        audience.taste,
        audience.genre_taste,
        weights,
        first,
        out,
    )
