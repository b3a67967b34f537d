"""The terms that depend on the list so far, diversity and calibration, and their bounds."""

from __future__ import annotations

import numpy as np

from engine.compiled import inlined
from engine.reranking.kernel.diversity import (
    diversity_bound,
    start_diversity,
    take_diversity,
    update_diversity,
)
from engine.reranking.kernel.history_mix import add_to_mix, start_mix, update_mix
from engine.reranking.kernel.inputs import Problem, Scratch, Setting
from engine.terms.diversity_methods import OFF

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
    state.calibration_ceiling = 0.0
    start_diversity(problem, setting, scratch, user)
    if setting.calibration > 0.0:
        state.calibration_ceiling = start_mix(genres, setting.k)


@inlined
def upper_bound(setting: Setting, scratch: Scratch, p: int, t: int) -> float:
    """Return what the value of slot ``p`` cannot exceed; -inf once it is chosen."""
    slot = scratch.slots[p]
    bound = slot.value
    if not setting.is_falling and bound > -np.inf:
        state = scratch.state[0]
        ceiling = diversity_bound(setting, scratch, p, t)
        bound = (slot.static + state.diversity * ceiling) + state.calibration * slot.calibrated
    return bound + setting.slack


@inlined
def evaluate(
    problem: Problem, setting: Setting, scratch: Scratch, p: int, t: int, needed: float
) -> float:
    """Set and return the value of slot ``p``: exact, or a bound that is below ``needed``."""
    slot = scratch.slots[p]
    state = scratch.state[0]
    other = state.calibration * slot.calibrated
    if setting.method != OFF and state.diversity > 0.0:
        update_diversity(problem, setting, scratch, p, t, other, needed)
    value = slot.static + state.diversity * slot.diverse
    if state.calibration > 0.0 and value + other >= needed:
        update_mix(scratch.slots, p, t, problem.items, problem.genre_ids, scratch.genres, setting.k)
        other = state.calibration * slot.calibrated
    slot.value = value + other
    return slot.value


@inlined
def take_terms(problem: Problem, setting: Setting, scratch: Scratch, p: int, t: int) -> None:
    """Let the terms know that slot ``p``, fully evaluated, takes place ``t``."""
    state = scratch.state[0]
    item = scratch.slots[p].item
    if state.calibration > 0.0:
        state.calibration_ceiling = add_to_mix(
            problem.items, problem.genre_ids, scratch.genres, item, setting.k
        )
    if setting.method != OFF and state.diversity > 0.0:
        take_diversity(problem, setting, scratch, p, t)
