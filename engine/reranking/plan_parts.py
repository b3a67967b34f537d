"""The parts of a plan that hang on the scenario alone: lifts, weights, and the arrays it reads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.reranking.candidate_pool import CandidatePool
from engine.reranking.kernel.inputs import Setting, frozen
from engine.reranking.likeness import genre_share, item_vectors
from engine.reranking.rules import RuleTables
from engine.scenario import Scenario
from engine.terms import TERMS
from engine.terms.diversity_methods import DIVERSITY_METHODS, METHOD_CODES, OFF

__all__ = ["aims_of", "profiles_of", "setting_of", "static_lift", "vectors_of"]

NO_AIMS = frozen(np.empty((0, 0, 0)), np.float32)


def static_lift(pool: CandidatePool, scenario: Scenario) -> NDArray[np.float64]:
    """Sum of the weighted terms that do not depend on the list, shape (n_items,)."""
    lift = np.zeros(pool.n_items)
    for name, term in TERMS.items():
        weight = getattr(scenario, name)
        if term.static and weight > 0.0:
            lift += weight * term.static(pool, scenario)
    return lift


def aims_of(pool: CandidatePool, scenario: Scenario) -> dict[str, NDArray[Any]]:
    """Scores of other objectives and their weights; empty where none has a weight and scores."""
    weights = dict.fromkeys(pool.objective_names, 0.0) | {
        term.objective: getattr(scenario, name)
        for name, term in TERMS.items()
        if term.objective in pool.objective_names
    }
    is_off = not any(weights.values())
    return {
        "aims": NO_AIMS if is_off else pool.objectives,
        "aim_weights": frozen([] if is_off else [*weights.values()], np.float64),
    }


def setting_of(scenario: Scenario, rules: RuleTables) -> Setting:
    """Return the kernel's numbers; whether the ranker's order stands is not known yet."""
    method = DIVERSITY_METHODS[scenario.diversity_method]
    window = scenario.diversity_window
    is_windowed = method.has_window and 0 < window < scenario.k - 1
    is_on = scenario.diversity > 0.0
    return Setting(
        k=int(scenario.k),
        method=METHOD_CODES[method.name] if is_on else OFF,
        window=int(window if is_windowed else scenario.k),
        diversity=float(scenario.diversity),
        calibration=float(scenario.calibration),
        slack=float(1e-9 + (scenario.diversity * method.rounding if is_on else 0.0)),
        first_level=0 if method.starts_at_one or not is_on else -1,
        is_falling=not is_on or (method.is_falling and not is_windowed),
        is_sorted=False,
        has_pins=rules.has_pins,
    )


def vectors_of(pool: CandidatePool, scenario: Scenario, setting: Setting) -> NDArray[np.float32]:
    """Vectors of items whose dot product is the likeness; one row of 0 where none is read."""
    is_used = setting.method != OFF and DIVERSITY_METHODS[scenario.diversity_method].uses_likeness
    if not is_used:
        return frozen(np.zeros((1, 8)), np.float32)
    share = genre_share(scenario)
    return pool.vectors.get(share, lambda: item_vectors(pool, share))


def profiles_of(pool: CandidatePool, scenario: Scenario, setting: Setting) -> NDArray[np.float32]:
    """Shares of genres in histories, shape (n_users, n_genres); no rows where none is read."""
    is_read = setting.method != OFF and DIVERSITY_METHODS[scenario.diversity_method].uses_profile
    if setting.calibration > 0.0 or is_read:
        return pool.profiles
    return frozen(np.zeros((0, len(pool.genre_names))), np.float32)
