"""The terms that depend on the list so far: which module evaluates them, and their bounds."""

from __future__ import annotations

import numpy as np

from engine.compiled import inlined
from engine.reranking.kernel.aspects import cover_aspects, start_aspects, update_aspects
from engine.reranking.kernel.average import add_to_sum, average_ceiling, update_average
from engine.reranking.kernel.coverage import add_cover, start_cover, update_cover
from engine.reranking.kernel.history_mix import add_to_mix, start_mix, update_mix
from engine.reranking.kernel.inputs import Problem, Scratch, Setting
from engine.reranking.kernel.methods import COVER, DPP, MMR, MSD, OFF, XQUAD
from engine.reranking.kernel.nearest import keep_vector, update_nearest
from engine.reranking.kernel.span import keep_row, update_span
from engine.reranking.kernel.window import keep_window, update_window

__all__ = ["evaluate", "start_terms", "take_terms", "upper_bound"]


@inlined
def start_terms(problem: Problem, setting: Setting, scratch: Scratch, user: int) -> None:
    """Start with an empty list: reset what is remembered of it, and what the terms can reach."""
    state, genres = scratch.state[0], scratch.genres
    n_known = problem.profiles.shape[0]
    for g in range(genres.shape[0]):
        genres[g].count = 0
        genres[g].share = np.float64(problem.profiles[user, g]) if n_known > 0 else 0.0
    state.n = problem.n_valid[user]
    state.n_pinned = 0
    state.n_lifted = 0
    state.share = problem.shares[user]
    state.diversity = state.share * setting.diversity
    state.calibration = state.share * setting.calibration
    state.diversity_ceiling = 1.0
    state.calibration_ceiling = 0.0
    if setting.method == XQUAD:
        state.diversity_ceiling = start_aspects(genres)
    elif setting.method == COVER:
        candidates, across, cover = problem.candidates, scratch.across, scratch.cover
        start_cover(problem.vectors, candidates, user, state.n, across, cover)
    if setting.calibration > 0.0:
        state.calibration_ceiling = start_mix(genres, setting.k)


@inlined
def upper_bound(setting: Setting, scratch: Scratch, p: int, t: int) -> float:
    """Return what the value of slot ``p`` cannot exceed; -inf once it is chosen."""
    slot = scratch.slots[p]
    bound = slot.value
    if not setting.is_falling and bound > -np.inf:
        state = scratch.state[0]
        ceiling = 1.0
        if setting.method == MSD:
            ceiling = average_ceiling(slot.diverse, slot.level, t)
        bound = (slot.static + state.diversity * ceiling) + state.calibration * slot.calibrated
    return bound + setting.slack


@inlined
def _update_diversity(
    problem: Problem,
    setting: Setting,
    scratch: Scratch,
    p: int,
    t: int,
    other: float,
    needed: float,
) -> None:
    slots, vectors, chosen = scratch.slots, problem.vectors, scratch.chosen
    weight = scratch.state[0].diversity
    window = setting.window
    method = setting.method
    if method == MMR:
        update_nearest(slots, p, t, vectors, chosen, weight, other, needed)
    elif method == MSD:
        update_average(slots, p, t, vectors, chosen)
    elif method == XQUAD:
        update_aspects(slots, p, t, problem.items, problem.genre_ids, scratch.genres)
    elif method == COVER:
        n = scratch.state[0].n
        update_cover(slots, p, t, n, scratch.across, scratch.cover, scratch.likeness)
    elif method == DPP and window < setting.k:
        update_window(slots, p, t, vectors, chosen, scratch.rows, scratch.choices, window)
    else:
        update_span(
            slots,
            p,
            t,
            vectors,
            chosen,
            scratch.rows,
            scratch.choices,
            method,
            window,
            weight,
            other,
            needed,
        )


@inlined
def evaluate(
    problem: Problem, setting: Setting, scratch: Scratch, p: int, t: int, needed: float
) -> float:
    """Set and return the value of slot ``p``: exact, or a bound that is below ``needed``."""
    slot = scratch.slots[p]
    state = scratch.state[0]
    other = state.calibration * slot.calibrated
    if setting.method != OFF and state.diversity > 0.0:
        _update_diversity(problem, setting, scratch, p, t, other, needed)
    value = slot.static + state.diversity * slot.diverse
    if state.calibration > 0.0 and value + other >= needed:
        update_mix(scratch.slots, p, t, problem.items, problem.genre_ids, scratch.genres, setting.k)
        other = state.calibration * slot.calibrated
    slot.value = value + other
    return slot.value


@inlined
def _take_span(setting: Setting, scratch: Scratch, p: int, t: int) -> None:
    if setting.method == DPP and setting.window < setting.k:
        keep_window(scratch.rows, scratch.choices, p, t, setting.window)
    elif setting.method != MMR:
        keep_row(scratch.rows, scratch.choices, p, t, setting.window)


@inlined
def take_terms(problem: Problem, setting: Setting, scratch: Scratch, p: int, t: int) -> None:
    """Let the terms know that slot ``p``, fully evaluated, takes place ``t``."""
    state = scratch.state[0]
    item = scratch.slots[p].item
    items, genre_ids, genres = problem.items, problem.genre_ids, scratch.genres
    if state.calibration > 0.0:
        state.calibration_ceiling = add_to_mix(items, genre_ids, genres, item, setting.k)
    if setting.method == OFF or state.diversity == 0.0:
        pass
    elif setting.method == MSD:
        add_to_sum(problem.vectors, scratch.chosen, item, t)
    elif setting.method == XQUAD:
        state.diversity_ceiling = cover_aspects(items, genre_ids, genres, item)
    elif setting.method == COVER:
        state.diversity_ceiling = add_cover(scratch.cover, scratch.likeness, p, state.n)
    else:
        keep_vector(problem.vectors, scratch.chosen, item, t)
        _take_span(setting, scratch, p, t)
