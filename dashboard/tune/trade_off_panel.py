"""Where the last settings stood: NDCG against a metric of choice."""

from __future__ import annotations

from typing import cast

import streamlit as st

from dashboard import session
from dashboard.charts.trade_off import Measure, Stop, trade_off, trade_off_alt
from dashboard.controls import redraw_live
from dashboard.panels import chart
from dashboard.presets import in_words
from dashboard.tune.view import View
from engine.metrics.figures import Figure
from engine.metrics.registry import METRICS

__all__ = ["against_choice", "trade_off_panel"]

AGAINST = ("ild", "fresh_share", "aplt", "coverage", "gini", "novelty", "miscalibration")
HEIGHT = 200
STEPS = {"novelty": 0.5}


def against_choice() -> None:
    """Draw the select box of the metric that stands against NDCG."""
    st.selectbox(
        "Against",
        AGAINST,
        format_func=lambda name: METRICS[name].label,
        key=session.TRADE_OFF,
        on_change=redraw_live,
        bind="query-params",
        persist_state="session",
        label_visibility="collapsed",
        width=200,
    )


def trade_off_panel(view: View, against: str) -> None:
    """Draw the trail; it grows with each new setting and starts anew with the list length."""
    figures = view.found.figures
    about = (view.artifacts.fit_id, view.scenario.k)
    stops = [
        _stop(cast(dict[str, Figure], noted), against, in_words(scenario))
        for scenario, noted in session.trail(about, figures)
    ]
    before = Stop(_before(figures[against]), _before(figures["ndcg"]), "before")
    spec = METRICS[against]
    x = Measure(f"{spec.label}, {spec.unit}", STEPS.get(against, 0.05), spec.as_percent)
    y = Measure(f"NDCG@{view.scenario.k}", 0.02)
    figure = trade_off(stops, before, x=x, y=y, height=HEIGHT)
    chart(figure, key="trade_off", alt=trade_off_alt(stops, before, x=x, y=y))


def _before(figure: Figure) -> float:
    return figure.value - figure.difference


def _stop(figures: dict[str, Figure], against: str, words: str) -> Stop:
    return Stop(figures[against].value, figures["ndcg"].value, words)
