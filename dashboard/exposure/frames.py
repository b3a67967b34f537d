"""The page's tables: one row per stage, group, person group or item; charts draw them too."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.exposure.view import ExposureView
from engine.metrics.crossing import cross
from engine.metrics.exposure_shares import ExposureShares, exposure_shares
from engine.metrics.intervals import jackknife
from engine.metrics.item_movement import ItemMovement, holders
from engine.metrics.popularity_by_group import popularity_lift
from engine.metrics.registry import AUDIENCE_METRICS

__all__ = [
    "group_frame",
    "group_shares_by_stage",
    "holder_frame",
    "lift_frame",
    "mover_frame",
    "shares",
    "stage_frame",
]

STAGE_FIGURES = ("coverage", "gini", "n90", "top_item_share", "personalisation")


def shares(view: ExposureView) -> tuple[ExposureShares, ExposureShares]:
    """Return exposure by item group, now (against the baseline) and in the baseline."""
    audience, found = view.found.audience, view.found
    now = exposure_shares(audience, found.measured, view.grouping, baseline=found.baseline)
    return now, exposure_shares(audience, found.baseline, view.grouping)


def group_frame(now: ExposureShares, before: ExposureShares) -> pd.DataFrame:
    """Return a row per item group: size, share before and now, change, targets."""
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
            "change": now.change,
            "change_low": now.change_low,
            "change_high": now.change_high,
            "p": now.p,
            **{f"share of {name}": values for name, values in now.targets.items()},
            "n": now.n,
        }
    )


def group_shares_by_stage(view: ExposureView, n_rows: int) -> NDArray[np.float64]:
    """Return each item group's share of exposure at each stage, shape (n_groups, n_stages)."""
    groups = view.found.audience.item_groups[view.grouping]
    columns = []
    for stage in ("history", *view.stages):
        total = groups.total(view.exposure_of(stage))
        columns.append(total / total.sum() if total.sum() > 0 else np.full(len(total), np.nan))
    return np.column_stack(columns)[:n_rows]


def stage_frame(view: ExposureView) -> pd.DataFrame:
    """Return a row per stage: concentration figures with their 95 % intervals."""
    rows = []
    for stage, measured in view.stages.items():
        value, low, high, _ = jackknife(measured.replicates)
        row: dict[str, object] = {"stage": stage, "n": len(measured.users)}
        for name in STAGE_FIGURES:
            at = AUDIENCE_METRICS.index(name)
            row |= {name: value[at], f"{name}_low": low[at], f"{name}_high": high[at]}
        rows.append(row)
    return pd.DataFrame(rows)


def lift_frame(view: ExposureView, attribute: str) -> pd.DataFrame:
    """Return a row per group of people: popularity of history and lists, lift now and before."""
    labels, codes = cross(view.found.audience, (attribute,))
    audience, n = view.found.audience, len(labels)
    now = popularity_lift(audience, view.found.measured, codes, n)
    before = popularity_lift(audience, view.found.baseline, codes, n)
    frame = pd.DataFrame(
        {
            "group": labels,
            "note": [f"n={size:,}" for size in now.n],
            "n": now.n,
            "undefined": now.n_undefined,
            "popularity of history": now.history,
            "popularity of lists": now.lists,
            "before": before.value,
            "before_low": before.low,
            "before_high": before.high,
            "after": now.value,
            "after_low": now.low,
            "after_high": now.high,
        }
    )
    return frame[frame["n"] > 0].reset_index(drop=True)


def mover_frame(view: ExposureView, moved: ItemMovement, *, sign: int, n: int = 10) -> pd.DataFrame:
    """Return the ``n`` items that most people gained (``sign`` 1) or lost (-1), most first."""
    net = moved.net * sign
    order = np.argsort(-net, kind="stable")[:n]
    order = order[net[order] > 0]
    half = moved.half_width()[order]
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
