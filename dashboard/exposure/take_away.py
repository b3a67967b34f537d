"""What the page hands out: its tables as CSV."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dashboard import cached_exposure
from dashboard.downloads import downloads
from dashboard.exposure.frames import group_frame, lift_frame, mover_frame, shares, stage_frame
from dashboard.exposure.view import ExposureView
from engine.artifacts import Artifacts

__all__ = ["Shown", "item_frame", "take_away"]


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


@dataclass
class Shown:
    """What the page showed last; the live part writes it, the downloads read it at the click."""

    view: ExposureView | None = None

    @property
    def seen(self) -> ExposureView:
        """The view, of which there is one by the time that anything can be clicked."""
        assert self.view is not None
        return self.view


def take_away(shown: Shown, artifacts: Artifacts) -> None:
    """Draw the download button; nothing is made before it is asked for."""

    def movers() -> pd.DataFrame:
        view = shown.seen
        moved = cached_exposure.movement(view.scenario, view.settings)
        both = [mover_frame(view, moved, sign=sign, n=100) for sign in (1, -1)]
        return pd.concat(both)

    def lifts() -> pd.DataFrame:
        tables = {name: lift_frame(shown.seen, name) for name in artifacts.attributes}
        return pd.concat(tables, names=["attribute"]).reset_index(level=0)

    downloads(
        {
            "item_groups": lambda: group_frame(*shares(shown.seen)),
            "stages": lambda: stage_frame(shown.seen),
            "every_item": lambda: item_frame(shown.seen),
            "gained_and_lost": movers,
            "popularity_lift": lifts,
        },
        lambda: shown.seen.scenario,
    )
