"""Past the target: what an aim that can be passed does not show in its figure.

The ratio of the least to the most exposed group is as low before as after where the two have only
changed places; its figure comes nearer to 1, then leaves it again, and says nothing of the side.
"""

from __future__ import annotations

from dataclasses import replace
from math import isnan

import numpy as np
from numpy.typing import NDArray

from engine.metrics.intervals import jackknife
from engine.metrics.item_group_exposure import RATES, GroupExposure

__all__ = ["is_either_way", "overshoots", "passed"]


def passed(before: float, low: float, high: float, target: float) -> bool:
    """Whether a figure was short of its target and is clearly past it now.

    Parameters
    ----------
    before : float
    low, high : float
        Ends of the interval of the figure now.
    target : float

    Examples
    --------
    >>> passed(0.2, 0.85, 0.95, 0.72), passed(0.2, 0.68, 0.76, 0.72), passed(0.8, 0.9, 1.0, 0.72)
    (True, False, False)
    """
    return before < target < low or high < target < before


def is_either_way(before: float, after: float, target: float, reach: float) -> bool:
    """Whether a target was passed by about as much as was missing before.

    ``reach`` is how far the two distances together may be off: within it, neither "nearer" nor
    "further" can be said. False without a target.

    Examples
    --------
    >>> is_either_way(0.5, 0.71, 0.6, 0.05), is_either_way(0.5, 0.61, 0.6, 0.05)
    (True, False)
    """
    if isnan(target) or not (before - target) * (after - target) < 0:
        return False
    return abs(abs(before - target) - abs(after - target)) <= reach


def overshoots(now: GroupExposure, before: GroupExposure) -> dict[str, str]:
    """Name the metrics by item group in which the group worst off has clearly passed the best off.

    Parameters
    ----------
    now, before : GroupExposure
        Over the same people and item groups.

    Returns
    -------
    dict of str to str
        Metric → what has changed places, as a clause; only of those where something has: the
        interval of the log-ratio of their rates (delete-a-block jackknife) lies beyond 0.
    """
    said = {}
    now_all, before_all = _of_everyone(now), _of_everyone(before)
    for names, rate in RATES.items():
        ends = _ends(rate(before_all)[0])
        if ends and not rate(now_all)[0, ends[0]] > rate(now_all)[0, ends[1]]:
            continue
        if ends and _is_above(rate(now), *ends):
            least, most = (now.groups.labels[group] for group in ends)
            clause = f"past equal: {least}, least before, now gets more than {most}, most before"
            said.update(dict.fromkeys(names, clause))
    return said


def _of_everyone(exposure: GroupExposure) -> GroupExposure:
    """Keep the first row alone: most often that is enough to see that nothing changed sides."""
    names = ("attention", "clicks", "slots", "hits", "held", "unseen")
    return replace(exposure, **{name: getattr(exposure, name)[:1] for name in names})


def _ends(rates: NDArray[np.float64]) -> tuple[int, int] | None:
    """Return the groups with the least and the most; ``None`` where they do not differ."""
    if np.isnan(rates).all() or not np.nanmin(rates) < np.nanmax(rates):
        return None
    return int(np.nanargmin(rates)), int(np.nanargmax(rates))


def _is_above(rates: NDArray[np.float64], least: int, most: int) -> bool:
    if rates[0, most] == 0:
        return True
    with np.errstate(divide="ignore", invalid="ignore"):
        log_ratio = np.log(rates[:, [least]] / rates[:, [most]])
    log_ratio[~np.isfinite(log_ratio)] = np.nan
    return bool(jackknife(log_ratio)[1][0] > 0)
