"""What stands below the list: the trade-off, or what each control does."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard import cached_tune, session
from dashboard.charts.trade_off import Measure, Stop, trade_off, trade_off_alt
from dashboard.controls import MOVES_LIVE, choose_part
from dashboard.panels import Drawing
from dashboard.presets import in_words
from dashboard.tune.control_tables import draw_one_by_one
from dashboard.tune.view import View
from engine.formats import axis_title
from engine.metrics.figures import Figure
from engine.metrics.registry import METRICS

__all__ = [
    "AGAINST",
    "CONTROLS_ONE_BY_ONE",
    "TRADE_OFF",
    "against_choice",
    "lower_choice",
    "lower_drawing",
    "trade_off_drawing",
]

HEIGHT = 138
LEAST_REACH = 0.05
"""On both sides of the baseline: a step of a slider is seen, and moves no axis."""
STEPS = {"novelty": 0.5}


def trade_off_drawing(view: View, against: str) -> Drawing:
    """Draw the trail; it grows with each new setting and starts anew with the list length."""
    figures = view.found.figures
    stops = [
        Stop(noted[against].value, noted["ndcg"].value, in_words(scenario))
        for scenario, noted in view.trail
    ]
    before = Stop(_before(figures[against]), _before(figures["ndcg"]), "before")
    spec = METRICS[against]
    x = Measure(axis_title(spec), STEPS.get(against, LEAST_REACH), spec.as_percent)
    y = Measure(f"NDCG@{view.scenario.k}", 0.4 * LEAST_REACH)
    figure = trade_off(stops, before, x=x, y=y, height=HEIGHT)
    alt = trade_off_alt(stops, before, x=x, y=y)
    return Drawing("trade_off", figure, alt, "What does it cost?")


def _before(figure: Figure) -> float:
    return figure.value - figure.difference


TRADE_OFF = "Trade-off"
CONTROLS_ONE_BY_ONE = "What each control does"
AGAINST = ("ild", "fresh_share", "aplt", "coverage", "gini", "novelty", "miscalibration")
"""Metrics that can stand against NDCG."""


def lower_choice() -> str:
    """Draw the switch between the two; return what is chosen."""
    parts = (TRADE_OFF, CONTROLS_ONE_BY_ONE)
    return choose_part(parts, session.TUNE_VIEW, label="Below the list")


def against_choice() -> None:
    """Draw the select box of the metric that stands against NDCG."""
    st.selectbox(
        "NDCG against",
        AGAINST,
        format_func=lambda name: f"NDCG against {METRICS[name].label}",
        key=session.TRADE_OFF,
        **MOVES_LIVE,
        label_visibility="collapsed",
    )


def lower_drawing(view: View) -> Callable[[], None]:
    """Make what is chosen, and return the function that draws it."""
    if session.choice(session.TUNE_VIEW) == TRADE_OFF:
        return trade_off_drawing(view, session.choice(session.TRADE_OFF)).draw
    removals = cached_tune.removals(view.scenario)
    caps = cached_tune.cap_reports(view.scenario) if view.scenario.caps else ()
    return partial(draw_one_by_one, removals, caps)
