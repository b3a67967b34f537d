"""The tables of the Tune page, to take away."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import pandas as pd

from dashboard import cached_tune
from dashboard.charts.lorenz import PERCENT, lorenz_points
from dashboard.downloads import downloads
from dashboard.presets import in_words
from dashboard.tune.cap_panel import cap_frame
from dashboard.tune.exposure_panel import band_frame
from dashboard.tune.group_panel import group_frame
from dashboard.tune.removal import removal_frame
from dashboard.tune.view import View

__all__ = ["Shown", "figure_frame", "lorenz_frame", "take_away", "trail_frame"]


@dataclass
class Shown:
    """What the page showed last; the live part writes it, the downloads read it at the click."""

    view: View | None = None
    people: pd.DataFrame | None = None
    attribute: str = ""
    metric: str = ""

    @property
    def now(self) -> View:
        """The view, once there is one."""
        assert self.view is not None
        return self.view

    def list(self) -> pd.DataFrame:
        """Return the chosen person's list."""
        assert self.people is not None
        return self.people

    def groups(self) -> pd.DataFrame:
        """Return the chosen metric by group."""
        return group_frame(self.now.found.groups(self.attribute), self.metric)


def figure_frame(view: View) -> pd.DataFrame:
    """Return every metric of everybody: value, interval, change, verdict."""
    return pd.DataFrame([asdict(figure) for figure in view.found.figures.values()])


def lorenz_frame(view: View) -> pd.DataFrame:
    """Return the share of exposure that the least exposed items hold, before and after."""
    return pd.DataFrame(
        {
            "percent_of_items": PERCENT,
            "before": lorenz_points(view.found.baseline_exposure),
            "after": lorenz_points(view.found.exposure),
        }
    )


def trail_frame(view: View) -> pd.DataFrame:
    """Return every metric of the last settings, oldest first."""
    return pd.DataFrame(
        [
            {"setting": in_words(scenario)} | {name: figure.value for name, figure in noted.items()}
            for scenario, noted in view.trail
        ]
    )


def take_away(shown: Shown) -> None:
    """Draw the downloads."""
    downloads(
        {
            "metrics": lambda: figure_frame(shown.now),
            "list": shown.list,
            "groups": shown.groups,
            "exposure_by_popularity": lambda: band_frame(shown.now),
            "lorenz_curves": lambda: lorenz_frame(shown.now),
            "trade_off_trail": lambda: trail_frame(shown.now),
            "controls": lambda: removal_frame(cached_tune.removals(shown.now.scenario)),
            "caps": lambda: cap_frame(cached_tune.cap_reports(shown.now.scenario)),
        },
        lambda: shown.now.scenario,
    )
