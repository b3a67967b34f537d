"""Which items more people get than before, which fewer, and who those people are.

>>> before = np.array([[0, 1], [0, 2]], np.int32)
>>> after = np.array([[0, 2], [2, 1]], np.int32)
>>> moved = item_movement(before, after, n_items=3)
>>> moved.n_before.tolist(), moved.n_gained.tolist(), moved.n_lost.tolist()
([2, 1, 1], [0, 1, 1], [1, 1, 0])
>>> holders(before, after, item=0)
Holders(people=array([0, 1]), rank_before=array([1, 1]), rank_after=array([1, 0]))
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray
from scipy import special

from engine.arrays import PAD
from engine.compiled import kernel
from engine.metrics.intervals import CONFIDENCE

__all__ = ["Holders", "ItemMovement", "holders", "item_movement"]


@dataclass(frozen=True, eq=False)
class ItemMovement:
    """How many people's lists hold each item, before and after; arrays of shape (n_items,).

    Attributes
    ----------
    n_people : int
        People with a list.
    n_before, n_gained, n_lost : int64 arrays
        People who had the item, who have it now and did not, who had it and do not now.
    """

    n_people: int
    n_before: NDArray[np.int64]
    n_gained: NDArray[np.int64]
    n_lost: NDArray[np.int64]

    @property
    def n_after(self) -> NDArray[np.int64]:
        """People who have the item now."""
        return self.n_before + self.n_gained - self.n_lost

    @property
    def net(self) -> NDArray[np.int64]:
        """People gained minus people lost."""
        return self.n_gained - self.n_lost

    @property
    def n_moved(self) -> int:
        """Items that anybody gained or lost."""
        return int(((self.n_gained + self.n_lost) > 0).sum())

    def half_width(self, *, n_looked_at: int = 1) -> NDArray[np.float64]:
        """Half the width of the 95 % interval of ``net``, in people, shape (n_items,).

        Each person adds +1, 0 or -1 to ``net``, so over ``n`` people its variance is
        ``gained + lost - net² / n`` (the paired comparison of McNemar 1947).

        Parameters
        ----------
        n_looked_at : int
            Items among which one is chosen for its change; the intervals hold for all of them at
            once (Bonferroni), and so for whichever moved most. 1 for an item chosen in advance.
        """
        z = float(special.ndtri(1 - (1 - CONFIDENCE) / 2 / max(n_looked_at, 1)))
        moved = (self.n_gained + self.n_lost).astype(np.float64)
        spread = moved - self.net.astype(np.float64) ** 2 / max(self.n_people, 1)
        return z * np.sqrt(np.maximum(spread, 0.0))


@dataclass(frozen=True)
class Holders:
    """The people with one item in their list before or after.

    Attributes
    ----------
    people : int64 array of shape (n,)
        User indices: first those who gained the item, then those who keep it, then those who
        lost it; by index within each.
    rank_before, rank_after : int64 arrays of shape (n,)
        Rank from 1 in that list, 0 where the item is not in it.
    """

    people: NDArray[np.int64]
    rank_before: NDArray[np.int64]
    rank_after: NDArray[np.int64]

    @property
    def gained(self) -> NDArray[np.bool_]:
        """Marks those who have the item now and did not before."""
        return (self.rank_before == 0) & (self.rank_after > 0)

    @property
    def lost(self) -> NDArray[np.bool_]:
        """Marks those who had the item before and do not now."""
        return (self.rank_before > 0) & (self.rank_after == 0)


@kernel
def _is_absent(lists: NDArray[Any], others: NDArray[Any], out: NDArray[Any]) -> None:
    """Mark each entry of ``lists`` that is an item and not in the same row of ``others``."""
    for user in numba.prange(lists.shape[0]):
        for position in range(lists.shape[1]):
            item = lists[user, position]
            is_absent = item >= 0
            for other in range(others.shape[1]):
                if others[user, other] == item:
                    is_absent = False
            out[user, position] = is_absent


def _count(items: NDArray[np.int32], n_items: int) -> NDArray[np.int64]:
    return np.bincount(items, minlength=n_items).astype(np.int64)


def _entries_absent(
    lists: NDArray[np.int32], others: NDArray[np.int32], n_items: int
) -> NDArray[np.int64]:
    is_absent = np.empty(lists.shape, dtype=np.bool_)
    _is_absent(lists, others, is_absent)
    return _count(lists[is_absent], n_items)


def item_movement(
    before: NDArray[np.int32], after: NDArray[np.int32], n_items: int
) -> ItemMovement:
    """Count, for every item, the people who gained it and who lost it. O(n_users · k²).

    Parameters
    ----------
    before, after : int32 arrays of shape (n_users, k) and (n_users, k2)
        Lists of the same people; no item twice in a list, :data:`PAD` at the end of short ones.
    n_items : int
        Size of the catalogue.

    Returns
    -------
    ItemMovement
    """
    n_before = _count(before[before != PAD], n_items)
    n_gained = _entries_absent(after, before, n_items)
    n_lost = _entries_absent(before, after, n_items)
    return ItemMovement(len(before), n_before, n_gained, n_lost)


def _ranks(lists: NDArray[np.int32], item: int) -> NDArray[np.int64]:
    is_item = lists == item
    return np.where(is_item.any(axis=1), is_item.argmax(axis=1) + 1, 0)


def holders(before: NDArray[np.int32], after: NDArray[np.int32], item: int) -> Holders:
    """Return the people with ``item`` in their list before or after, and at which ranks.

    Parameters
    ----------
    before, after : int32 arrays of shape (n_users, k) and (n_users, k2)
        Lists of the same people.
    item : int
        Item index.

    Returns
    -------
    Holders
        Empty arrays where nobody has it.
    """
    rank_before, rank_after = _ranks(before, item), _ranks(after, item)
    people = np.flatnonzero(rank_before + rank_after)
    fate = np.select([rank_before[people] == 0, rank_after[people] == 0], [0, 2], default=1)
    people = people[np.argsort(fate, kind="stable")]
    return Holders(people, rank_before[people], rank_after[people])
