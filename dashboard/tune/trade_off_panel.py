"""Where the last settings stood: NDCG against a metric of choice."""

from __future__ import annotations

from dashboard.charts.trade_off import Measure, Stop, trade_off, trade_off_alt
from dashboard.panels import Drawing
from dashboard.presets import in_words
from dashboard.tune.view import View
from engine.formats import axis_title
from engine.metrics.figures import Figure
from engine.metrics.registry import METRICS

__all__ = ["trade_off_drawing"]

HEIGHT = 178
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
    return Drawing("trade_off", figure, trade_off_alt(stops, before, x=x, y=y))


def _before(figure: Figure) -> float:
    return figure.value - figure.difference
