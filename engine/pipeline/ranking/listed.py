"""Who and what a list is about: what rankers that know items and groups by number read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.neural.tensors import last_items
from engine.pipeline.retrieval.histories import Histories, entry_rows, steps_back

__all__ = ["LAST_LIKED", "N_GAPS", "Listed", "about"]

LAST_LIKED = 20
"""So many of the last likes of a person are read."""

N_GAPS = 12
"""Kinds of gaps between a like and the person's last one: of 2^k − 1 days and more, to 2047."""


@dataclass(frozen=True, eq=False)
class Listed:
    """Numbers behind the features of some people's candidates.

    Attributes
    ----------
    items : int32 array of shape (n_people, n)
        Candidates; :data:`~engine.arrays.PAD` where there is none.
    groups : int16 array of shape (n_people, n_attributes)
        Of the attributes that may be read; -1 where a group is not known.
    liked : int32 array of shape (n_people, LAST_LIKED)
        What each person liked last, the last one in the last column, padding before it.
    gaps : int8 array of shape (n_people, LAST_LIKED), or None
        How long before the person's last like each of these was, as ``⌊log₂(1 + days)⌋``, below
        :data:`N_GAPS`; 0 where padded or where a moment is not known. None where none is.
    """

    items: NDArray[np.int32]
    groups: NDArray[np.int16]
    liked: NDArray[np.int32]
    gaps: NDArray[np.int8] | None = None

    @classmethod
    def of(
        cls, items: NDArray[np.int32], histories: Histories, groups: NDArray[np.int16]
    ) -> Listed:
        """Read the histories of the same people, as of the moment of the candidates."""
        return cls(items, groups, last_items(histories.liked, LAST_LIKED), _gaps(histories))

    def take(self, people: NDArray[Any]) -> Listed:
        """Take some of the people, by number or mask."""
        gaps = None if self.gaps is None else self.gaps[people]
        return Listed(self.items[people], self.groups[people], self.liked[people], gaps)

    def columns(self, places: NDArray[np.int64]) -> Listed:
        """Take some columns of each person, int64 of shape (n_people, width)."""
        return replace(self, items=np.take_along_axis(self.items, places, axis=1))


def _gaps(histories: Histories) -> NDArray[np.int8]:
    rows = histories.liked
    day = histories.day[histories.is_liked]
    last = np.maximum(rows.indptr[1:] - 1, 0)
    before = np.repeat(day[last] if len(day) else np.zeros(rows.n_rows), rows.lengths()) - day
    back = steps_back(rows)
    kept = back < LAST_LIKED
    gaps = np.zeros((rows.n_rows, LAST_LIKED), np.int8)
    steps = np.log2(1 + np.maximum(np.nan_to_num(before[kept]), 0)).astype(np.int8)
    gaps[entry_rows(rows)[kept], LAST_LIKED - 1 - back[kept]] = np.minimum(steps, N_GAPS - 1)
    return gaps


def about(ranker: Any, listed: Listed | None) -> Any:
    """Tell a ranker whom and what the features that it will score belong to.

    A ranker that reads more than features has a method ``about`` that returns it so told; the
    others are returned as they are.

    Parameters
    ----------
    ranker : Ranker
    listed : Listed or None
        Of the same people and candidates, in the same order.
    """
    told = getattr(ranker, "about", None)
    return ranker if told is None or listed is None else told(listed)
