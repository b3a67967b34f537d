"""The numbers of an axis have as many decimals each, by the form that a browser picks of these."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from plotly import graph_objects as go

from dashboard.charts.canvas import axis
from dashboard.charts.ticks import ALIASES, EVEN_DECIMALS, percent_ticks
from dashboard.still.scales import ticks

STEPS = [
    Decimal(first).scaleb(power)
    for first, power in itertools.product((1, 2, 5), (-4, -3, -2, -1, 0, 1, 3))
]
"""Steps that Plotly takes between ticks."""


def picked(stops: list[dict], step: Decimal) -> list[str]:
    """Return the forms whose range holds a step, as Plotly looks for them; it takes the first."""
    found = []
    for stop in stops:
        low, high = stop["dtickrange"]
        if (low is None or low <= step) and (high is None or step <= high):
            found.append(stop["value"])
    return found


@pytest.mark.parametrize("step", STEPS)
def test_each_step_has_one_form_that_writes_every_tick_exactly(step):
    (form,) = picked(EVEN_DECIMALS["tickformatstops"], step)
    needed = max(0, -step.normalize().as_tuple().exponent)
    assert form == f",.{needed}f"
    for times in range(-3, 12):
        assert Decimal(format(step * times, form).replace(",", "")) == step * times


@pytest.mark.parametrize("step", [one for one in STEPS if Decimal("0.001") <= one <= 1])
def test_each_step_of_a_share_has_the_decimals_it_needs(step):
    (form,) = picked(percent_ticks(span=0.05)["tickformatstops"], step)
    for times in range(12):
        assert Decimal(format(step * times, form).rstrip("%")) == 100 * step * times


def test_what_a_narrow_axis_writes_has_a_space_before_its_sign():
    form = percent_ticks(span=0.04)
    for tick in (0.0, 0.005, 0.025, 0.125):
        assert form["labelalias"][f"{tick:.1%}"] == f"{tick:.1%}".replace("%", " %")
    assert form["labelalias"]["4%"] == "4 %"
    assert "2.5%" not in percent_ticks(span=0.4)["labelalias"]
    assert all(text == key.replace("%", " %") for one in ALIASES for key, text in one.items())


def test_an_axis_with_a_form_of_its_own_keeps_it():
    assert "tickformatstops" in axis("x")
    assert "tickformatstops" not in axis("x", tickvals=[0, 1], ticktext=["no", "yes"])
    assert axis("x", type="log")["tickformat"] == ","
    assert axis("x", **percent_ticks())["tickformat"] == ".0%"


@pytest.mark.parametrize("span", [[0, 0.3], [0.1, 0.25], [0, 2], [0, 1200], [-0.4, 0.4]])
def test_a_still_picture_writes_an_axis_evenly_too(span):
    labels = [text for _, text in ticks(go.layout.XAxis(range=span, nticks=7))]
    assert len(set(labels)) == len(labels) > 2
    assert len({len(text.partition(".")[2]) for text in labels}) == 1
