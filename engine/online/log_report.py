"""What a log can be used for: its size, and whether its propensities can be right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.data.wording import counted
from engine.formats import SHARE, Style, interval, number
from engine.online.estimators import mean_of
from engine.online.log import Log
from engine.online.spread import spread_of
from engine.online.support import RARE

__all__ = ["Check", "log_checks", "log_report_frame", "log_words"]

TOLERANCE = 1e-3
"""By which chances that should add up to 1 may miss it: logs write few digits."""

TEXT = {True: "✓", False: "✗", None: "?"}
WHOLE = Style(0)


@dataclass(frozen=True)
class Check:
    """One thing looked at.

    Attributes
    ----------
    what : str
    is_right : bool or None
        None where the log cannot tell.
    words : str
    """

    what: str
    is_right: bool | None
    words: str


def log_words(log: Log) -> str:
    """Say in a sentence what the log holds."""
    said = (
        f"{counted(len(log), 'place')} shown to {counted(_n(log.user_ids), 'person')}, "
        f"{counted(_n(log.item_ids), 'title')}, {counted(_n(log.policy), 'policy')}; "
        f"{number(float(log.reward.mean()), SHARE)} chosen"
    )
    if log.day is not None and len(log):
        first, last = (str(np.datetime64(int(day), "D")) for day in (log.day.min(), log.day.max()))
        said += f", {first} to {last}"
    return f"{said}."


def _n(values: NDArray[Any]) -> int:
    return len(pd.unique(values))


def log_checks(log: Log, n_items: int) -> list[Check]:
    """Hold propensities against what must be true of them.

    Parameters
    ----------
    log : Log
    n_items : int
        Titles of the catalogue.
    """
    return [
        _titles(log),
        _choices(log),
        _positions(log),
        _range(log),
        _sum_in_slates(log),
        _sum_over_titles(log),
        _positivity(log, n_items),
        _reach(log, n_items),
    ]


def log_report_frame(log: Log, n_items: int) -> pd.DataFrame:
    """Return the checks as a table."""
    rows = [
        {"": TEXT[one.is_right], "what": one.what, "found": one.words}
        for one in log_checks(log, n_items)
    ]
    return pd.DataFrame(rows)


def _titles(log: Log) -> Check:
    n = _n(log.item_ids)
    said = counted(n, "title")
    return Check(
        "Several titles were shown", n > 1, said if n > 1 else f"{said}: no choice to make"
    )


def _choices(log: Log) -> Check:
    n = int(log.reward.sum())
    said = f"{counted(n, 'place')} of {len(log):,} chosen"
    if not n:
        said += ": every policy would earn nothing"
    return Check("Something was chosen", n > 0, said)


def _positions(log: Log) -> Check:
    n_missing = int((log.position < 0).sum())
    if n_missing == len(log):
        return Check("Places", False, "no position is known")
    longest = int(log.position.max()) + 1
    has_top = bool((log.position == 0).any())
    said = f"lists of up to {counted(longest, 'place')}"
    said += "" if has_top else "; the top is not among them, and only the top can be asked about"
    said += f"; unknown in {counted(n_missing, 'row')}" if n_missing else ""
    return Check("Places", has_top, said)


def _range(log: Log) -> Check:
    chance = log.propensity
    n_missing = int(np.isnan(chance).sum())
    if n_missing == len(chance):
        return Check("Propensities in (0, 1]", False, "none is known: nothing can be estimated")
    known = chance[~np.isnan(chance)]
    said = f"from {known.min():.3g} to {known.max():.3g}; below {RARE:g} in "
    said += number(float((known < RARE).mean()), SHARE)
    said += f"; missing in {counted(n_missing, 'row')}" if n_missing else ""
    is_right = bool((known > 0).all() and (known <= 1).all()) and not n_missing
    return Check("Propensities in (0, 1]", is_right, said)


def _sum_in_slates(log: Log) -> Check:
    """Where a list names several titles for one place, their chances are of one draw."""
    what = "Chances of a place add up to at most 1"
    if log.slate is None:
        return Check(what, None, "the log names no lists (`slate`)")
    rows = pd.DataFrame({"slate": log.slate, "place": log.position, "chance": log.propensity})
    is_named = (log.slate != "") & (log.position >= 0)
    each = rows[is_named].groupby(["slate", "place"], sort=False)["chance"].agg(["size", "sum"])
    several = each[each["size"] > 1]
    if not len(several):
        return Check(what, None, "one title for each place of a list: there is nothing to add up")
    n_over = int((several["sum"] > 1 + TOLERANCE).sum())
    said = f"{counted(len(several), 'place')} with several titles, above 1 in {n_over:,}"
    return Check(what, n_over == 0, said)


def _sum_over_titles(log: Log) -> Check:
    """Where chances at the top depend on the title alone, those of all titles are a whole.

    Only at the top: further down they are given what stands above, and need not add up.
    """
    what = "Chances of all titles at the top add up to at most 1"
    is_top = np.isfinite(log.propensity) & (log.position == 0)
    rows = pd.DataFrame({"policy": log.policy, "item": log.item_ids, "chance": log.propensity})
    each = rows[is_top].groupby(["policy", "item"], sort=False)["chance"].agg(["min", "max"])
    is_fixed = (each["max"] - each["min"]) <= 1e-6 * each["max"]
    whole = is_fixed.groupby(level=0, sort=False).all()
    sums = each["max"].groupby(level=0, sort=False).sum()[whole]
    if not len(sums):
        return Check(what, None, "chances change from row to row: there is nothing to add up")
    said = f"{counted(len(sums), 'policy')} alike for everybody: {sums.min():.3f} to "
    said += f"{sums.max():.3f}"
    if sums.min() < 1 - TOLERANCE:
        said += "; what lacks was never shown"
    return Check(what, bool((sums <= 1 + TOLERANCE).all()), said)


def _positivity(log: Log, n_items: int) -> Check:
    """Check that ``1 / propensity`` at the top does not average above the size of the catalogue."""
    what = "Propensities are not too small"
    is_top = (log.position == 0) & np.isfinite(log.propensity)
    if not is_top.any():
        return Check(what, None, "no propensity is known at the top")
    inverse = mean_of(1 / log.propensity[is_top])
    mean = inverse.value
    low, high = spread_of(inverse, pd.factorize(log.user_ids[is_top])[0]).interval(mean)
    said = (
        f"1 / propensity at the top averages {number(mean, WHOLE)} "
        f"({interval(low, high, WHOLE)}): so many titles could stand there, of {n_items:,}"
    )
    if np.isnan(low):
        return Check(what, None, said)
    return Check(what, bool(low <= n_items * (1 + TOLERANCE)), said)


def _reach(log: Log, n_items: int) -> Check:
    seen = _n(log.item_ids)
    said = (
        f"{counted(seen, 'title')} of {n_items:,} were ever shown "
        f"({number(min(seen / n_items, 1.0), SHARE)})"
    )
    said += "; of the others the log says nothing" if seen < n_items else ""
    return Check("Positivity: every title had a chance", seen >= n_items, said)
