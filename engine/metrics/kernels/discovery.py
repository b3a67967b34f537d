"""The discovery columns of the per-user matrix: variety, novelty, freshness, calibration."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inner, leaf, reduction
from engine.metrics.kernels.columns import any_asked, located
from engine.metrics.kernels.inputs import Catalogue, People, Reading, Rows, list_shown
from engine.prefetch import fetch_row

__all__ = ["AT", "discovery_rows"]


class Discovery(NamedTuple):
    """The columns that this kernel fills; those of genres are in ``genre_mix``."""

    ild: int
    novelty: int
    epc: int
    efd: int
    unexpectedness: int
    serendipity: int
    rank_serendipity: int
    mean_age: int
    fresh_share: int
    freshness: int


AT = located(Discovery)

NOVELTY = (AT.novelty, AT.epc, AT.efd, AT.rank_serendipity)
SURPRISE = (AT.unexpectedness, AT.serendipity)
AGES = (AT.mean_age, AT.fresh_share, AT.freshness)

FARTHER = 3
"""Lists between the one that is measured and the one whose items are asked for."""


@leaf
def _fetch_items(items: NDArray[Any], r: int, factors: NDArray[Any], values: NDArray[Any]) -> None:
    """Ask for what is known of the items of list ``r``."""
    for place in range(items.shape[1]):
        if items[r, place] >= 0:
            fetch_row(factors, items[r, place])
            fetch_row(values, items[r, place])


@reduction
def _add(factors: NDArray[Any], item: int, total: NDArray[Any]) -> float:
    """Add an item's factors to ``total``; return their square."""
    square = 0.0
    for dim in range(len(total)):
        value = np.float64(factors[item, dim])
        total[dim] += value
        square += value * value
    return square


@reduction
def _square(total: NDArray[Any]) -> float:
    square = 0.0
    for value in total:
        square += value * value
    return square


@reduction
def _likeness(factors: NDArray[Any], item: int, taste: NDArray[Any], user: int) -> float:
    total = 0.0
    for dim in range(factors.shape[1]):
        total += np.float64(factors[item, dim]) * np.float64(taste[user, dim])
    return total


@leaf
def _variety(
    shown: NDArray[Any],
    n_shown: int,
    factors: NDArray[Any],
    total: NDArray[Any],
    out: NDArray[Any],
    r: int,
) -> None:
    """Mean cosine distance of all pairs: Σ_{a≠b} a·b = |Σ a|² − Σ |a|²; O(k·d), not O(k²·d)."""
    if n_shown < 2:
        return
    for dim in range(len(total)):
        total[dim] = 0.0
    own = 0.0
    for a in range(n_shown):
        own += _add(factors, shown[a], total)
    out[r, AT.ild] = 1.0 - (_square(total) - own) / (n_shown * (n_shown - 1))


@leaf
def _novelty(
    items: NDArray[Any],
    hits: NDArray[Any],
    has_held: bool,
    weights: NDArray[Any],
    values: NDArray[Any],
    out: NDArray[Any],
    r: int,
) -> None:
    """MIUF, EPC, EFD and rank serendipity; ``values``: see :mod:`engine.metrics.list_inputs`."""
    k, n_items = items.shape[1], values.shape[0]
    shown, surprise, attention, epc, efd, ahead = 0, 0.0, 0.0, 0.0, 0.0, 0.0
    for place in range(k):
        item = items[r, place]
        if item < 0:
            continue
        shown += 1
        surprise += values[item, 0]
        attention += weights[place]
        if hits[r, place]:
            epc += weights[place] * values[item, 1]
            efd += weights[place] * values[item, 2]
            ahead += max(values[item, 3] - (place + 1), 0.0) / n_items
    if shown == 0:
        return
    out[r, AT.novelty] = surprise / shown
    if has_held:
        out[r, AT.rank_serendipity] = ahead / k
        if attention > 0:
            out[r, AT.epc], out[r, AT.efd] = epc / attention, efd / attention


@leaf
def _surprise(
    items: NDArray[Any],
    hits: NDArray[Any],
    has_held: bool,
    factors: NDArray[Any],
    taste: NDArray[Any],
    user: int,
    out: NDArray[Any],
    r: int,
) -> None:
    """Distance from the history's mean factor: the mean of cosines is the cosine with the mean."""
    shown, distance, of_hits = 0, 0.0, 0.0
    for place in range(items.shape[1]):
        if items[r, place] >= 0:
            likeness = _likeness(factors, items[r, place], taste, user)
            shown += 1
            distance += 1.0 - likeness
            of_hits += (1.0 - likeness) * hits[r, place]
    if shown > 0:
        out[r, AT.unexpectedness] = distance / shown
        if has_held:
            out[r, AT.serendipity] = of_hits / shown


@leaf
def _ages(
    shown: NDArray[Any], n_shown: int, values: NDArray[Any], out: NDArray[Any], r: int
) -> None:
    """Mean age, share of recent items and mean decay, over items with a known date."""
    known, years, fresh, decay = 0, 0.0, 0.0, 0.0
    for a in range(n_shown):
        if not np.isnan(values[shown[a], 4]):
            known += 1
            years += values[shown[a], 4]
            fresh += values[shown[a], 5]
            decay += values[shown[a], 6]
    if known > 0:
        out[r, AT.mean_age], out[r, AT.fresh_share] = years / known, fresh / known
        out[r, AT.freshness] = decay / known


@inner
def discovery_rows(
    rows: Rows, people: People, catalogue: Catalogue, reading: Reading, start: int, stop: int
) -> None:
    """Fill the discovery columns of lists ``start`` to ``stop``; hits must be marked."""
    items, hits, out, weights = rows.items, rows.hits, rows.out, reading.weights
    factors, values, asked = catalogue.factors, catalogue.values, reading.asked
    if not any_asked(asked, AT):
        return
    with_novelty, with_surprise = any_asked(asked, NOVELTY), any_asked(asked, SURPRISE)
    with_ages = any_asked(asked, AGES)
    total, shown = np.empty(factors.shape[1]), np.empty(items.shape[1], np.int32)
    for r in range(start, stop):
        if r + FARTHER < stop:
            _fetch_items(items, r + FARTHER, factors, values)
        user = rows.users[r]
        has_held = people.held[user + 1] > people.held[user]
        n_shown = list_shown(items, r, shown)
        if asked[AT.ild]:
            _variety(shown, n_shown, factors, total, out, r)
        if with_novelty:
            _novelty(items, hits, has_held, weights, values, out, r)
        if with_surprise and people.past[user + 1] > people.past[user]:
            _surprise(items, hits, has_held, factors, people.taste, user, out, r)
        if with_ages:
            _ages(shown, n_shown, values, out, r)
