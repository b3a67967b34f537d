"""The page's tables: one row per stage, group, person group or item; charts draw them too."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.exposure.view import ExposureView
from engine.data.wording import counted
from engine.formats import SHARE, change
from engine.metrics.crossing import cross
from engine.metrics.exposure_shares import ExposureShares, exposure_shares
from engine.metrics.item_movement import ItemMovement, holders
from engine.metrics.lift_change import lift_change
from engine.metrics.popularity_by_group import PopularityLift, popularity_lift
from engine.metrics.stage_concentration import FIGURES
from engine.metrics.statistics.disclosure import hidden_groups
from engine.metrics.statistics.policy import POLICY
from engine.metrics.statistics.verdict import Verdict, Word

__all__ = [
    "group_frame",
    "group_shares_by_stage",
    "holder_frame",
    "lift_frame",
    "mover_frame",
    "shares",
    "stage_frame",
]


def shares(view: ExposureView) -> tuple[ExposureShares, ExposureShares]:
    """Return exposure by item group, now (against the baseline) and in the baseline."""
    audience, found = view.found.audience, view.found
    now = exposure_shares(audience, found.measured, view.grouping, baseline=found.baseline)
    return now, exposure_shares(audience, found.baseline, view.grouping)


def group_frame(now: ExposureShares, before: ExposureShares, target: str) -> pd.DataFrame:
    """Return a row per item group: size, share before and now, change, targets.

    The change is judged by ``target``: nearer to it or further from it.
    """
    sizes = now.groups.sizes
    return pd.DataFrame(
        {
            "group": now.groups.labels,
            "note": [f"{size:,.0f} items" for size in sizes],
            "items": sizes,
            "before": before.share,
            "before_low": before.low,
            "before_high": before.high,
            "after": now.share,
            "after_low": now.low,
            "after_high": now.high,
            **_judged(now.judged(target), now.passed(target)),
            **{f"share of {name}": values for name, values in now.targets.items()},
            "n": now.n,
        }
    )


def _judged(verdicts: Sequence[Verdict], passed: Sequence[bool]) -> dict[str, object]:
    """Columns of the change of each group: value, its interval, and what can be said of it."""
    ends = {"change": "value", "change_low": "low", "change_high": "high"}
    ends["p adjusted"] = "p_adjusted"
    return {
        **{name: np.array([getattr(one, part) for one in verdicts]) for name, part in ends.items()},
        "is_clear": [one.is_clear for one in verdicts],
        "verdict": [
            _in_words(one) + (", past it" if is_past and one.is_clear else "")
            for one, is_past in zip(verdicts, passed, strict=True)
        ],
    }


def _in_words(verdict: Verdict) -> str:
    if verdict.is_clear:
        return f"{change(verdict.value, verdict.before, SHARE)} {verdict.word}"
    return "" if verdict.word is Word.TOO_FEW_PEOPLE else str(verdict.word)


def group_shares_by_stage(view: ExposureView) -> NDArray[np.float64]:
    """Return each item group's share of exposure at each stage, shape (n_groups, n_stages)."""
    groups = view.found.audience.item_groups[view.grouping]
    columns = []
    for stage in view.stages:
        total = groups.total(view.exposure_of(stage))
        columns.append(total / total.sum() if total.sum() > 0 else np.full(len(total), np.nan))
    return np.column_stack(columns)


def stage_frame(view: ExposureView) -> pd.DataFrame:
    """Return a row per stage: figures with 95 % intervals, and each step from the stage before."""
    found = view.by_stage
    columns: dict[str, object] = {"stage": found.stages, "n": found.n}
    for at, name in enumerate(FIGURES):
        columns |= {
            name: found.value[:, at],
            f"{name}_low": found.low[:, at],
            f"{name}_high": found.high[:, at],
            f"{name}_step": [row[at].value for row in found.steps],
            f"{name}_step_low": [row[at].low for row in found.steps],
            f"{name}_step_high": [row[at].high for row in found.steps],
            f"{name}_step_confidence": [row[at].confidence for row in found.steps],
            f"{name}_step_is_clear": [row[at].is_clear for row in found.steps],
        }
    return pd.DataFrame(columns)


def lift_frame(view: ExposureView, attribute: str) -> pd.DataFrame:
    """Return a row per group of people: popularity of history and lists, lift now and before.

    Groups too small for the policy in force, and those that would give one away, are one row
    together, without figures.
    """
    labels, codes = cross(view.found.audience, (attribute,))
    audience, n = view.found.audience, len(labels)
    after, before = view.found.measured, view.found.baseline
    lifts = [popularity_lift(audience, one, codes, n) for one in (before, after)]
    verdicts = lift_change(audience, after, before, codes, n).judged()
    is_small = hidden_groups(lifts[1].n, POLICY.least_n)
    figures = {
        "popularity of history": lifts[1].history,
        "popularity of lists": lifts[1].lists,
        **_side("before", lifts[0]),
        **_side("after", lifts[1]),
    }
    frame = pd.DataFrame(
        {
            "group": labels,
            "note": [f"n = {n_people:,}" for n_people in lifts[1].n],
            "n": lifts[1].n,
            "undefined": lifts[1].n_undefined,
            **figures,
            **_judged(verdicts, [False] * n),
        }
    )
    shown, small = frame[~is_small], frame[is_small & (frame["n"] > 0)]
    if not len(small):
        return shown.reset_index(drop=True)
    together = {
        "group": counted(len(small), "small group"),
        "note": f"n = {small['n'].sum():,}, too few",
        "n": small["n"].sum(),
        "undefined": small["undefined"].sum(),
        "is_clear": False,
        "verdict": "",
    }
    return pd.concat([shown, pd.DataFrame([together])], ignore_index=True)


def _side(name: str, lift: PopularityLift) -> dict[str, NDArray[np.float64]]:
    return {name: lift.value, f"{name}_low": lift.low, f"{name}_high": lift.high}


def mover_frame(view: ExposureView, moved: ItemMovement, *, sign: int, n: int = 10) -> pd.DataFrame:
    """Return the ``n`` items that most people gained (``sign`` 1) or lost (-1), most first."""
    net = moved.net * sign
    order = np.argsort(-net, kind="stable")[:n]
    order = order[net[order] > 0]
    half = moved.half_width(n_looked_at=moved.n_moved)[order]
    items = view.artifacts.items.iloc[order]
    return pd.DataFrame(
        {
            "item": order,
            "title": items["title"].to_numpy(),
            "before": moved.n_before[order],
            "after": moved.n_after[order],
            "net": moved.net[order],
            "net_low": moved.net[order] - half,
            "net_high": moved.net[order] + half,
            "popularity": np.asarray(view.artifacts.popularity)[order],
        }
    )


def holder_frame(view: ExposureView, item: int) -> pd.DataFrame:
    """Return the people who have or had an item: id, rank before and after (0 = not listed)."""
    held = holders(view.found.baseline.items, view.found.measured.items, item)
    return pd.DataFrame(
        {
            "user_id": view.artifacts.users["user_id"].to_numpy()[held.people],
            "fate": np.select([held.gained, held.lost], ["gained", "lost"], default="keeps"),
            "rank before": held.rank_before,
            "rank after": held.rank_after,
        }
    )
