"""What item fairness adds to a plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.reranking.candidate_pool import CandidatePool
from engine.reranking.lists import Lists

__all__ = ["GroupLift", "ListsAt", "Solved", "Trials"]


class ListsAt(Protocol):
    """Re-ranks with a lift per item, shape (n_items,), added to the scenario's."""

    def __call__(
        self, lift: NDArray[np.float64], users: NDArray[np.integer] | None = None, /
    ) -> Lists:
        """Return the lists of ``users``, or of everyone."""


@dataclass(frozen=True)
class Trials:
    """What a method may try while it solves for a lift.

    Attributes
    ----------
    here : ListsAt
        Lists with all else that the scenario turns on.
    plain : callable
        Makes a :class:`ListsAt` in which nothing but relevance and the lift counts.
    """

    here: ListsAt
    plain: Callable[[], ListsAt]


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
    levels : tuple of float
        Weights from which something else happens, where the method moves in steps: between two
        of them nothing moves. Empty where it does not.
    """

    is_in: NDArray[np.bool_]
    lift: NDArray[np.float64]
    floors: NDArray[np.int64]
    solved: dict[str, float] = field(default_factory=dict)
    levels: tuple[float, ...] = ()

    @property
    def steps(self) -> tuple[float, ...]:
        """A weight on each step: the first thousandth above its level, where one fits.

        Of a method that is off at 0 and the same at every other weight, 1.
        """
        if self.levels == (0.0,):
            return (1.0,)
        ends = (*self.levels[1:], 1.0)[: len(self.levels)]
        thousandths = [float(np.floor(1000 * low + 1) / 1000) for low in self.levels]
        return tuple(
            near if near < end or end == 1.0 else (low + end) / 2
            for low, near, end in zip(self.levels, thousandths, ends, strict=True)
        )

    @classmethod
    def none(cls, pool: CandidatePool, k: int) -> GroupLift:
        """No group, no lift, no floor."""
        n_items = pool.n_items
        return cls(np.zeros(n_items, bool), np.zeros(n_items), np.zeros(k + 1, np.int64))


class Solved(NamedTuple):
    """What of a plan hangs on everyone, and so is solved for once, whoever is then re-ranked.

    Attributes
    ----------
    shares : float64 array of shape (n_users,)
        The part of every weight that applies to each person.
    group : GroupLift
    """

    shares: NDArray[np.float64]
    group: GroupLift
