"""Freshness: lifts recently released items."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.terms.record import Floats, Number, Part, Term, weight

if TYPE_CHECKING:
    from engine.reranking.candidate_pool import CandidatePool
    from engine.scenario import Scenario

__all__ = ["FRESHNESS", "freshness"]


def freshness(pool: CandidatePool, half_life_days: float) -> Floats:
    """Return F = 2^(-age / half-life) per item; 0 where the release is unknown.

    An item released after the last interaction has age 0. An unknown date counts as old, so that
    a missing date never lifts an item.
    """
    age = np.maximum(pool.now_day - pool.released_day, 0.0)
    return np.where(np.isnan(age), 0.0, np.exp2(-age / half_life_days))


def _values(pool: CandidatePool, scenario: Scenario) -> Floats:
    return freshness(pool, scenario.half_life_days)


def _why_inert(pool: CandidatePool, scenario: Scenario) -> str:
    if np.isnan(pool.released_day[pool.is_candidate]).all():
        return "No candidate has a release date."
    is_even = np.ptp(_values(pool, scenario)[pool.is_candidate]) == 0
    return "All candidates are equally fresh." if is_even else ""


FRESHNESS = Term(
    weight("freshness", "fresh", "Freshness", "Lifts recently released items."),
    serves="people",
    finer=(
        Number(
            "half_life_days",
            "half",
            "Half-life",
            7,
            36500,
            1825,
            1,
            "days",
            "After this many days an item has half the freshness of a new one.",
        ),
    ),
    part=Part("freshness", "Freshness", "green"),
    static=_values,
    why_inert=_why_inert,
)
