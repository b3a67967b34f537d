"""The relevance columns of the per-user matrix."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inner
from engine.metrics.kernels.columns import any_asked, located
from engine.metrics.kernels.inputs import Catalogue, People, Reading, Rows

__all__ = ["AT", "contains", "relevance_rows"]


@inner
def contains(values: np.ndarray, start: int, stop: int, item: int) -> bool:
    """Binary search for ``item`` in the ascending ``values[start:stop]``."""
    left = stop - start
    if left <= 0:
        return False
    while left > 1:
        half = left >> 1
        # Arithmetic instead of a branch, which the processor would guess wrong half the time.
        start += half * (values[start + half - 1] < item)
        left -= half
    return bool(values[start] == item)


class Relevance(NamedTuple):
    """The columns that this kernel fills, by the names of the metrics."""

    ndcg: int
    recall: int
    precision: int
    hit: int
    mrr: int
    map: int
    rbp: int
    ips_recall: int
    recall_head: int
    recall_tail: int
    unjudged: int
    alpha_ndcg: int
    judged_precision: int
    dislike_rate: int
    condensed_ndcg: int
    bpref: int


AT = located(Relevance)

JUDGED = (AT.unjudged, AT.judged_precision, AT.dislike_rate, AT.condensed_ndcg, AT.bpref)
STRATA = (AT.ips_recall, AT.recall_head, AT.recall_tail)

EMPTY, UNKNOWN, SEEN, LIKED, NOT_LIKED = range(5)
"""What is known of a place: nothing shown; never judged; in the history; judged later."""


@inner
def _mark_hits(
    items: NDArray[Any], user: int, held: NDArray[Any], held_items: NDArray[Any], hits: NDArray[Any]
) -> int:
    """Flag the places that hold a held-out item; return how many do."""
    found = 0
    for place in range(len(items)):
        item = items[place]
        hits[place] = item >= 0 and contains(held_items, held[user], held[user + 1], item)
        found += hits[place]
    return found


@inner
def _rank_sensitive(
    hits: NDArray[Any],
    n_held: int,
    discounts: NDArray[Any],
    ideal: NDArray[Any],
    patience: float,
    row: NDArray[Any],
) -> None:
    """NDCG, MRR, MAP and RBP from the places of the hits."""
    k = len(hits)
    gain, precision_sum, rbp, reader, seen = 0.0, 0.0, 0.0, 1.0 - patience, 0
    row[AT.mrr] = 0.0
    for place in range(k):
        if hits[place]:
            seen += 1
            gain += discounts[place]
            precision_sum += seen / (place + 1)
            rbp += reader
            if seen == 1:
                row[AT.mrr] = 1.0 / (place + 1)
        reader *= patience
    reachable = min(n_held, k)
    row[AT.ndcg] = gain / ideal[reachable]
    row[AT.map] = precision_sum / reachable
    row[AT.rbp] = rbp


@inner
def _stratified(
    items: NDArray[Any],
    hits: NDArray[Any],
    held: NDArray[Any],
    is_tail: NDArray[Any],
    ips_weight: NDArray[Any],
    row: NDArray[Any],
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
    row[AT.ips_recall] = found_weight / weight
    if n_tail > 0:
        row[AT.recall_tail] = found_tail / n_tail
    if n_tail < len(held):
        row[AT.recall_head] = found_head / (len(held) - n_tail)


@inner
def _alpha_gain(
    items: NDArray[Any],
    hits: NDArray[Any],
    genre_shares: NDArray[Any],
    discounts: NDArray[Any],
    shown: NDArray[Any],
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
def _mark_known(
    items: NDArray[Any],
    hits: NDArray[Any],
    past: NDArray[Any],
    disliked: NDArray[Any],
    known: NDArray[Any],
) -> None:
    """Write what is known of each place; ``past`` and ``disliked`` are the person's own, sorted."""
    for place in range(len(items)):
        if items[place] < 0:
            known[place] = EMPTY
        elif hits[place]:
            known[place] = LIKED
        elif contains(disliked, 0, len(disliked), items[place]):
            known[place] = NOT_LIKED
        elif contains(past, 0, len(past), items[place]):
            known[place] = SEEN
        else:
            known[place] = UNKNOWN


@inner
def _judged_shares(known: NDArray[Any], is_judge: bool, row: NDArray[Any]) -> None:
    """Unjudged share, dislikes, and precision among the judged."""
    shown, unknown, liked, not_liked = 0, 0, 0, 0
    for place in range(len(known)):
        shown += known[place] != EMPTY
        unknown += known[place] == UNKNOWN
        liked += known[place] == LIKED
        not_liked += known[place] == NOT_LIKED
    if shown > 0:
        row[AT.unjudged] = unknown / shown
        if is_judge:
            row[AT.dislike_rate] = not_liked / shown
    if liked + not_liked > 0:
        row[AT.judged_precision] = liked / (liked + not_liked)


@inner
def _judged_order(
    known: NDArray[Any],
    n_held: int,
    most: int,
    discounts: NDArray[Any],
    ideal: NDArray[Any],
    row: NDArray[Any],
) -> None:
    """NDCG of the judged alone, and bpref; ``most`` is the fewer of held-out likes and dislikes."""
    liked, not_liked, gain, preferred = 0, 0, 0.0, 0.0
    for place in range(len(known)):
        if known[place] == LIKED:
            gain += discounts[liked + not_liked]
            liked += 1
            preferred += 1.0 - min(not_liked, most) / max(most, 1)
        elif known[place] == NOT_LIKED:
            not_liked += 1
    if liked + not_liked > 0:
        row[AT.condensed_ndcg] = gain / ideal[min(n_held, len(known))]
    row[AT.bpref] = preferred / n_held


@inner
def relevance_rows(
    rows: Rows, people: People, catalogue: Catalogue, reading: Reading, start: int, stop: int
) -> None:
    """Fill the relevance columns of lists ``start`` to ``stop``, and mark their hits."""
    held, held_items = people.held, people.held_items
    shown = np.empty(catalogue.genre_shares.shape[1], np.int64)
    known = np.empty(rows.items.shape[1], np.int8)
    with_judged, with_strata = any_asked(reading.asked, JUDGED), any_asked(reading.asked, STRATA)
    for r in range(start, stop):
        user, items, hits, row = rows.users[r], rows.items[r], rows.hits[r], rows.out[r]
        found = _mark_hits(items, user, held, held_items, hits)
        n_held = held[user + 1] - held[user]
        past = people.past_items[people.past[user] : people.past[user + 1]]
        disliked = people.disliked_items[people.disliked[user] : people.disliked[user + 1]]
        if with_judged:
            _mark_known(items, hits, past, disliked, known)
            _judged_shares(known, n_held + len(disliked) > 0, row)
        if n_held == 0:
            continue
        if with_judged:
            most = min(n_held, len(disliked))
            _judged_order(known, n_held, most, reading.discounts, reading.ideal, row)
        row[AT.recall] = found / n_held
        row[AT.precision] = found / len(items)
        row[AT.hit] = found > 0
        _rank_sensitive(hits, n_held, reading.discounts, reading.ideal, reading.patience, row)
        own = held_items[held[user] : held[user + 1]]
        if with_strata:
            _stratified(items, hits, own, catalogue.is_tail, catalogue.ips_weight, row)
        if reading.asked[AT.alpha_ndcg] and people.alpha_best[user] > 0:
            gain = _alpha_gain(items, hits, catalogue.genre_shares, reading.discounts, shown)
            row[AT.alpha_ndcg] = gain / people.alpha_best[user]
