"""Every item of the catalogue: its exposure against its popularity or its held-out likes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from dashboard import session
from dashboard.boundary import callback
from dashboard.charts.cloud_layout import LogLane
from dashboard.charts.item_cloud import ItemCloud, item_cloud, item_cloud_alt, item_cloud_note
from dashboard.controls import redraw_live
from dashboard.exposure import keys
from dashboard.exposure.item_holders import item_holders
from dashboard.exposure.view import ExposureView
from dashboard.panels import chart, first_of, reading
from engine.metrics.rank_weights import attention_weights

__all__ = ["cloud_of", "every_item"]

_CHART = "item_cloud"
TENTH, HALF_A_PLACE = 1.1, 0.5
"""Changes of exposure up to this count as "about the same"."""

ACROSS_TITLES = {
    "popularity": "popularity, people with the item in their history",
    "merit": "held-out likes, people",
}


def every_item(view: ExposureView) -> Callable[[], None]:
    """Make the picture of all items; a click on one shows who is shown it."""
    cloud = cloud_of(view, st.session_state.get(keys.ACROSS) or "popularity")
    figure, alt = item_cloud(cloud, chosen=view.item, height=400), item_cloud_alt(cloud)
    return partial(_draw, view, figure, alt)


def _draw(view: ExposureView, figure: go.Figure, alt: str) -> None:
    question = "Which items are seen more than in proportion?"
    chart(figure, key=_CHART, alt=alt, question=question, on_click=_pick(view))
    reading(
        "Above the dotted line an item is seen more than in proportion. Marked: changes of more "
        f"than a tenth and half a place. {item_cloud_note(view.artifacts.n_items)}",
        "Click an item to see who is shown it",
    )
    item_holders(view)


def cloud_of(view: ExposureView, across: str) -> ItemCloud:
    """Shape the catalogue for the chart; the axes depend on list length and attention alone."""
    audience, how = view.found.audience, view.settings
    heights = np.asarray(audience.merit if across == "merit" else audience.popularity)
    now, before = view.found.exposure, view.found.baseline_exposure
    is_more = now > before * TENTH + HALF_A_PLACE
    is_less = now < before / TENTH - HALF_A_PLACE
    weights = attention_weights(how.attention, view.scenario.k, patience=how.patience, top=how.top)
    return ItemCloud(
        heights,
        now,
        before,
        is_more.astype(np.int8) - is_less.astype(np.int8),
        view.artifacts.items["title"].to_numpy(),
        LogLane.spanning(1.0, max(float(heights.max(initial=1)), 2.0)),
        LogLane.spanning(
            float(weights[weights > 0].min()), max(view.found.n_users * float(weights[0]), 1.0)
        ),
        ACROSS_TITLES[across],
        "exposure, attention added up",
    )


def _pick(view: ExposureView) -> Callable[[], None]:
    ids = view.artifacts.items["item_id"]

    @callback
    def pick() -> None:
        points = st.session_state[_CHART].selection.points
        item = first_of(points[0].get("customdata")) if points else None
        if item is not None:
            session.set_item(str(ids.iloc[item]))
        redraw_live()

    return pick
