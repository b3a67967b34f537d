"""The lazy greedy loop: exact, and evaluates few of all pairs of candidate and chosen item.

Candidates are in the order of their static score (relevance, lifts, boosts). For each place the
loop walks down that order and stops where not even the highest dynamic terms could win. A
candidate that was evaluated before keeps its value as an upper bound, since dynamic terms only fall
as the list grows (Minoux 1978); only one whose bound still wins is evaluated again.

Cost per user: O(n) for static scores and order, then about ``k`` short walks; worst case
O(k·n·d).
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from engine.compiled import inlined, inner, kernel, leaf
from engine.reranking.kernel.barriers import (
    count_broken,
    full_genres,
    has_full_genre,
    take_counts,
)
from engine.reranking.kernel.diversity import fetch_ahead
from engine.reranking.kernel.inputs import (
    Limits,
    Output,
    Problem,
    Scratch,
    Setting,
    Sizes,
    new_scratch,
)
from engine.reranking.kernel.records import FLOOR_BIT, N_GENRE_BITS
from engine.reranking.kernel.shortlist import (
    fill_next,
    pin_first,
    put_in_order,
    score_statically,
)
from engine.reranking.kernel.terms import evaluate, start_terms, take_terms, upper_bound

__all__ = ["CHUNK", "rerank_few", "rerank_users"]

CHUNK = 64
"""Users per piece of parallel work: they share one scratch memory."""


@inlined
def _find_best(
    problem: Problem,
    limits: Limits,
    setting: Setting,
    scratch: Scratch,
    user: int,
    t: int,
    start: int,
    stop: int,
    barred: np.uint64,
    n_lifted_caps: int,
) -> int:
    """Return the best slot from ``start`` before ``stop`` that is not barred; -1 without one.

    Ties go to the candidate that the ranker put first.
    """
    state, slots = scratch.state[0], scratch.slots
    has_provider_caps = limits.provider_limits.shape[2] > 0
    has_shared_bits = limits.genre_limits.shape[2] > N_GENRE_BITS
    reach = (
        state.diversity * state.diversity_ceiling
        + state.calibration * state.calibration_ceiling
        + setting.slack
    )
    best = -1e300
    best_slot = -1
    for p in range(start, stop):
        if p == state.n_filled:
            fill_next(problem, setting, scratch, user)
        if slots[p].bound + reach < best:
            break
        is_open = upper_bound(setting, scratch, p, t) >= best
        met = slots[p].mask & barred
        if is_open and met != 0:
            # Bits that several genres share only say that a full one may be among them.
            is_open = (
                has_shared_bits
                and met & FLOOR_BIT == 0
                and not has_full_genre(
                    problem.items,
                    problem.genre_ids,
                    limits.genre_limits,
                    scratch.genres,
                    slots[p].item,
                    t,
                    n_lifted_caps,
                )
            )
        if is_open and has_provider_caps:
            provider = problem.items[slots[p].item].provider
            limit = limits.provider_limits[n_lifted_caps, t, provider]
            is_open = scratch.provider_counts[provider] < limit
        if is_open:
            value = evaluate(problem, setting, scratch, p, t, best)
            is_before = best_slot < 0 or slots[p].rank < slots[best_slot].rank
            if value > best or (value == best and is_before):
                best = value
                best_slot = p
    return best_slot


@inlined
def _choose(
    problem: Problem,
    limits: Limits,
    setting: Setting,
    scratch: Scratch,
    out: Output,
    user: int,
    row: int,
    t: int,
) -> int:
    """Return the slot for place ``t``: the next pin, or the best with which all limits hold.

    Where there is none, the floor is lifted, then the last cap, then the last two, and so on, for
    this place only. What the choice then breaks is counted.
    """
    state = scratch.state[0]
    n_caps = limits.caps.shape[0]
    is_pin = t < state.n_pinned
    attempt = n_caps + 1 if is_pin else 0
    slot = -1
    while slot < 0 and attempt <= n_caps + 1:
        n_lifted_caps = max(0, attempt - 1)
        barred = np.uint64(0)
        if n_lifted_caps < n_caps and t < limits.last_capped:
            barred = full_genres(limits.genre_limits, scratch.genres, t, n_lifted_caps)
        if attempt == 0 and state.n_lifted < limits.floors[t + 1]:
            barred |= FLOOR_BIT
        start = t if is_pin else state.n_pinned
        stop = t + 1 if is_pin else state.n_live
        slot = _find_best(
            problem, limits, setting, scratch, user, t, start, stop, barred, n_lifted_caps
        )
        attempt += 1
    if slot >= 0 and attempt > 1:
        count_broken(
            limits.caps,
            limits.floors,
            problem.items,
            problem.genre_ids,
            scratch.state,
            scratch.genres,
            scratch.provider_counts,
            out.broken,
            row,
            scratch.slots[slot].item,
            t,
        )
    return slot


@inlined
def _take(
    problem: Problem, setting: Setting, scratch: Scratch, out: Output, row: int, p: int, t: int
) -> None:
    """Put slot ``p`` on place ``t``."""
    slot = scratch.slots[p]
    out.items[row, t] = slot.item
    out.positions[row, t] = slot.rank
    slot.value = -np.inf
    take_counts(
        problem.items,
        problem.genre_ids,
        scratch.state,
        scratch.genres,
        scratch.provider_counts,
        slot.item,
    )
    take_terms(problem, setting, scratch, p, t)


@leaf
def _rerank_rows(
    problem: Problem,
    limits: Limits,
    setting: Setting,
    scratch: Scratch,
    users: NDArray[np.int64],
    out: Output,
    first: int,
    last: int,
) -> None:
    state = scratch.state[0]
    for row in range(first, last):
        user = users[row]
        if problem.n_valid[user] == 0:
            continue
        start_terms(problem, setting, scratch, user)
        score_statically(problem, scratch.raw, user, state.n)
        if setting.has_pins:
            pin_first(problem, setting, scratch, user)
        put_in_order(setting, scratch)
        fetch_ahead(problem, setting, scratch, user)
        for t in range(min(setting.k, state.n_live)):
            slot = _choose(problem, limits, setting, scratch, out, user, row, t)
            _take(problem, setting, scratch, out, row, slot, t)
        for t in range(min(setting.k, state.n_live)):
            scratch.provider_counts[problem.items[out.items[row, t]].provider] = 0


@inner
def rerank_few(
    problem: Problem,
    limits: Limits,
    setting: Setting,
    sizes: Sizes,
    users: NDArray[np.int64],
    out: Output,
) -> None:
    """Do the same as :func:`rerank_users` in the calling thread: no team of threads to wait for."""
    scratch = new_scratch(sizes)
    _rerank_rows(problem, limits, setting, scratch, users, out, 0, users.shape[0])


@kernel
def rerank_users(
    problem: Problem,
    limits: Limits,
    setting: Setting,
    sizes: Sizes,
    users: NDArray[np.int64],
    out: Output,
) -> None:
    """Fill one row of ``out`` for each of ``users``.

    Parameters
    ----------
    users : int64 array of shape (n_rows,)
    out : Output
        Its rows must come padded with -1 and zeroed.
    """
    n_rows = users.shape[0]
    for chunk in numba.prange((n_rows + CHUNK - 1) // CHUNK):
        scratch = new_scratch(sizes)
        last = min(n_rows, (chunk + 1) * CHUNK)
        _rerank_rows(problem, limits, setting, scratch, users, out, chunk * CHUNK, last)
