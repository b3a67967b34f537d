"""A metric by group of people, before and after."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import session
from dashboard.charts.group_dots import group_dots, group_dots_alt
from dashboard.controls import redraw_live
from dashboard.formats import axis_title
from dashboard.panels import Drawing
from dashboard.tune.headline import MIN_GROUP
from dashboard.tune.view import View
from engine.artifacts import Artifacts
from engine.evaluation import GroupComparison
from engine.metrics.registry import METRICS, USER_METRICS

__all__ = ["draw_groups", "group_choice", "group_drawing", "group_frame"]

PANEL_HEIGHT = 280
ROW_HEIGHT, AROUND, LEAST_HEIGHT = 26, 96, 258


def group_choice(artifacts: Artifacts) -> None:
    """Draw the two select boxes: groups by what, and which metric."""
    left, right = st.columns(2, gap="xsmall")
    left.selectbox(
        "Groups by",
        list(artifacts.attributes),
        key=session.ATTRIBUTE,
        on_change=redraw_live,
        bind="query-params",
        persist_state="session",
    )
    right.selectbox(
        "Metric",
        USER_METRICS,
        format_func=lambda name: METRICS[name].label,
        key=session.GROUP_METRIC,
        on_change=redraw_live,
        bind="query-params",
        persist_state="session",
    )


def group_frame(groups: GroupComparison, metric: str) -> pd.DataFrame:
    """Return the figures of every group, those of too small groups left out (NaN)."""
    column = groups.now.column(metric)
    is_small = groups.now.n_defined[:, column] < MIN_GROUP
    frame = pd.DataFrame({"group": groups.labels, "n": groups.now.n_defined[:, column]})
    for name, side in (("before", groups.before), ("after", groups.now)):
        for end, values in (("", side.mean), ("_low", side.low), ("_high", side.high)):
            frame[name + end] = np.where(is_small, np.nan, values[:, column])
    return frame


def group_drawing(view: View, attribute: str, metric: str) -> Drawing:
    """Draw a metric by group, before and after."""
    spec = METRICS[metric]
    frame = group_frame(view.found.groups(attribute), metric)
    title = f"{spec.label} by {attribute}"
    figure = group_dots(
        frame,
        title=title,
        metric=axis_title(spec),
        is_share=spec.as_percent,
        overall=view.found.figures[metric].value,
        height=max(len(frame) * ROW_HEIGHT + AROUND, LEAST_HEIGHT),
    )
    return Drawing("groups", figure, group_dots_alt(frame, title))


def draw_groups(drawing: Drawing) -> None:
    """Draw the chart; many groups scroll inside their panel."""
    is_tall = drawing.figure.layout.height > PANEL_HEIGHT
    with st.container(height=PANEL_HEIGHT if is_tall else "content", border=False):
        drawing.draw()
