"""What came out of a simulated year, by arm, repetition and round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.simulate.groups import Groups
from engine.simulate.loop_config import Arm, LoopConfig

__all__ = ["Start", "Year"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Start:
    """What the loop began with.

    Attributes
    ----------
    assumption : str
        Key of :data:`engine.simulate.world.ASSUMPTIONS`.
    n_people, n_everybody, n_items : int
        People in the world and in the data; items.
    taste_weight, popularity_weight, agreement : float
        See :class:`engine.simulate.recommender.Recommender`.
    notices : str
        How people go down a list, in words.
    offers_again : bool
        Whether what was played may be shown and played again.
    """

    assumption: str
    n_people: int
    n_everybody: int
    n_items: int
    taste_weight: float
    popularity_weight: float
    agreement: float
    notices: str
    offers_again: bool = False


@dataclass(frozen=True, eq=False)
class Year:
    """Everything measured.

    Attributes
    ----------
    config : LoopConfig
    arms : tuple of Arm
        The first is what the others are compared with.
    values : mapping of str to float64 array of shape (n_arms, n_seeds, n_rounds)
        By measure, but for the gap.
    by_group : mapping of str to float64 array of shape (n_arms, n_seeds, n_rounds, n_groups)
        ``ndcg`` and ``unseen`` of each group.
    groups : Groups
    start : Start
    """

    config: LoopConfig
    arms: tuple[Arm, ...]
    values: Mapping[str, Floats]
    by_group: Mapping[str, Floats]
    groups: Groups
    start: Start

    @property
    def n_seeds(self) -> int:
        """Repetitions that are there."""
        return next(iter(self.values.values())).shape[1]

    def first(self, n_seeds: int) -> Year:
        """Return the first repetitions alone, copied."""
        return replace(
            self,
            values={name: own[:, :n_seeds].copy() for name, own in self.values.items()},
            by_group={name: own[:, :n_seeds].copy() for name, own in self.by_group.items()},
        )

    def of(self, measure: str, attribute: str) -> Floats:
        """Return a measure, shape (n_arms, n_seeds, n_rounds); the gap is of ``attribute``.

        The gap is NaN with fewer than two groups of 20 people.
        """
        if measure != "gap":
            return self.values[measure]
        own = self.by_group["ndcg"][..., self.groups.of(attribute)]
        if own.shape[-1] < 2:
            return np.full(own.shape[:-1], np.nan)
        return own.max(axis=-1) - own.min(axis=-1)
