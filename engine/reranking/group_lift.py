"""What item fairness adds to a plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.reranking.audience import Audience
from engine.reranking.lists import Lists

__all__ = ["GroupLift", "ListsAt"]

ListsAt = Callable[[NDArray[np.float64]], Lists]
"""Everyone's lists with a given lift per item, shape (n_items,), added to the scenario's."""


@dataclass(frozen=True, eq=False)
class GroupLift:
    """A group of items, how it is lifted, and what was solved for.

    Attributes
    ----------
    is_in : bool array of shape (n_items,)
        The group.
    lift : float64 array of shape (n_items,)
        Added to each item's score.
    floors : int64 array of shape (k + 1,)
        How many of the group the first ``t`` places must hold.
    solved : dict
        What was solved for, by name, for people to read; empty where nothing was.
    """

    is_in: NDArray[np.bool_]
    lift: NDArray[np.float64]
    floors: NDArray[np.int64]
    solved: dict[str, float] = field(default_factory=dict)

    @classmethod
    def none(cls, audience: Audience, k: int) -> GroupLift:
        """No group, no lift, no floor."""
        n_items = audience.n_items
        return cls(np.zeros(n_items, bool), np.zeros(n_items), np.zeros(k + 1, np.int64))
