"""What the exposure of item groups is held against: catalogue, history or merit."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import ScenarioError
from engine.metrics.audience import Audience
from engine.metrics.item_groups import ItemGroups

__all__ = ["TARGETS", "group_shares", "tail_targets", "target_shares"]

TARGETS = {
    "catalogue": "share of all items",
    "history": "share of everything in people's histories",
    "merit": "share of held-out likes",
}
"""Name of a target → what it is."""

FLOOR = 1e-6
"""Least share of a target, so that a divergence from it is finite."""


def group_shares(audience: Audience, groups: ItemGroups, target: str) -> NDArray[np.float64]:
    """Return the target share of each item group, shape (n_groups,); NaN where all are zero.

    Raises
    ------
    ScenarioError
        Unknown target.
    """
    if target not in TARGETS:
        raise ScenarioError(f"`target` must be one of {', '.join(TARGETS)}; got {target!r}.")
    per_item: dict[str, NDArray[Any]] = {
        "catalogue": np.ones(audience.n_items),
        "history": audience.popularity,
        "merit": audience.merit,
    }
    mass = groups.total(per_item[target])
    total = mass.sum()
    return mass / total if total > 0 else np.full(len(mass), np.nan)


def tail_targets(audience: Audience, target: str, k: int) -> dict[str, float]:
    """Return what the long-tail metrics aim at in lists of ``k``; NaN where all shares are zero.

    The long tail's share of the catalogue, of histories or of held-out likes: more of it than that
    is past the target.
    """
    share = float(group_shares(audience, audience.item_groups["head_tail"], target)[1])
    return {"aplt": share, "aclt": k * share}


def target_shares(
    audience: Audience, name: str, target: str
) -> tuple[NDArray[np.int16], NDArray[np.float64]]:
    """Return item codes and positive target shares of a grouping with one group per item.

    Shares are kept at least at one in a million and then add up to 1 again. Where the target has
    no mass at all, the catalogue's shares stand in.

    Raises
    ------
    ScenarioError
        Unknown grouping or target, or a grouping in which items belong to several groups.
    """
    single = [group.name for group in audience.item_groups.values() if group.codes is not None]
    if name not in single:
        raise ScenarioError(f"`item_groups` must be one of {', '.join(single)}; got {name!r}.")
    groups = audience.item_groups[name]
    assert groups.codes is not None
    shares = group_shares(audience, groups, target)
    if np.isnan(shares).any():
        shares = group_shares(audience, groups, "catalogue")
    shares = np.maximum(shares, FLOOR)
    return groups.codes, shares / shares.sum()
