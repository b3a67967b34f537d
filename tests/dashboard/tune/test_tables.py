"""The tables to take away say what the charts show."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.charts.lorenz import lorenz_points
from dashboard.tune.tables import lorenz_frame, trail_frame
from dashboard.tune.view import View
from engine.evaluation import evaluate_scenario
from engine.scenario import NEUTRAL, Scenario

SCENARIO = Scenario(diversity=0.4)


@pytest.fixture(scope="module")
def view(tiny_artifacts):
    found = evaluate_scenario(tiny_artifacts, SCENARIO)
    neutral = evaluate_scenario(tiny_artifacts, NEUTRAL)
    trail = ((NEUTRAL, neutral.figures), (SCENARIO, found.figures))
    return View(tiny_artifacts, SCENARIO, found, 0.01, trail)


def test_the_trail_is_oldest_first_with_every_metric(view):
    frame = trail_frame(view)
    assert frame["setting"].tolist() == ["Neutral", "Diversity 0.40"]
    ndcg = view.found.figures["ndcg"]
    assert frame["ndcg"].tolist() == pytest.approx([ndcg.value - ndcg.difference, ndcg.value])
    assert set(view.found.figures) <= set(frame)


def test_the_lorenz_curves_are_those_of_the_chart(view):
    frame = lorenz_frame(view)
    assert frame.iloc[0].tolist() == [0, 0, 0]
    assert frame.iloc[-1].tolist() == pytest.approx([100, 1, 1])
    np.testing.assert_array_equal(frame["after"], lorenz_points(view.found.exposure))
