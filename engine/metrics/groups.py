"""Metrics by group of people, from sums that add up: groups of any attribute or intersection."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import quotient
from engine.metrics.kernels.group_sums import add_up
from engine.metrics.registry import METRICS, USER_METRICS
from engine.metrics.statistics.skewed_means import shape_of, skewed_interval
from engine.metrics.user_matrix import Measured

__all__ = ["GroupTable", "by_group", "difference_by_group"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class GroupTable:
    """Sums by group, and what follows from them; arrays of shape (n_groups, n_metrics).

    Adding two tables gives the table of both audiences together.

    Attributes
    ----------
    names : tuple of str
        The metrics, by column.
    n : int64 array of shape (n_groups,)
        People in each group.
    n_defined : int64 array
        Those for whom the metric is defined.
    total, squares, cubes : float64 arrays
        Sums of the defined values, of their squares and of their cubes.
    n_moved : int64 array
        Those whose value is not 0: of changes, the people with any.
    is_difference : bool
        The values are changes, which have no range.
    """

    names: tuple[str, ...]
    n: NDArray[np.int64]
    n_defined: NDArray[np.int64]
    total: Floats
    squares: Floats
    cubes: Floats
    n_moved: NDArray[np.int64]
    is_difference: bool = field(default=False)

    def __add__(self, other: GroupTable) -> GroupTable:
        """Table of two disjoint audiences together."""
        return GroupTable(
            self.names,
            self.n + other.n,
            self.n_defined + other.n_defined,
            self.total + other.total,
            self.squares + other.squares,
            self.cubes + other.cubes,
            self.n_moved + other.n_moved,
            self.is_difference,
        )

    @cached_property
    def mean(self) -> Floats:
        """Mean over the people for whom it is defined; NaN for nobody."""
        return quotient(self.total, self.n_defined)

    @cached_property
    def sd(self) -> Floats:
        """Sample standard deviation; NaN for fewer than two."""
        about = self.squares - self.total * np.nan_to_num(self.mean)
        # What is left of a constant after rounding is no spread.
        about = np.where(about > 1e-12 * self.squares, about, 0.0)
        return np.sqrt(quotient(about, self.n_defined - 1))

    @cached_property
    def _ends(self) -> tuple[Floats, Floats]:
        bounds = None
        if not self.is_difference:
            bounds = (
                np.array([METRICS[name].low for name in self.names]),
                np.array([METRICS[name].high for name in self.names]),
            )
        everyone = shape_of(*(part.sum(axis=0) for part in self._sums))
        about = self.sd**2 * np.maximum(self.n_defined - 1, 0)
        return skewed_interval(self.n_defined, self.mean, about, everyone, bounds=bounds)

    @property
    def _sums(self) -> tuple[NDArray[Any], ...]:
        return self.n_defined, self.total, self.squares, self.cubes, self.n_moved

    @property
    def low(self) -> Floats:
        """Lower end of the 95 % interval of the mean; NaN for one person or too few events."""
        return self._ends[0]

    @property
    def high(self) -> Floats:
        """Upper end of the 95 % interval of the mean; NaN for one person or too few events."""
        return self._ends[1]

    @property
    def n_undefined(self) -> NDArray[np.int64]:
        """People for whom the metric is undefined."""
        return self.n[:, None] - self.n_defined

    def column(self, name: str) -> int:
        """Column of a metric."""
        return self.names.index(name)


def by_group(
    measured: Measured | NDArray[np.float32],
    codes: NDArray[np.integer],
    n_groups: int,
    *,
    names: tuple[str, ...] | None = None,
    is_difference: bool = False,
) -> GroupTable:
    """Add up metrics by group; O(users · metrics).

    Parameters
    ----------
    measured : Measured, or float array of shape (n_rows, n_metrics)
    codes : integer array of shape (n_rows,)
        Group of each row in [0, n_groups); -1 for none.
    n_groups : int
    names : tuple of str, optional
        The columns, where an array is given that does not hold all per-user metrics.
    is_difference : bool
        The values are changes.

    Returns
    -------
    GroupTable
        A group with nobody in it has NaN means, never 0.
    """
    if isinstance(measured, Measured):
        values, names = measured.values, measured.names
    else:
        values, names = np.require(measured, np.float32, ["C", "W"]), names or USER_METRICS
    n = np.bincount(codes[codes >= 0], minlength=n_groups)
    return GroupTable(names, n, *add_up(values, codes, n_groups), is_difference)


def difference_by_group(
    after: Measured, before: Measured, codes: NDArray[np.integer], n_groups: int
) -> GroupTable:
    """Add up the change of each person, over those with a value before and after."""
    n = np.bincount(codes[codes >= 0], minlength=n_groups)
    sums = add_up(after.values, codes, n_groups, before=before.values)
    return GroupTable(after.names, n, *sums, is_difference=True)
