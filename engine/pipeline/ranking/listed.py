"""Who and what a list is about: what rankers that know items and groups by number read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.neural.tensors import last_items
from engine.pipeline.retrieval.histories import Histories

__all__ = ["LAST_LIKED", "Listed", "about"]

LAST_LIKED = 20
"""So many of the last likes of a person are read."""


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
    """

    items: NDArray[np.int32]
    groups: NDArray[np.int16]
    liked: NDArray[np.int32]

    @classmethod
    def of(
        cls, items: NDArray[np.int32], histories: Histories, groups: NDArray[np.int16]
    ) -> Listed:
        """Read the histories of the same people, as of the moment of the candidates."""
        return cls(items, groups, last_items(histories.liked, LAST_LIKED))

    def take(self, people: NDArray[Any]) -> Listed:
        """Take some of the people, by number or mask."""
        return Listed(self.items[people], self.groups[people], self.liked[people])

    def columns(self, places: NDArray[np.int64]) -> Listed:
        """Take some columns of each person, int64 of shape (n_people, width)."""
        return Listed(np.take_along_axis(self.items, places, axis=1), self.groups, self.liked)


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
