"""New settings next to the best known ones: how a sweep refines its front."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.analysis.aims import better_sign
from engine.analysis.front import is_on_front
from engine.analysis.space import Space
from engine.analysis.trials import Trials
from engine.scenario import Scenario

__all__ = ["propose"]

Floats = NDArray[np.float64]


def propose(
    space: Space, trials: Trials, n: int, *, reach: float, rng: np.random.Generator
) -> list[Scenario]:
    """Make up to ``n`` new settings next to those on the front, rarer parts of it more often.

    A child takes each axis from one of two neighbours on the front (or from their mean) and moves
    it by a normal step of ``reach``, a share of the axis.

    Parameters
    ----------
    space : Space
    trials : Trials
    n : int
    reach : float
    rng : numpy Generator
    """
    known = list(trials.found)
    goods = trials.values()[:, :2] * [better_sign(aim) for aim in trials.aims[:2]]
    on_front = np.flatnonzero(is_on_front(goods))
    on_front = on_front[np.argsort(goods[on_front, 0], kind="stable")]
    if not len(on_front):
        on_front = np.arange(len(known))
    chance = _crowding(goods[on_front])
    fresh: dict[Scenario, None] = {}
    for _ in range(40 * n):
        if len(fresh) >= n:
            break
        at = rng.choice(len(on_front), p=chance)
        mate = min(max(at + rng.choice((-1, 1)), 0), len(on_front) - 1)
        one, two = (space.point(known[on_front[place]]) for place in (at, mate))
        mixed = np.where(rng.random(len(one)) < 0.5, one, (one + two) / 2)
        child = space.scenario(np.clip(mixed + rng.normal(0, reach, len(one)), 0, 1 - 1e-9))
        if child not in trials.found:
            fresh.setdefault(child, None)
    return list(fresh)


def _crowding(front: Floats) -> Floats:
    """Chance of each point in proportion to the room about it; the ends count double."""
    if len(front) < 3:
        return np.full(len(front), 1 / len(front))
    span = np.maximum(np.ptp(front, axis=0), 1e-12)
    gaps = (np.abs(np.diff(front, axis=0)) / span).sum(axis=1)
    room = np.concatenate([[2 * gaps[0]], gaps[:-1] + gaps[1:], [2 * gaps[-1]]]) + 1e-6
    return room / room.sum()
