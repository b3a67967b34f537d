"""Which items are seen: the Lorenz curve and the share of each popularity band."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from dashboard.charts.lorenz import Curve, lorenz, lorenz_alt
from dashboard.charts.shares import Shares, share_bars, shares_alt
from dashboard.palette import BASELINE, SETTING
from dashboard.panels import Drawing
from dashboard.tune.view import View
from engine.metrics.item_groups import ItemGroups

__all__ = ["band_drawing", "band_frame", "exposure_places", "lorenz_drawing"]

HEIGHT = 198
MIN_WIDTH = 200
BANDS = "popularity_band"


def exposure_places() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Make room for both charts, side by side where there is room."""
    grid = st.grid(2, min_column_width=MIN_WIDTH, gap="xsmall")
    return grid.container(), grid.container()


def lorenz_drawing(view: View) -> Drawing:
    """Draw how unequally exposure is spread over all items."""
    gini, found = view.found.figures["gini"], view.found
    gini_before = gini.value - gini.difference
    curves = (
        Curve("before", found.baseline_exposure, gini_before, BASELINE, "dash"),
        Curve("after", found.exposure, gini.value, SETTING),
    )
    figure = lorenz(curves, height=HEIGHT)
    return Drawing("lorenz", figure, lorenz_alt(curves), "On few items, or on many?")


def _shares(exposure: NDArray[np.float64], groups: ItemGroups) -> NDArray[np.float64]:
    total = exposure.sum()
    by_group = np.asarray(exposure @ groups.weights, dtype=np.float64)
    return by_group / total if total > 0 else np.full(groups.n_groups, np.nan)


def band_frame(view: View) -> pd.DataFrame:
    """Return the share of exposure of each popularity band, before and after."""
    groups = view.found.audience.item_groups[BANDS]
    return pd.DataFrame(
        {
            "band": groups.labels,
            "items": groups.sizes,
            "before": _shares(view.found.baseline_exposure, groups),
            "after": _shares(view.found.exposure, groups),
        }
    )


def band_drawing(view: View) -> Drawing:
    """Draw the share of exposure of each popularity band."""
    frame = band_frame(view)
    series = (
        Shares("before", frame["before"].to_numpy(), BASELINE, is_hollow=True),
        Shares("after", frame["after"].to_numpy(), SETTING),
    )
    title, labels = "Exposure by popularity", tuple(frame["band"])
    figure = share_bars(title, labels, series, x_title="share of exposure", height=HEIGHT)
    alt = shares_alt(title, labels, series)
    return Drawing("bands", figure, alt, "Is the long tail seen?")
