"""One matrix: every per-user metric of every list, and the exposure of every item.

The only work per item of a list is here; groups, intervals, differences and gaps are sums over
what this returns.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.errors import ScenarioError
from engine.metrics.audience import Audience
from engine.metrics.audience_wide import audience_wide
from engine.metrics.item_group_exposure import GroupExposure, group_exposure
from engine.metrics.item_groups import ItemGroups
from engine.metrics.kernels.exposure_blocks import Exposure, count_exposure
from engine.metrics.kernels.group_sums import add_up
from engine.metrics.kernels.inputs import Rows
from engine.metrics.kernels.lists_pass import pass_over_lists
from engine.metrics.list_inputs import catalogue_facts, people_facts, reading_of
from engine.metrics.registry import AUDIENCE_METRICS, COLUMN, USER_METRICS
from engine.metrics.settings import Settings
from engine.metrics.targets import tail_targets
from engine.progress import in_blocks
from engine.remade import Remade

__all__ = ["Measured", "Settings", "measure"]


class Details(NamedTuple):
    """What is large of a measurement: 4 bytes a metric and person, 1 KiB an item."""

    values: NDArray[np.float32]
    blocks: Exposure | None


@dataclass(frozen=True, eq=False)
class Measured:
    """What :func:`measure` found.

    Attributes
    ----------
    names : tuple of str
        :data:`engine.metrics.registry.USER_METRICS`.
    users : int64 array of shape (n_rows,)
        Index of each row's person.
    items : int32 array of shape (n_rows, k)
        The lists measured.
    groups : ItemGroups
        The grouping of items in ``settings``.
    target : float64 array of shape (n_groups,)
        What its shares of exposure are held against.
    settings : Settings
    aims : dict
        Metric → target, of those whose target the data and the settings give.
    asked : frozenset of str or None
        Metrics that were measured; None for all.
    details : Remade
        ``values`` and ``blocks``: measured again where many others were asked for since.
    """

    names: tuple[str, ...]
    users: NDArray[np.int64]
    items: NDArray[np.int32]
    groups: ItemGroups
    target: NDArray[np.float64]
    settings: Settings
    aims: dict[str, float]
    asked: frozenset[str] | None
    details: Remade[Details]

    @property
    def values(self) -> NDArray[np.float32]:
        """One column per name of ``names``, shape (n_rows, n_metrics); NaN where undefined."""
        return self.details.get().values

    @property
    def blocks(self) -> Exposure:
        """Sums per item and block of people.

        Raises
        ------
        KeyError
            No metric of the whole audience was asked for.
        """
        blocks = self.details.get().blocks
        if blocks is None:
            raise KeyError("no metric of the whole audience was asked for")
        return blocks

    @cached_property
    def totals(self) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
        """Number, sums of values, squares and cubes, number not 0, each (1, n_metrics)."""
        return add_up(self.values, np.zeros(len(self.values), np.int64), 1)

    @cached_property
    def replicates(self) -> NDArray[np.float64]:
        """Audience-wide figures with blocks left out, see :mod:`.audience_wide`."""
        return audience_wide(self.blocks, self.by_item_group)

    @cached_property
    def by_item_group(self) -> GroupExposure:
        """Exposure added up over the grouping of items in ``settings``."""
        return group_exposure(self.blocks, self.groups, self.target)

    def column(self, name: str) -> NDArray[np.float32]:
        """Per-user values of one metric, shape (n_rows,).

        Raises
        ------
        KeyError
            It was not asked for.
        """
        if self.asked is not None and name not in self.asked:
            raise KeyError(f"{name} was not asked for")
        return self.values[:, COLUMN[name]]

    @cached_property
    def exposure(self) -> NDArray[np.float64]:
        """Attention that each item gets over all lists, shape (n_items,)."""
        return self.blocks.attention.sum(axis=0)

    @cached_property
    def slots(self) -> NDArray[np.int64]:
        """Places that each item fills over all lists, shape (n_items,)."""
        return self.blocks.slots.sum(axis=0)


def measure(
    audience: Audience,
    items: NDArray[np.int32],
    *,
    baseline: NDArray[np.int32] | None = None,
    users: NDArray[np.int64] | None = None,
    settings: Settings | None = None,
    metrics: Collection[str] | None = None,
) -> Measured:
    """Measure all lists at once; O(users · k · (d + genres + k)).

    Parameters
    ----------
    audience : Audience
    items : int32 array of shape (n_rows, k)
        One list per row, best first, padded with -1. From any stage.
    baseline : int32 array of shape (n_rows, any), optional
        Lists to compare with (overlap, RBO).
    users : int64 array of shape (n_rows,), optional
        Whose list each row is; all people in order by default.
    settings : Settings, optional
    metrics : collection of str, optional
        Names of those that will be read; all by default. What only others need is not worked out.

    Returns
    -------
    Measured

    Raises
    ------
    ScenarioError
        The lists do not fit the audience, or a setting is out of range.
    """
    settings = settings or Settings()
    users = np.arange(audience.n_users) if users is None else np.asarray(users, dtype=np.int64)
    items = _own(items, users, audience)
    baseline = None if baseline is None else _own(baseline, users, audience)
    asked = None if metrics is None else frozenset(metrics)
    details = Remade(partial(_details, audience, items, baseline, users, settings, asked))
    details.get()
    k = items.shape[1]
    return Measured(
        USER_METRICS,
        users,
        items,
        audience.item_groups[settings.item_groups],
        reading_of(audience, settings, k).target,
        settings,
        tail_targets(audience, settings.target, k),
        asked,
        details,
    )


def _details(
    audience: Audience,
    items: NDArray[np.int32],
    baseline: NDArray[np.int32] | None,
    users: NDArray[np.int64],
    settings: Settings,
    asked: frozenset[str] | None,
) -> Details:
    rows = Rows(
        items,
        users,
        np.empty((len(items), 0), np.int32) if baseline is None else baseline,
        np.empty(items.shape, np.bool_),
        np.empty((len(items), len(USER_METRICS)), np.float32),
    )
    reading = reading_of(audience, settings, items.shape[1], asked)
    people, catalogue = people_facts(audience, items.shape[1]), catalogue_facts(audience, settings)
    for part in in_blocks(len(items)):
        pass_over_lists(rows.of(part), people, catalogue, reading)
    if asked is not None and asked.isdisjoint(AUDIENCE_METRICS):
        return Details(rows.out, None)
    held, past = audience.blocks_of(users)
    blocks = count_exposure(items, users, rows.hits, reading.weights, held=held, past=past)
    return Details(rows.out, blocks)


def _own(
    lists: NDArray[np.int32], users: NDArray[np.int64], audience: Audience
) -> NDArray[np.int32]:
    """Check lists, and give the kernels the one array type that they are compiled for."""
    if lists.ndim != 2 or len(lists) != len(users) or lists.shape[1] < 1:
        raise ScenarioError(
            f"The lists must have one row for each of {len(users)} people and at least one place; "
            f"their shape is {lists.shape}."
        )
    if lists.size and (lists.max() >= audience.n_items or lists.min() < -1):
        raise ScenarioError(
            f"The lists name an item outside the catalogue of {audience.n_items} items; measure "
            "them with the data set that they come from."
        )
    return np.require(lists, np.int32, ["C", "W"])
