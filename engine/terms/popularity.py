"""Popularity penalty: counts popularity against an item."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.terms.record import Floats, Part, Term, weight

if TYPE_CHECKING:
    from engine.reranking.candidate_pool import CandidatePool
    from engine.scenario import Scenario

__all__ = ["POPULARITY_PENALTY", "popularity"]


def popularity(pool: CandidatePool) -> Floats:
    """Return P = ln(1 + people) / ln(1 + most people) per item.

    The logarithm, since counts span orders of magnitude: the raw share would touch only the few
    most popular items, and a rank would drive items apart that hardly differ in the long tail.
    """
    counts = np.log1p(pool.popularity.astype(np.float64))
    most = counts.max(initial=0.0)
    return counts / most if most > 0 else np.zeros_like(counts)


def _values(pool: CandidatePool, scenario: Scenario) -> Floats:
    del scenario
    return -popularity(pool)


def _why_inert(pool: CandidatePool, scenario: Scenario) -> str:
    is_even = np.ptp(_values(pool, scenario)[pool.is_candidate]) == 0
    return "All candidates are equally popular." if is_even else ""


POPULARITY_PENALTY = Term(
    weight(
        "popularity_penalty",
        "pop",
        "Popularity penalty",
        "Counts popularity against an item.",
    ),
    serves="items",
    part=Part("popularity", "Popularity", "vermilion"),
    static=_values,
    why_inert=_why_inert,
)
