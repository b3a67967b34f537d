"""What the page hands out: its tables as CSV."""

from __future__ import annotations

import pandas as pd

from dashboard import cached_exposure
from dashboard.downloads import downloads
from dashboard.exposure.frames import group_frame, lift_frame, mover_frame, shares, stage_frame
from dashboard.exposure.view import ExposureView

__all__ = ["item_frame", "take_away"]


def item_frame(view: ExposureView) -> pd.DataFrame:
    """Return a row per item of the catalogue: popularity, exposure before and now."""
    items = view.artifacts.items
    return pd.DataFrame(
        {
            "item_id": items["item_id"],
            "title": items["title"],
            "popularity": view.artifacts.popularity,
            "exposure before": view.found.baseline_exposure,
            "exposure now": view.found.exposure,
            "places before": view.found.baseline.slots,
            "places now": view.found.measured.slots,
        }
    )


def take_away(view: ExposureView) -> None:
    """Draw the download button for what is shown; call it in the live part."""

    def movers() -> pd.DataFrame:
        moved = cached_exposure.movement(view.scenario, view.settings)
        return pd.concat([mover_frame(view, moved, sign=sign, n=100) for sign in (1, -1)])

    def lifts() -> pd.DataFrame:
        tables = {name: lift_frame(view, name) for name in view.artifacts.attributes}
        return pd.concat(tables, names=["attribute"]).reset_index(level=0)

    downloads(
        {
            "item_groups": lambda: group_frame(*shares(view), view.target),
            "stages": lambda: stage_frame(view),
            "every_item": lambda: item_frame(view),
            "gained_and_lost": movers,
            "popularity_lift": lifts,
        },
        view.scenario,
    )
