"""The discovery columns of the per-user matrix: variety, novelty, freshness, calibration."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inner, reduction
from engine.metrics.kernels.genre_mix import genre_mix, genre_variety
from engine.metrics.kernels.inputs import DISCOVERY, Catalogue, People, Reading, Rows

__all__ = ["discovery_rows"]

ILD = 0
NOVELTY, EPC, EFD, UNEXPECTED, SERENDIPITY, RANK_SERENDIPITY = range(5, 11)
MEAN_AGE, FRESH_SHARE, FRESHNESS = range(11, 14)
"""Columns, in the order of ``discovery_definitions.DISCOVERY``; the rest in ``genre_mix``."""


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
    """MIUF, EPC, EFD and rank serendipity; ``values``: see :mod:`.item_values`."""
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


@inner
def discovery_rows(
    rows: Rows, people: People, catalogue: Catalogue, reading: Reading, start: int, stop: int
) -> None:
    """Fill the discovery columns of lists ``start`` to ``stop``; hits must be marked."""
    factors, shares, weights = catalogue.factors, catalogue.genre_shares, reading.weights
    total = np.empty(factors.shape[1])
    plain, weighted = np.empty(shares.shape[1]), np.empty(shares.shape[1])
    for r in range(start, stop):
        user, items, hits, row = rows.users[r], rows.items[r], rows.hits[r], rows.out[r, DISCOVERY:]
        has_held = people.held[user + 1] > people.held[user]
        shown = items[items >= 0]
        _variety(shown, factors, total, row)
        genre_variety(shown, catalogue.words, row)
        genre_mix(items, shares, weights, people.genre_taste[user], plain, weighted, row)
        _novelty(items, hits, has_held, weights, catalogue.values, row)
        if people.past[user + 1] > people.past[user]:
            _surprise(items, hits, has_held, factors, people.taste[user], row)
        _ages(shown, catalogue.values, row)
