"""What the weight of another objective buys: how much more of its events lists catch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.formats import SHARE, change, interval
from engine.held_out import is_in_rows, ndcg_at
from engine.metrics.objective_definitions import metric_of
from engine.metrics.registry import METRICS
from engine.metrics.statistics.evidence import student
from engine.metrics.statistics.policy import POLICY
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
    before, after = (
        ndcg_at(one.items.shape[1], is_in_rows(one.items, held, artifacts.n_items), held.lengths())
        for one in (without, lists)
    )
    is_known = np.isfinite(before)
    gained, n = (after - before)[is_known], int(is_known.sum())
    level = float(before[is_known].mean()) if n else np.nan
    if n < POLICY.least_n or not level > 0:
        return ""
    mean, error = float(gained.mean()), float(gained.std(ddof=1) / np.sqrt(n))
    _, ends = student(mean, error, n - 1)
    low, high = ends(POLICY.level / n_controls)
    label = METRICS[metric_of(name)].label
    if low <= 0 <= high:
        said = interval(low / level, high / level, SHARE)
        return f"{label}: no clear change ({said}, n = {n:,})."
    return f"{label}: {change(mean, level, ends=(low, high))}, n = {n:,}."
