"""Fairness for items: lifts an under-exposed group of items towards more exposure.

How the lift is found is a method of its own (:mod:`engine.reranking.item_fairness`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.errors import ScenarioError
from engine.terms.record import Choice, Named, Number, Part, Term, weight

if TYPE_CHECKING:
    from engine.reranking.candidate_pool import CandidatePool

__all__ = ["ITEM_FAIRNESS_TERM", "in_group"]


def in_group(pool: CandidatePool, group: str) -> NDArray[np.bool_]:
    """Return which items are in ``long_tail``, ``genre:NAME`` or ``provider:NAME``.

    Raises
    ------
    ScenarioError
        The data set has no such genre or provider.
    """
    kind, _, name = group.partition(":")
    if kind == "long_tail":
        return pool.is_long_tail
    names = pool.genre_names if kind == "genre" else pool.provider_names
    if name not in names:
        known = ", ".join(names) or "none"
        raise ScenarioError(
            f"`item_fairness_group` of the scenario names the {kind} {name!r}, which this data set "
            f"does not have; it has: {known}."
        )
    if kind == "genre":
        return pool.genre_matrix[:, names.index(name)]
    return pool.items["provider"] == names.index(name)


ITEM_FAIRNESS_TERM = Term(
    weight(
        "item_fairness",
        "fair",
        "Fairness (items)",
        "Lifts an under-exposed group of items towards more exposure. FA*IR is off at 0 and on "
        "above; max-min moves in steps.",
    ),
    serves="items",
    finer=(
        Named(
            "item_fairness_group",
            "group",
            "Items to lift",
            "long_tail",
            "Who is lifted.",
            "long_tail, genre:NAME or provider:NAME",
            prefixes=("genre:", "provider:"),
        ),
        Choice(
            "item_fairness_method",
            "lift",
            "Method",
            {
                "weight": "Weight: a fixed lift, which may go past any share",
                "target": "Target: meet an exposure share",
                "fair_star": "FA*IR: every top part of a list passes a test",
                "max_min": "Max-min: lift the worst-off provider",
            },
            "weight",
            "How the group is lifted.",
        ),
        Number(
            "item_fairness_target",
            "target",
            "Share to meet or to test",
            0.0,
            1.0,
            0.3,
            0.01,
            "share",
            "Target: the share of exposure that the group should have. FA*IR: the share of a test, "
            "not of the result: a top part of a list passes unless a random draw at this share "
            "would hold so few of the group too rarely, so it may hold far fewer. Weight and "
            "max-min do not use it.",
        ),
        Number(
            "fair_star_alpha",
            "alpha",
            "FA*IR significance",
            0.01,
            0.5,
            0.1,
            0.01,
            "probability",
            "FA*IR: how often a list drawn at random at the share above may fail the test; the "
            "lower, the fewer of the group are asked for. Counts are whole, so it moves in steps.",
        ),
    ),
    part=Part("fairness", "Fairness", "purple"),
    is_in_sum=lambda scenario: scenario.item_fairness_method == "weight",
)
