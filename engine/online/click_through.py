"""How often what was shown is chosen, by place and policy, and what that says of attention."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.formats import SHARE, Style, interval, number
from engine.metrics.statistics.evidence import student
from engine.metrics.statistics.policy import POLICY
from engine.online.estimators import clustered
from engine.online.log import Log

__all__ = ["Rate", "click_through", "click_through_lines"]

MOST_PLACES = 20


@dataclass(frozen=True)
class Rate:
    """Choices a view at one place.

    Attributes
    ----------
    policy : str
    place : int
        From 1.
    n, n_people : int
        Views, and the people behind them.
    value, low, high : float
        With its 95 % interval over people.
    attention, attention_low, attention_high : float
        The rate over that of the first place: the chance to be noticed, if what stands at every
        place pleases alike, as where places are filled by draws. NaN without views at the top.
    """

    policy: str
    place: int
    n: int
    n_people: int
    value: float
    low: float
    high: float
    attention: float
    attention_low: float
    attention_high: float


def click_through(log: Log) -> list[Rate]:
    """Return the rate of each policy's first 20 places, in order."""
    _, person = np.unique(log.user_ids, return_inverse=True)
    rates = []
    for policy in dict.fromkeys(log.policy.tolist()):
        is_own = log.policy == policy
        for place in range(min(int(log.position[is_own].max()) + 1, MOST_PLACES)):
            is_here = is_own & (log.position == place)
            if is_here.any():
                rates.append(_rate(log, policy, place, is_own, is_here, person))
    return rates


def _rate(
    log: Log,
    policy: str,
    place: int,
    is_own: NDArray[np.bool_],
    is_here: NDArray[np.bool_],
    person: NDArray[np.int64],
) -> Rate:
    reward, who = log.reward[is_here], person[is_here]
    value = float(reward.mean())
    error, g = clustered(reward - value, who)
    low, high = student(value, error, g - 1)[1](1 - POLICY.confidence)
    is_top = is_own & (log.position == 0)
    ratio, below, above = _ratio(log.reward, is_here, is_top, person)
    return Rate(policy, place + 1, len(reward), g, value, low, high, ratio, below, above)


def _ratio(
    reward: NDArray[np.float64],
    is_here: NDArray[np.bool_],
    is_top: NDArray[np.bool_],
    person: NDArray[np.int64],
) -> tuple[float, float, float]:
    """Rate here over the rate at the top, linearised, people being independent."""
    if not is_top.any() or not reward[is_top].any():
        return np.nan, np.nan, np.nan
    here, top = float(reward[is_here].mean()), float(reward[is_top].mean())
    ratio = here / top
    influence = is_here * (reward - here) / is_here.mean()
    influence = (influence - ratio * is_top * (reward - top) / is_top.mean()) / top
    error, g = clustered(influence, person)
    low, high = student(ratio, error, g - 1)[1](1 - POLICY.confidence)
    return ratio, low, high


def click_through_lines(rates: list[Rate]) -> list[str]:
    """Say every rate in a line."""
    plain = Style(3)
    lines = ["Chosen, by place (95 % intervals over people), and attention if all places please"]
    lines[0] += " alike:"
    for one in rates:
        attention = (
            f"; attention {number(one.attention, plain)} "
            f"({interval(one.attention_low, one.attention_high, plain)})"
            if np.isfinite(one.attention) and one.place > 1
            else ""
        )
        lines.append(
            f"  {one.policy}, place {one.place}: {number(one.value, SHARE)} "
            f"({interval(one.low, one.high, SHARE)}), n = {one.n:,} views of {one.n_people:,} "
            f"people{attention}"
        )
    return lines
