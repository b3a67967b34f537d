"""The terms of an item that do not depend on the list: freshness, popularity, group.

All lie in [0, 1].
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.errors import ScenarioError
from engine.reranking.audience import Audience

__all__ = ["freshness", "in_group", "popularity"]


def freshness(audience: Audience, half_life_days: float) -> NDArray[np.float64]:
    """Return F = 2^(-age / half-life) per item; 0 where the release is unknown.

    An item released after the last interaction has age 0. An unknown date counts as old, so that
    a missing date never lifts an item; ``Audience.n_undated`` counts them.
    """
    age = np.maximum(audience.now_day - audience.released_day, 0.0)
    return np.where(np.isnan(age), 0.0, np.exp2(-age / half_life_days))


def popularity(audience: Audience) -> NDArray[np.float64]:
    """Return P = ln(1 + people) / ln(1 + most people) per item.

    The logarithm, since counts span orders of magnitude: the raw share would touch only the few
    most popular items, and a rank would drive items apart that hardly differ in the long tail.
    """
    counts = np.log1p(audience.popularity.astype(np.float64))
    most = counts.max(initial=0.0)
    return counts / most if most > 0 else np.zeros_like(counts)


def in_group(audience: Audience, group: str) -> NDArray[np.bool_]:
    """Return which items are in ``long_tail``, ``genre:NAME`` or ``provider:NAME``.

    Raises
    ------
    ScenarioError
        The data set has no such genre or provider.
    """
    kind, _, name = group.partition(":")
    if kind == "long_tail":
        return audience.is_long_tail
    names = audience.genre_names if kind == "genre" else audience.provider_names
    if name not in names:
        known = ", ".join(names) or "none"
        raise ScenarioError(
            f"`item_fairness_group` of the scenario names the {kind} {name!r}, which this data set "
            f"does not have; it has: {known}."
        )
    if kind == "genre":
        return audience.genre_matrix[:, names.index(name)]
    return audience.items["provider"] == names.index(name)
