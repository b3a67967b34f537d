"""An exploration place: what may stand there to be learned of, and with what chance.

At a share of the lists one place goes to a title drawn evenly from the ranker's first that may
stand there: that no rule hides, and with which no cap and no floor that the list keeps would break.
A title that stands elsewhere on the list changes places with the one it takes the place of. Every
chance is then known, and above 0 for all of them, so that the log can be asked about settings that
would have shown them there. Pinned titles stay where they are.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import ScenarioError
from engine.reranking import RerankPlan
from engine.reranking.kernel.records import FLOOR_BIT
from engine.scenario import Cap

__all__ = ["Dealt", "Exploration", "deal", "options"]

MOST_AMONG = 200


@dataclass(frozen=True)
class Exploration:
    """How lists explore.

    Attributes
    ----------
    share : float
        Of the lists, above 0 and at most 1.
    place : int
        Which place, from 1.
    among : int
        The ranker's first titles, of those that may stand there, that are drawn from.
    """

    share: float
    place: int = 1
    among: int = 20

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ScenarioError(f"--explore must be above 0 and at most 1; got {self.share:g}.")
        for name, value, most in (
            ("--explore-place", self.place, 50),
            ("--explore-among", self.among, MOST_AMONG),
        ):
            if not 1 <= value <= most:
                raise ScenarioError(f"{name} must be from 1 to {most}; got {value}.")


@dataclass(frozen=True, eq=False)
class Dealt:
    """A list, and what may be shown instead of it.

    Attributes
    ----------
    items : int32 array of shape (k,)
        Best first, padded with -1.
    positions : int array of shape (k,)
        Where the ranker had put each.
    at : int
        The exploration place, from 0.
    lists, columns : int arrays of shape (m, k)
        Items and positions of each list that may be shown instead.
    share : float
        With what chance one of them is.
    """

    items: NDArray[np.int32]
    positions: NDArray[np.integer]
    at: int
    lists: NDArray[np.int32]
    columns: NDArray[np.integer]
    share: float

    def chance(self, shown: NDArray[np.int32]) -> NDArray[np.float64]:
        """Return the chance of each item of a list, at its place, shape (len(shown),)."""
        chance = np.zeros(len(shown))
        n = min(len(shown), len(self.items))
        chance[:n] = (1 - self.share) * (self.items[:n] == shown[:n])
        if self.share:
            chance[:n] += self.share * (self.lists[:, :n] == shown[:n]).mean(axis=0)
        return chance

    def drawn(self, rng: random.Random) -> tuple[NDArray[np.int32], NDArray[np.integer], bool]:
        """Draw a list: its items, where the ranker had put them, and whether it explores."""
        if not self.share or rng.random() >= self.share:
            return self.items, self.positions, False
        one = rng.randrange(len(self.lists))
        return self.lists[one], self.columns[one], True


def deal(
    explore: Exploration | None,
    plan: RerankPlan,
    row: int,
    items: NDArray[np.int32],
    positions: NDArray[np.integer],
) -> Dealt:
    """Return what may come of one person's list.

    Parameters
    ----------
    explore : Exploration, optional
    plan : RerankPlan
    row : int
        Of the person.
    items, positions : int arrays of shape (k,)
        The list by the plan, padded with -1.
    """
    if explore is None or explore.place > len(items) or items[explore.place - 1] < 0:
        return Dealt(items, positions, -1, items[None], positions[None], 0.0)
    at = explore.place - 1
    columns = options(plan, row, items, positions, at)[: explore.among]
    new = np.asarray(plan.problem.candidates[row, columns]).astype(np.int32)
    lists, ranked = (np.tile(one, (len(new), 1)) for one in (items, positions))
    option, place = np.nonzero(new[:, None] == items)  # those that change places
    lists[option, place], ranked[option, place] = items[at], positions[at]
    lists[:, at], ranked[:, at] = new, columns
    return Dealt(items, positions, at, lists, ranked, explore.share if len(new) else 0.0)


def options(
    plan: RerankPlan,
    row: int,
    items: NDArray[np.int32],
    positions: NDArray[np.integer],
    at: int,
) -> NDArray[np.int64]:
    """Return which candidates may stand at a place of a list, as columns, the ranker's first first.

    What stands there already is none of them. Arguments are those of :func:`deal`; ``at`` is the
    place, from 0, and not a padded one.
    """
    problem = plan.problem
    candidates = np.asarray(problem.candidates[row, : problem.n_valid[row]])
    own, n = items[at : at + 1], int((items >= 0).sum())
    is_pinned = problem.items["pin"][candidates] >= 0
    if is_pinned[positions[at]]:
        return np.empty(0, np.int64)
    place = np.full(len(candidates), len(items))  # below the list
    place[positions[:n]] = np.arange(n)
    may = np.isfinite(problem.offsets[candidates, 1]) & (place != at)
    may &= ~(is_pinned & (place < n))
    if plan.limits.floors.any():
        is_lifted, was_lifted = _is_lifted(plan, candidates), _is_lifted(plan, own)[0]
        may &= np.where(place > at, is_lifted | (not was_lifted), was_lifted | ~is_lifted)
    for cap in plan.scenario.caps:
        if at < cap.top:
            others = np.delete(items[: min(cap.top, n)], at)
            may &= (place < cap.top) | ~_would_break(plan, cap, others, candidates)
        else:
            for up in range(min(cap.top, n)):
                others = np.delete(items[: cap.top], up)
                may &= (place != up) | ~_would_break(plan, cap, others, own)[0]
    return np.flatnonzero(may)


def _is_lifted(plan: RerankPlan, items: NDArray[np.integer]) -> NDArray[np.bool_]:
    return (plan.problem.items["mask"][items] & FLOOR_BIT) == 0


def _would_break(
    plan: RerankPlan, cap: Cap, others: NDArray[np.int32], candidates: NDArray[np.integer]
) -> NDArray[np.bool_]:
    """Tell which candidates a cap has no room for beside the other titles that it counts."""
    pool = plan.pool
    if cap.kind == "genre":
        names = pool.genre_names
        own, new = pool.genre_matrix[others], pool.genre_matrix[candidates]
    else:
        names, provider = pool.provider_names, plan.problem.items["provider"]
        codes = np.arange(len(names))
        own, new = provider[others][:, None] == codes, provider[candidates][:, None] == codes
    is_meant = np.array([cap.value in (None, name) for name in names], dtype=bool)
    return (new & (is_meant & (own.sum(axis=0) >= cap.at_most))).any(axis=1)
