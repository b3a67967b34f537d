"""What stands below the list: the trade-off, or what each control does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from dashboard import cached_tune, session
from dashboard.controls import redraw_live
from dashboard.tune.cap_panel import draw_caps
from dashboard.tune.control_panel import draw_controls
from dashboard.tune.trade_off_panel import trade_off_drawing
from dashboard.tune.view import View
from engine.analysis.removal import Removal
from engine.metrics.registry import METRICS
from engine.reranking import CapReport

__all__ = [
    "AGAINST",
    "CONTROLS_ONE_BY_ONE",
    "TRADE_OFF",
    "against_choice",
    "lower_choice",
    "lower_drawing",
]

TRADE_OFF = "Trade-off"
CONTROLS_ONE_BY_ONE = "What each control does"
AGAINST = ("ild", "fresh_share", "aplt", "coverage", "gini", "novelty", "miscalibration")
"""Metrics that can stand against NDCG."""


def lower_choice() -> str:
    """Draw the switch between the two; return what is chosen."""
    return st.segmented_control(
        "Below the list",
        [TRADE_OFF, CONTROLS_ONE_BY_ONE],
        default=TRADE_OFF,
        required=True,
        key=session.TUNE_VIEW,
        bind="query-params",
        persist_state="session",
        label_visibility="collapsed",
    )


def against_choice() -> None:
    """Draw the select box of the metric that stands against NDCG."""
    st.selectbox(
        "NDCG against",
        AGAINST,
        format_func=lambda name: f"NDCG against {METRICS[name].label}",
        key=session.TRADE_OFF,
        on_change=redraw_live,
        bind="query-params",
        persist_state="session",
        label_visibility="collapsed",
    )


def lower_drawing(view: View) -> Callable[[], None]:
    """Make what is chosen, and return the function that draws it."""
    if session.choice(session.TUNE_VIEW) == TRADE_OFF:
        return trade_off_drawing(view, session.choice(session.TRADE_OFF)).draw
    removals = cached_tune.removals(view.scenario)
    caps = cached_tune.cap_reports(view.scenario) if view.scenario.caps else ()
    return partial(_draw_one_by_one, removals, caps)


def _draw_one_by_one(removals: Sequence[Removal], caps: Sequence[CapReport]) -> None:
    draw_controls(removals)
    if caps:
        draw_caps(caps)
