"""The shop window: which items it favours, and how a row of it is filled.

A row is filled place by place, each time by a draw in proportion to the window's weights among the
items that the person has not played before and that are not in the row yet. So the chance of an
item at its place, given the places above, is known exactly: its weight, over the weight of all
that could have stood there. That is the logged propensity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo_data.world import Dials, World

__all__ = [
    "PLACES",
    "ROUND_DAYS",
    "Rows",
    "attention",
    "fill_rows",
    "propensities",
    "window_weights",
]

PLACES = 20
ROUND_DAYS = 14
NEW_DAYS = 3 * ROUND_DAYS
FOLLOW = 0.9
"""Exponent of recent plays in the weights, at a popularity bias of 1."""
FLOOR = 0.3
"""Plays that an item is credited with, in units of the average item's recent plays."""
DRAWS = 2 * PLACES
"""Draws for a row; those already played or already in the row do not count. Rarely, fewer than
all places get filled; which item stands at a filled place does not depend on that."""


def attention(dials: Dials) -> NDArray[np.float64]:
    """Chance that each place of a row is noticed, shape (PLACES,); 1 at the first."""
    return (1 / np.log2(np.arange(PLACES) + 2)) ** dials.position_bias


def window_weights(
    recent: NDArray[np.float64], world: World, day: int, dials: Dials
) -> NDArray[np.float64]:
    """Chance of each item in one draw, shape (n_items,); 0 before its release.

    ``recent`` counts recent plays. A new release is treated for six weeks as if it were played at
    least as much as the average item.
    """
    is_out = world.released_day <= day
    if not is_out.any():
        return np.zeros(len(recent))
    typical = recent[is_out].mean() + 1e-9
    is_new = world.released_day > day - NEW_DAYS
    played = np.where(is_new, np.maximum(recent, typical), recent)
    favour = (played / typical + FLOOR) ** FOLLOW * world.push
    weights = is_out * favour**dials.popularity_bias
    return weights / weights.sum()


@dataclass(frozen=True, eq=False)
class Rows:
    """Filled places of several rows, flat: row by row, from the top. All arrays: (n_places,)."""

    row: NDArray[np.int64]
    position: NDArray[np.int64]
    item: NDArray[np.int64]


def fill_rows(
    is_played: NDArray[np.bool_],
    people: NDArray[np.int64],
    cumulative: NDArray[np.float64],
    rng: np.random.Generator,
) -> Rows:
    """Fill one row for each entry of ``people``.

    Parameters
    ----------
    is_played : bool array of shape (n_people, n_items)
    people : int array of shape (n_rows,)
        Whose row it is: an index into ``is_played``.
    cumulative : float array of shape (n_items,)
        Running sum of the window's weights.
    rng : Generator
    """
    draws = rng.random((len(people), DRAWS)) * cumulative[-1]
    items = np.searchsorted(cumulative, draws.ravel(), side="right").reshape(draws.shape)
    items = np.minimum(items, len(cumulative) - 1)
    may_stand = ~is_played[people[:, np.newaxis], items] & ~_is_repeat(items)
    place = np.cumsum(may_stand, axis=1)
    rows, columns = np.nonzero(may_stand & (place <= PLACES))
    return Rows(rows, place[rows, columns] - 1, items[rows, columns])


def _is_repeat(items: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Mark the entries of each row that stand further left already."""
    n_columns = items.shape[1]
    keys = np.sort(items * n_columns + np.arange(n_columns), axis=1)
    values, columns = np.divmod(keys, n_columns)
    is_repeat = np.zeros(items.shape, dtype=bool)
    rows, places = np.nonzero(values[:, 1:] == values[:, :-1])
    is_repeat[rows, columns[rows, places + 1]] = True
    return is_repeat


def propensities(
    rows: Rows,
    is_played: NDArray[np.bool_],
    people: NDArray[np.int64],
    weights: NDArray[np.float64],
) -> NDArray[np.float32]:
    """Chance of each item at its place, given the places above it; shape (n_places,)."""
    could_stand = weights.sum() - is_played[people] @ weights
    weight = weights[rows.item]
    above = np.cumsum(weight) - weight
    above -= above[np.searchsorted(rows.row, rows.row)]
    return (weight / (could_stand[rows.row] - above)).astype(np.float32)
