"""Numbers of items and groups as rows of tables; whatever is new shares the first row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.ranking.listed import Listed

__all__ = ["NO_IDS", "IdRows", "ReadRows", "learn_id_rows"]

LEAST_LISTS = 5
"""Items that stand in fewer lists that are learned from share the row of the unknown ones."""


@dataclass(frozen=True, eq=False)
class ReadRows:
    """Rows of tables for some people's candidates.

    Attributes
    ----------
    items : int64 array of shape (n_people, n)
    groups : int64 array of shape (n_people, n_attributes)
    liked : int64 array of shape (n_people, n_liked)
        Of what they liked last.
    is_liked : bool array of the same shape
        False where padded.
    gaps : int64 array of the same shape
        See :attr:`~engine.pipeline.ranking.listed.Listed.gaps`; 0 where they are not known.
    """

    items: NDArray[np.int64]
    groups: NDArray[np.int64]
    liked: NDArray[np.int64]
    is_liked: NDArray[np.bool_]
    gaps: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class IdRows:
    """Which items and groups have rows of their own: row 0 of each table is everybody else's.

    Attributes
    ----------
    items : int32 array of shape (n_known,)
        Rising; the item at place ``p`` has row ``p + 1``.
    groups : int64 array of shape (n_attributes,)
        How many groups of each attribute have a row: group ``g`` has row ``g + 1``.
    """

    items: NDArray[np.int32]
    groups: NDArray[np.int64]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known by its number."""
        return not len(self.items)

    def rows_of(self, items: NDArray[np.int32]) -> NDArray[np.int64]:
        """Row of each item, 0 for those without one and for padding.

        >>> IdRows(np.array([3, 7], np.int32), np.array([2])).rows_of(np.array([7, 3, 4, -1]))
        array([2, 1, 0, 0])
        """
        place = np.minimum(np.searchsorted(self.items, items), max(len(self.items) - 1, 0))
        is_known = self.items[place] == items if len(self.items) else np.zeros(items.shape, bool)
        return np.where(is_known, place + 1, 0).astype(np.int64)

    def read(self, listed: Listed) -> ReadRows:
        """Look up everything of some lists."""
        groups = np.where(listed.groups < self.groups, listed.groups + 1, 0).astype(np.int64)
        is_liked = listed.liked >= 0
        gaps = np.zeros(is_liked.shape, np.int64) if listed.gaps is None else listed.gaps
        liked = self.rows_of(listed.liked)
        return ReadRows(self.rows_of(listed.items), groups, liked, is_liked, gaps.astype(np.int64))


NO_IDS = IdRows(np.empty(0, np.int32), np.empty(0, np.int64))


def learn_id_rows(listed: Listed | None, is_candidate: NDArray[np.bool_]) -> IdRows:
    """Give rows to the items that stand in enough lists, and to the groups of their people.

    What somebody liked has a row as well when it stands among the candidates of others.
    """
    if listed is None:
        return NO_IDS
    items, n_lists = np.unique(listed.items[is_candidate], return_counts=True)
    n_groups = listed.groups.max(axis=0, initial=-1).astype(np.int64) + 1
    return IdRows(items[n_lists >= LEAST_LISTS].astype(np.int32), n_groups)
