"""Static scores, and the candidates in their order: sorted only as far as the greedy loop looks.

A coarse sort into bins, then an insertion sort of the bins that are needed: together a stable sort
by falling static score, with ties in the ranker's order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.compiled import leaf
from engine.reranking.kernel.inputs import N_BINS, Problem, Scratch, Setting

__all__ = ["pin_first", "score_statically", "sort_rest", "sort_start"]


@leaf
def score_statically(problem: Problem, raw: NDArray[np.float64], user: int, n: int) -> None:
    """Write relevance + lift + boost of each candidate to ``raw``; -inf where hidden."""
    top = np.float64(problem.scores[user, 0])
    low = np.float64(problem.scores[user, n - 1])
    span = top - low
    if span <= 0.0:
        span = np.float64(1.0)
    share = problem.shares[user]
    for c in range(n):
        item = problem.candidates[user, c]
        relevance = (np.float64(problem.scores[user, c]) - low) / span
        raw[c] = (relevance + share * problem.offsets[item, 0]) + problem.offsets[item, 1]


@leaf
def _fill(
    problem: Problem, setting: Setting, scratch: Scratch, user: int, start: int, end: int
) -> None:
    """Set up slots ``start`` to ``end``, whose ``rank`` is known, with ceilings for what varies."""
    state, slots, raw = scratch.state[0], scratch.slots, scratch.raw
    diverse = state.diversity_ceiling
    calibrated = state.calibration_ceiling
    for p in range(start, end):
        slot = slots[p]
        score = raw[slot.rank]
        slot.item = problem.candidates[user, slot.rank]
        slot.mask = problem.items[slot.item].mask
        slot.static = score
        slot.value = (score + state.diversity * diverse) + state.calibration * calibrated
        slot.diverse = diverse
        slot.calibrated = calibrated
        slot.residual = 1.0
        slot.level = setting.first_level
        slot.mix_level = -1


@leaf
def _bin(
    raw: NDArray[np.float64], bins: NDArray[np.uint32], counts: NDArray[np.uint32], n: int
) -> float:
    """Count the live candidates into bins by falling static score; return bins per unit."""
    top = -np.inf
    low = np.inf
    for c in range(n):
        top = max(top, raw[c])
        if raw[c] > -np.inf:
            low = min(low, raw[c])
    scale = (N_BINS - 1) / (top - low) if top > low else 0.0
    for b in range(N_BINS + 2):
        counts[b] = 0
    for c in range(n):
        bins[c] = np.uint32((top - raw[c]) * scale) if raw[c] > -np.inf else np.uint32(N_BINS)
        counts[bins[c] + 1] += np.uint32(1)
    for b in range(N_BINS):
        counts[b + 1] += counts[b]
    return scale


@leaf
def _place(
    raw: NDArray[np.float64],
    bins: NDArray[np.uint32],
    counts: NDArray[np.uint32],
    slots: NDArray[np.void],
    n: int,
    first: int,
    last: int,
    offset: int,
) -> int:
    """Sort the candidates of bins ``first`` to ``last`` into their slots; return where they end."""
    start = int(counts[first]) + offset
    for c in range(n):
        b = bins[c]
        if first <= b < last:
            slots[counts[b] + offset].rank = c
            counts[b] += np.uint32(1)
    end = int(counts[last - 1]) + offset
    for p in range(start + 1, end):
        c = slots[p].rank
        score = raw[c]
        q = p - 1
        while q >= start and raw[slots[q].rank] < score:
            slots[q + 1].rank = slots[q].rank
            q -= 1
        slots[q + 1].rank = c
    return end


@leaf
def pin_first(problem: Problem, scratch: Scratch, user: int) -> None:
    """Give the first slots to the pinned candidates, in the pins' order, and take them out."""
    items, slots, raw = problem.items, scratch.slots, scratch.raw
    found = 0
    for c in range(scratch.state[0].n):
        pin = items[problem.candidates[user, c]].pin
        if pin < 0 or raw[c] == -np.inf:
            continue
        p = found
        while p > 0 and items[problem.candidates[user, slots[p - 1].rank]].pin > pin:
            slots[p].rank = slots[p - 1].rank
            p -= 1
        slots[p].rank = c
        found += 1
    scratch.state[0].n_pinned = found


@leaf
def sort_start(problem: Problem, setting: Setting, scratch: Scratch, user: int) -> None:
    """Sort the candidates that are likely to matter into the slots after the pins.

    Likely: within reach of the ``k``-th static score once the dynamic terms are added. The loop
    calls :func:`sort_rest` where that was not far enough, so this is a matter of speed only.
    """
    state, slots, raw = scratch.state[0], scratch.slots, scratch.raw
    n, start = state.n, state.n_pinned
    _fill(problem, setting, scratch, user, 0, start)
    for p in range(start):
        raw[slots[p].rank] = -np.inf
    reach = (
        state.diversity * state.diversity_ceiling + state.calibration * state.calibration_ceiling
    )
    if setting.is_sorted:
        cut = raw[min(setting.k, n) - 1] - reach
        end = 0
        while end < n and raw[end] >= cut:
            slots[end].rank = end
            end += 1
        state.n_live = n
    else:
        counts = scratch.counts
        scale = _bin(raw, scratch.bins, counts, n)
        n_live = int(counts[N_BINS])
        last = 0
        while counts[last + 1] < min(setting.k, n_live):
            last += 1
        last = min(N_BINS, last + 2 + int(reach * scale))
        end = _place(raw, scratch.bins, counts, slots, n, 0, last, start)
        state.n_live = n_live + start
        state.cut = last
    _fill(problem, setting, scratch, user, start, end)
    state.n_sorted = end


@leaf
def sort_rest(problem: Problem, setting: Setting, scratch: Scratch, user: int) -> None:
    """Sort all remaining candidates into the slots that follow."""
    state = scratch.state[0]
    start, end = state.n_sorted, state.n_live
    if setting.is_sorted:
        for p in range(start, end):
            scratch.slots[p].rank = p
    else:
        _place(
            scratch.raw,
            scratch.bins,
            scratch.counts,
            scratch.slots,
            state.n,
            state.cut,
            N_BINS,
            state.n_pinned,
        )
    _fill(problem, setting, scratch, user, start, end)
    state.n_sorted = end
