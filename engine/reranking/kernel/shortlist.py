"""Static scores, and the candidates in their order, laid out as far as the greedy loop looks.

The order is coarse: candidates are counted into bins by falling static score. All that the loop
needs is a bound on the static score of a slot and of all slots after it, which the bin's edge is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inlined, leaf
from engine.reranking.kernel.inputs import Problem, Scratch, Setting
from engine.reranking.kernel.records import N_BINS

ROUNDING = 1e-5
"""Added to bounds, which are kept as float32: scores stay far below 100."""

__all__ = ["fill_next", "pin_first", "put_in_order", "score_statically"]


@leaf
def score_statically(problem: Problem, raw: NDArray[np.float64], user: int, n: int) -> None:
    """Write relevance + lift + boost of each candidate to ``raw``; -inf where hidden.

    The lift is the item's own and, by other objectives, that of the candidate for the person.
    """
    top = np.float64(problem.scores[user, 0])
    low = np.float64(problem.scores[user, n - 1])
    span = top - low
    if span <= 0.0:
        span = np.float64(1.0)
    share = problem.shares[user]
    scale = 1.0 / span
    for c in range(n):
        item = problem.candidates[user, c]
        relevance = (np.float64(problem.scores[user, c]) - low) * scale
        lift = problem.offsets[item, 0]
        for aim in range(problem.aim_weights.shape[0]):
            lift += problem.aim_weights[aim] * np.float64(problem.aims[user, c, aim])
        raw[c] = (relevance + share * lift) + problem.offsets[item, 1]


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
    """Give each candidate its bin by falling static score, the last one if it is out."""
    state, raw, bins, counts = scratch.state[0], scratch.raw, scratch.bins, scratch.counts
    top = -np.inf
    low = np.inf
    for c in range(state.n):
        top = max(top, raw[c])
        low = min(low, raw[c] if raw[c] > -np.inf else np.inf)
    scale = (N_BINS - 1) / (top - low) if top > low else 0.0
    state.top = top
    state.bin_width = 1.0 / scale if scale > 0.0 else 0.0
    for b in range(N_BINS + 2):
        counts[b] = 0
    for c in range(state.n):
        bins[c] = np.uint32((top - raw[c]) * scale) if raw[c] > -np.inf else np.uint32(N_BINS)
        counts[bins[c] + 1] += np.uint32(1)


@leaf
def put_in_order(setting: Setting, scratch: Scratch) -> None:
    """Write the candidates that are left to ``order``, by bins of falling static score.

    Within a bin they keep the ranker's order. Slots are filled from it as the loop gets there.
    """
    state, bins, counts, order = scratch.state[0], scratch.bins, scratch.counts, scratch.order
    start = state.n_pinned
    state.n_filled = start
    if setting.is_sorted:
        state.n_live = state.n
        for c in range(state.n):
            order[c] = c
        return
    _count_bins(scratch)
    for b in range(N_BINS):
        counts[b + 1] += counts[b]
    state.n_live = start + int(counts[N_BINS])
    for c in range(state.n):
        b = bins[c]
        if b < N_BINS:
            order[start + counts[b]] = c
            counts[b] += np.uint32(1)


@inlined
def fill_next(problem: Problem, setting: Setting, scratch: Scratch, user: int) -> None:
    """Fill the next slot."""
    state = scratch.state[0]
    p = state.n_filled
    c = int(scratch.order[p])
    bound = scratch.raw[c]
    if not setting.is_sorted:
        bound = state.top - scratch.bins[c] * state.bin_width
    _fill(problem, setting, scratch, user, p, c, bound)
    state.n_filled = p + 1
