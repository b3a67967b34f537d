"""The popularity columns of the per-user matrix, and the mix of item groups within a list."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inner
from engine.metrics.kernels.columns import any_asked, located
from engine.metrics.kernels.inputs import Catalogue, People, Reading, Rows

__all__ = ["AT", "popularity_rows"]


class Popularity(NamedTuple):
    """The columns that this kernel fills, by the names of the metrics."""

    arp: int
    popularity_rank: int
    aplt: int
    aclt: int
    popularity_shift: int
    ndkl: int
    awrf: int


AT = located(Popularity)


@inner
def _popularity(
    shown: NDArray[Any],
    share: NDArray[Any],
    quantile: NDArray[Any],
    is_tail: NDArray[Any],
    row: NDArray[Any],
) -> None:
    """Means of popularity over the list, and how much of it is long tail."""
    n = len(shown)
    known_by, ranks, tail = 0.0, 0.0, 0
    for item in shown:
        known_by += share[item]
        ranks += quantile[item]
        tail += is_tail[item]
    row[AT.arp], row[AT.popularity_rank] = known_by / n, ranks / n
    row[AT.aplt], row[AT.aclt] = tail / n, tail


@inner
def _shift(
    shown: NDArray[Any], bins: NDArray[Any], past_bins: NDArray[Any], row: NDArray[Any]
) -> None:
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
    row[AT.popularity_shift] = max(divergence, 0.0)


@inner
def _prefix_divergence(
    shown: NDArray[Any],
    codes: NDArray[Any],
    log_target: NDArray[Any],
    logs: NDArray[Any],
    groups: NDArray[Any],
    counts: NDArray[Any],
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
    items: NDArray[Any],
    codes: NDArray[Any],
    target: NDArray[Any],
    weights: NDArray[Any],
    mass: NDArray[Any],
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


@inner
def popularity_rows(
    rows: Rows, people: People, catalogue: Catalogue, reading: Reading, start: int, stop: int
) -> None:
    """Fill the popularity columns of lists ``start`` to ``stop``."""
    asked, k = reading.asked, rows.items.shape[1]
    if not any_asked(asked, AT):
        return
    groups, counts, mass = (
        np.empty(k, np.int64),
        np.empty(k, np.int64),
        np.empty(len(reading.target)),
    )
    for r in range(start, stop):
        user, items, row = rows.users[r], rows.items[r], rows.out[r]
        shown = items[items >= 0]
        if len(shown) == 0:
            continue
        _popularity(shown, catalogue.share, catalogue.quantile, catalogue.is_tail, row)
        if asked[AT.popularity_shift] and people.past[user + 1] > people.past[user]:
            _shift(shown, catalogue.bins, people.past_bins[user], row)
        if asked[AT.ndkl]:
            row[AT.ndkl] = _prefix_divergence(
                shown, catalogue.codes, reading.log_target, reading.logs, groups, counts
            )
        if asked[AT.awrf]:
            row[AT.awrf] = _attention_gap(
                items, catalogue.codes, reading.target, reading.weights, mass
            )
