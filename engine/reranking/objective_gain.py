"""What the weight of another objective buys: how much more of its events lists catch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.formats import SHARE, change, interval
from engine.metrics.objective_definitions import metric_of
from engine.metrics.registry import METRICS
from engine.reranking.control_cost import ndcg_change
from engine.reranking.lists import Lists

__all__ = ["gain_words"]


def gain_words(
    artifacts: Artifacts,
    name: str,
    lists: Lists,
    without: Lists,
    users: NDArray[np.integer],
    *,
    n_controls: int = 1,
) -> str:
    """Say how NDCG by an objective differs from that without its weight; O(users · k).

    Parameters
    ----------
    artifacts : Artifacts
    name : str
        An objective that the fit has.
    lists, without : Lists
        Of ``users``: with the weight, and without it alone.
    users : int64 array of shape (n_users,)
    n_controls : int
        Controls whose figures are shown together: the interval allows for as many (Bonferroni).

    Returns
    -------
    str
        One sentence; empty where too few people have such an event in the test.
    """
    assert artifacts.objective_holdout is not None
    place = artifacts.objective_names.index(name)
    held = artifacts.objective_holdout.take(users + place * artifacts.n_users)
    mean, low, high, level, n = ndcg_change(held, lists, without, artifacts.n_items, n_controls)
    if not np.isfinite(mean):
        return ""
    label = METRICS[metric_of(name)].label
    if low <= 0 <= high:
        said = interval(low / level, high / level, SHARE)
        return f"{label}: no clear change ({said}, n = {n:,})."
    return f"{label}: {change(mean, level, ends=(low, high))}, n = {n:,}."
