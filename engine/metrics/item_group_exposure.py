"""Exposure by item group against catalogue, history and merit, with intervals.

All figures follow from sums per block of people and item group; each is computed for everyone and
with each block left out, which gives its interval.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arrays import quotient
from engine.metrics.concentration import leave_out
from engine.metrics.item_groups import ItemGroups
from engine.metrics.kernels.exposure_blocks import Exposure

__all__ = ["FORMULAS", "RATES", "GroupExposure", "group_exposure", "item_group_figures"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class GroupExposure:
    """Sums by item group; float64 arrays of shape (1 + n_blocks, n_groups).

    Row 0 is everyone, the others leave out one block of people each; a row is NaN where that block
    is empty.

    Attributes
    ----------
    groups : ItemGroups
    attention, clicks, slots, hits, held : arrays
        As in :class:`~engine.metrics.kernels.exposure_blocks.Exposure`, summed over the group.
    unseen : array
        Pairs of a person and an item of the group that is not in their history.
    sizes : float64 array of shape (n_groups,)
        Items of each group.
    target : float64 array of shape (n_groups,)
        Share of exposure that each group is held against.
    """

    groups: ItemGroups
    attention: Floats
    clicks: Floats
    slots: Floats
    hits: Floats
    held: Floats
    unseen: Floats
    sizes: Floats
    target: Floats

    @property
    def share(self) -> Floats:
        """Share of attention of each group; NaN where no item gets any."""
        return quotient(self.attention, self.attention.sum(axis=1, keepdims=True))


def group_exposure(blocks: Exposure, groups: ItemGroups, target: Floats) -> GroupExposure:
    """Sum exposure over item groups; O(blocks · items).

    Parameters
    ----------
    blocks : Exposure
    groups : ItemGroups
        Any grouping, also one where items belong to several groups.
    target : float64 array of shape (n_groups,)
        See :func:`engine.metrics.targets.group_shares`.
    """
    people = blocks.people.astype(np.float64)
    unseen = people[:, None] * groups.sizes - groups.total(blocks.past)
    return GroupExposure(
        groups=groups,
        attention=leave_out(groups.total(blocks.attention), blocks.people),
        clicks=leave_out(groups.total(blocks.clicks), blocks.people),
        slots=leave_out(groups.total(blocks.slots), blocks.people),
        hits=leave_out(groups.total(blocks.hits), blocks.people),
        held=leave_out(groups.total(blocks.held), blocks.people),
        unseen=leave_out(unseen, blocks.people),
        sizes=groups.sizes,
        target=target,
    )


def item_group_figures(exposure: GroupExposure) -> Floats:
    """Compute every formula of :data:`FORMULAS`, shape (1 + n_blocks, n_figures)."""
    return np.column_stack([formula(exposure) for formula in FORMULAS.values()])


def _of_target(exposure: GroupExposure) -> Floats:
    return quotient(exposure.share, exposure.target)


def _per_item(exposure: GroupExposure) -> Floats:
    return quotient(exposure.attention, exposure.sizes)


def _per_like(exposure: GroupExposure) -> Floats:
    return quotient(exposure.attention, exposure.held)


def _hits_per_like(exposure: GroupExposure) -> Floats:
    return quotient(exposure.clicks, exposure.held)


def _shown(exposure: GroupExposure) -> Floats:
    return quotient(exposure.slots, exposure.unseen)


def _found(exposure: GroupExposure) -> Floats:
    return quotient(exposure.hits, exposure.held)


RATES: dict[tuple[str, ...], Callable[[GroupExposure], Floats]] = {
    ("exposure_divergence", "max_min_exposure"): _of_target,
    ("exposure_parity",): _per_item,
    ("disparate_treatment",): _per_like,
    ("disparate_impact",): _hits_per_like,
    ("rank_parity_spread",): _shown,
    ("equal_opportunity_spread",): _found,
}
"""Metrics → the rate of each group that they want equal over groups, (1 + n_blocks, n_groups)."""


def _divergence(exposure: GroupExposure) -> Floats:
    share = exposure.share
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = share * np.log(share / exposure.target)
    return np.where(share == 0, 0.0, terms).sum(axis=1)


def _parity(exposure: GroupExposure) -> Floats:
    return _least_over_most(_per_item(exposure))


def _treatment(exposure: GroupExposure) -> Floats:
    return _least_over_most(_per_like(exposure))


def _impact(exposure: GroupExposure) -> Floats:
    return _least_over_most(_hits_per_like(exposure))


def _rank_parity(exposure: GroupExposure) -> Floats:
    return _relative_spread(_shown(exposure))


def _opportunity(exposure: GroupExposure) -> Floats:
    return _relative_spread(_found(exposure))


def _max_min(exposure: GroupExposure) -> Floats:
    return _over_defined(np.nanmin, _of_target(exposure), 1)


def _worst_half(exposure: GroupExposure) -> Floats:
    """Add up the exposure of the half of the groups that get least of their target."""
    n_groups = exposure.share.shape[1]
    if n_groups < 2:
        return np.full(len(exposure.share), np.nan)
    order = np.argsort(_of_target(exposure), axis=1, kind="stable")
    return np.take_along_axis(exposure.share, order[:, : n_groups // 2], axis=1).sum(axis=1)


FORMULAS: dict[str, Callable[[GroupExposure], Floats]] = {
    "exposure_divergence": _divergence,
    "exposure_parity": _parity,
    "disparate_treatment": _treatment,
    "disparate_impact": _impact,
    "rank_parity_spread": _rank_parity,
    "equal_opportunity_spread": _opportunity,
    "max_min_exposure": _max_min,
    "worst_half_exposure": _worst_half,
}
"""Name of a metric → its formula over :class:`GroupExposure`."""


def _least_over_most(rates: Floats) -> Floats:
    """Least over most of the groups with a rate; NaN with fewer than two, or where all are 0."""
    least, most = _over_defined(np.nanmin, rates, 2), _over_defined(np.nanmax, rates, 2)
    return quotient(least, most)


def _relative_spread(rates: Floats) -> Floats:
    """Divide the population standard deviation of the groups with a rate by their mean."""
    mean, spread = _over_defined(np.nanmean, rates, 2), _over_defined(np.nanstd, rates, 2)
    return quotient(spread, mean)


def _over_defined(reduce: Callable[..., Floats], rates: Floats, at_least: int) -> Floats:
    out = np.full(len(rates), np.nan)
    has = (~np.isnan(rates)).sum(axis=1) >= at_least
    if has.any():
        out[has] = reduce(rates[has], axis=1)
    return out
