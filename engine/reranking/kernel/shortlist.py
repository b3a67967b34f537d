"""Static scores, and the candidates in their order, only as far as the greedy loop looks.

The order is coarse: candidates are counted into bins by falling static score. All that the loop
needs is a bound on the static score of a slot and of all slots after it, which the bin's edge is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inlined, leaf
from engine.reranking.kernel.inputs import N_BINS, Problem, Scratch, Setting

ROUNDING = 1e-5
"""Added to bounds, which are kept as float32: scores stay far below 100."""

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


@inlined
def _fill(
    problem: Problem, setting: Setting, scratch: Scratch, user: int, p: int, c: int, bound: float
) -> None:
    """Set up slot ``p`` for candidate ``c``, with ceilings for the terms that vary."""
    state, slot = scratch.state[0], scratch.slots[p]
    item = problem.candidates[user, c]
    score = scratch.raw[c]
    slot.item = item
    slot.rank = c
    slot.mask = problem.items[item].mask
    slot.static = score
    slot.bound = bound + ROUNDING
    slot.diverse = state.diversity_ceiling
    slot.calibrated = state.calibration_ceiling
    slot.value = (score + state.diversity * state.diversity_ceiling) + (
        state.calibration * state.calibration_ceiling
    )
    slot.residual = 1.0
    slot.level = setting.first_level
    slot.mix_level = -1


@leaf
def pin_first(problem: Problem, setting: Setting, scratch: Scratch, user: int) -> None:
    """Give the first slots to the pinned candidates, in the pins' order, and take them out."""
    state, slots, raw = scratch.state[0], scratch.slots, scratch.raw
    found = 0
    for c in range(state.n):
        pin = problem.items[problem.candidates[user, c]].pin
        if pin < 0 or raw[c] == -np.inf:
            continue
        p = found
        while p > 0 and problem.items[slots[p - 1].item].pin > pin:
            slots[p].rank = slots[p - 1].rank
            slots[p].item = slots[p - 1].item
            p -= 1
        slots[p].rank = c
        slots[p].item = problem.candidates[user, c]
        found += 1
    for p in range(found):
        c = slots[p].rank
        _fill(problem, setting, scratch, user, p, c, raw[c])
        raw[c] = -np.inf
    state.n_pinned = found


@leaf
def _count_bins(scratch: Scratch) -> None:
    """Count the live candidates into bins by falling static score."""
    state, raw, bins, counts = scratch.state[0], scratch.raw, scratch.bins, scratch.counts
    top = -np.inf
    low = np.inf
    for c in range(state.n):
        top = max(top, raw[c])
        if raw[c] > -np.inf:
            low = min(low, raw[c])
    scale = (N_BINS - 1) / (top - low) if top > low else 0.0
    state.top = top
    state.bin_width = 1.0 / scale if scale > 0.0 else 0.0
    for b in range(N_BINS + 2):
        counts[b] = 0
    for c in range(state.n):
        bins[c] = np.uint32((top - raw[c]) * scale) if raw[c] > -np.inf else np.uint32(N_BINS)
        counts[bins[c] + 1] += np.uint32(1)
    for b in range(N_BINS):
        counts[b + 1] += counts[b]


@leaf
def _place_bins(
    problem: Problem, setting: Setting, scratch: Scratch, user: int, first: int, last: int
) -> None:
    """Give the candidates of bins ``first`` to ``last`` their slots, in the ranker's order."""
    state, bins, counts = scratch.state[0], scratch.bins, scratch.counts
    for c in range(state.n):
        b = bins[c]
        if first <= b < last:
            p = int(counts[b]) + state.n_pinned
            counts[b] += np.uint32(1)
            bound = state.top - b * state.bin_width
            _fill(problem, setting, scratch, user, p, c, bound)


@leaf
def sort_start(problem: Problem, setting: Setting, scratch: Scratch, user: int) -> None:
    """Fill slots with the candidates that are likely to matter.

    Likely: within reach of the ``k``-th static score once the dynamic terms are added. The loop
    calls :func:`sort_rest` where that was not far enough, so this is a matter of speed only.
    """
    state, raw = scratch.state[0], scratch.raw
    reach = state.diversity * state.diversity_ceiling
    reach += state.calibration * state.calibration_ceiling
    if setting.is_sorted:
        state.n_live = state.n
        cut = raw[min(setting.k, state.n) - 1] - reach
        end = 0
        while end < state.n and raw[end] >= cut:
            _fill(problem, setting, scratch, user, end, end, raw[end])
            end += 1
        state.n_sorted = end
        return
    counts = scratch.counts
    _count_bins(scratch)
    n_live = int(counts[N_BINS])
    last = 0
    while counts[last + 1] < min(setting.k, n_live):
        last += 1
    n_reached = int(reach / state.bin_width) if state.bin_width > 0.0 else N_BINS
    last = min(N_BINS, last + 2 + n_reached)
    state.n_live = n_live + state.n_pinned
    state.n_sorted = int(counts[last]) + state.n_pinned
    state.cut = last
    _place_bins(problem, setting, scratch, user, 0, last)


@leaf
def sort_rest(problem: Problem, setting: Setting, scratch: Scratch, user: int) -> None:
    """Fill slots with all remaining candidates."""
    state = scratch.state[0]
    if setting.is_sorted:
        for c in range(state.n_sorted, state.n):
            _fill(problem, setting, scratch, user, c, c, scratch.raw[c])
    else:
        _place_bins(problem, setting, scratch, user, state.cut, N_BINS)
    state.n_sorted = state.n_live
