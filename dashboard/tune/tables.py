"""The tables of the Tune page, to take away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

import pandas as pd

from dashboard.tune.exposure_panel import band_frame
from dashboard.tune.group_panel import group_frame
from dashboard.tune.list_panel import person_list_frame
from dashboard.tune.view import View

__all__ = ["figure_frame", "tables_of"]


def figure_frame(view: View) -> pd.DataFrame:
    """Return every metric of everybody: value, interval, change, verdict."""
    return pd.DataFrame([asdict(figure) for figure in view.found.figures.values()])


def tables_of(view: View, attribute: str, metric: str) -> dict[str, Callable[[], pd.DataFrame]]:
    """Return file name → function that makes the table.

    The list is made now, for a file is written outside of the session.
    """
    people = person_list_frame(view)
    return {
        "metrics": lambda: figure_frame(view),
        "list": lambda: people,
        "groups": lambda: group_frame(view.found.groups(attribute), metric),
        "exposure_by_popularity": lambda: band_frame(view),
    }
