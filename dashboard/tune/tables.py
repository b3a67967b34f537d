"""The tables of the Tune page, to take away."""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd

from dashboard import cached_tune
from dashboard.charts.lorenz import PERCENT, lorenz_points
from dashboard.downloads import downloads
from dashboard.presets import in_words
from dashboard.tune.control_tables import cap_frame
from dashboard.tune.exposure_panel import band_frame
from dashboard.tune.group_panel import group_frame
from dashboard.tune.view import View
from engine.analysis.removal import removal_frame
from engine.headline import GROUP_METRIC, headline_of

__all__ = ["figure_frame", "lorenz_frame", "take_away", "trail_frame"]


def figure_frame(view: View, attribute: str) -> pd.DataFrame:
    """Return every metric of everybody: value, interval, change, verdict.

    Those of the headline, the worst group and the gap by ``attribute`` first, as the cards have
    them; ``family`` is what was judged together.
    """
    headline = headline_of(view.found, attribute)
    others = {
        name: figure for name, figure in view.found.figures.items() if name not in headline.figures
    }
    of_groups = {
        f"{GROUP_METRIC} of the worst group by {attribute}": headline.worst_figure,
        f"{GROUP_METRIC} gap by {attribute}": headline.gap_figure,
    }
    parts = (("headline", {**headline.figures, **of_groups}), ("others", others))
    return pd.DataFrame(
        [
            asdict(figure) | {"name": name, "family": family}
            for family, figures in parts
            for name, figure in figures.items()
        ]
    )


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


def take_away(view: View, people: pd.DataFrame, attribute: str, metric: str) -> None:
    """Draw the downloads of what is shown; call it in the live part.

    Parameters
    ----------
    view : View
    people : DataFrame
        The chosen person's list.
    attribute, metric : str
        What the groups chart shows.
    """
    downloads(
        {
            "metrics": lambda: figure_frame(view, attribute),
            "list": lambda: people,
            "groups": lambda: group_frame(view.found.groups(attribute), metric),
            "exposure_by_popularity": lambda: band_frame(view),
            "lorenz_curves": lambda: lorenz_frame(view),
            "trade_off_trail": lambda: trail_frame(view),
            "controls": lambda: removal_frame(cached_tune.removals(view.scenario)),
            "caps": lambda: cap_frame(cached_tune.cap_reports(view.scenario)),
        },
        view.scenario,
    )
