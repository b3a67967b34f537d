"""Figures of the Tune page, as pure functions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.charts.canvas import doubling_range, nice_ceiling
from dashboard.charts.group_dots import group_dots, group_dots_alt
from dashboard.charts.lorenz import Curve, lorenz, lorenz_alt, lorenz_points
from dashboard.charts.shares import Shares, share_bars, shares_alt
from dashboard.charts.trade_off import Measure, Stop, trade_off, trade_off_alt

EVIL = "<b>*Drama*</b>"


def groups(shift: float = 0.0) -> pd.DataFrame:
    before, after = np.array([0.2, 0.24, np.nan]), np.array([0.21, 0.22, np.nan]) + shift
    return pd.DataFrame(
        {
            "group": ["man", EVIL, "few"],
            "n": [670, 272, 3],
            "before": before,
            "before_low": before - 0.02,
            "before_high": before + 0.03,
            "after": after,
            "after_low": after - 0.01,
            "after_high": after + 0.02,
        }
    )


def dots(shift: float = 0.0):
    return group_dots(groups(shift), title="NDCG by gender", metric="NDCG", overall=0.21)


def curves() -> tuple[Curve, Curve]:
    rng = np.random.default_rng(0)
    exposure = rng.exponential(size=40)
    return Curve("before", exposure, 0.5, "#7A8594", "dash"), Curve(
        "after", exposure**2, 0.7, "#1F86C4"
    )


def bars():
    series = (
        Shares("before", np.array([0.7, 0.3]), "#7A8594", is_hollow=True),
        Shares("after", np.array([0.4, 0.6]), "#1F86C4"),
    )
    return share_bars("Exposure", ["Hits", EVIL], series, x_title="share of exposure")


def trail(n: int = 3):
    stops = [Stop(0.6 + 0.01 * step, 0.25 - 0.01 * step, EVIL) for step in range(n)]
    x, y = Measure("Diversity", 0.1), Measure("NDCG@10", 0.02)
    return trade_off(stops, Stop(0.6, 0.25, "before"), x=x, y=y)


MAKERS = {"dots": dots, "lorenz": lambda: lorenz(curves()), "bars": bars, "trail": trail}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())
def test_the_same_input_gives_the_same_bytes_and_markup_is_text(make):
    assert make().to_json() == make().to_json()
    assert "<b>" not in make().to_json()


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())
def test_figures_keep_still_and_are_clear(make):
    layout = make().layout
    assert layout.uirevision
    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"
    for axis in (layout.xaxis, layout.yaxis):
        assert axis.range is not None
        assert axis.fixedrange
        assert not axis.automargin


def test_dots_stand_at_their_values_with_their_intervals():
    before, after = dots().data
    np.testing.assert_allclose(before.x, [0.2, 0.24, np.nan])
    np.testing.assert_allclose(after.x, [0.21, 0.22, np.nan])
    np.testing.assert_allclose(after.error_x.array, [0.02, 0.02, np.nan])
    np.testing.assert_allclose(after.error_x.arrayminus, [0.01, 0.01, np.nan])
    assert before.marker.symbol.endswith("-open")
    assert "n = 670" in dots().layout.yaxis.ticktext[0]


def test_a_small_move_moves_no_axis():
    assert dots(0.005).layout.xaxis.range == dots().layout.xaxis.range


def test_values_below_zero_are_inside_the_axis():
    low, high = dots(-0.5).layout.xaxis.range
    assert low <= 0.21 - 0.5 - 0.01 + 1e-9
    assert high >= 0.27


def test_lorenz_points_against_sums_by_hand():
    points = lorenz_points(np.array([3.0, 1.0, 0.0, 0.0]))
    assert points[[0, 25, 50, 75, 100]] == pytest.approx([0, 0, 0, 1 / 4, 1])
    np.testing.assert_allclose(lorenz_points(np.ones(7)), np.linspace(0, 1, 101), atol=1e-12)
    assert np.isnan(lorenz_points(np.zeros(3))).all()


def test_lorenz_axes_are_whole():
    figure = lorenz(curves())
    assert figure.layout.xaxis.range == figure.layout.yaxis.range == (0, 100)
    np.testing.assert_allclose(figure.data[1].y, lorenz_points(curves()[0].exposure) * 100)


def test_bars_are_in_per_cent_and_the_first_is_on_top():
    figure = bars()
    np.testing.assert_allclose(figure.data[1].x, [40, 60])
    top, bottom = figure.layout.yaxis.range
    assert top > bottom


def test_the_last_stop_is_where_we_are():
    figure = trail()
    assert figure.data[2].x == pytest.approx([0.62])
    assert len(figure.data[0].x) == 3
    assert len(trail(0).data[2].x) == 0


def test_words_say_the_figures():
    assert "man: 0.200 before, 0.210 after, n = 670" in group_dots_alt(groups(), "NDCG by gender")
    assert "Gini 0.700" in lorenz_alt(curves())
    one = Shares("before", np.array([0.7, 0.3]), "#7A8594")
    assert "Hits: before 70.0 %" in shares_alt("Exposure", ["Hits", "Rest"], [one])
    x, y = Measure("Diversity", 0.1), Measure("NDCG", 0.02)
    assert "NDCG 0.250 to 0.240; Diversity 0.600 to 0.610" in trade_off_alt(
        [Stop(0.61, 0.24, "")], Stop(0.6, 0.25, ""), x=x, y=y
    )


@pytest.mark.parametrize("value", [1e-9, 0.0123, 0.27, 1.0, 9.99, 12345.0])
def test_a_nice_ceiling_holds_the_value_and_is_near(value):
    assert value <= nice_ceiling(value) * (1 + 1e-9)
    assert nice_ceiling(value) <= 1.5 * value * (1 + 1e-6)


@given(
    home=st.floats(-1, 1),
    values=st.lists(st.floats(-2, 2), max_size=6),
    step=st.sampled_from([0.01, 0.02, 0.25]),
)
def test_a_doubling_range_holds_its_values_and_is_less_than_twice_as_wide(home, values, step):
    low, high = doubling_range(home, values, step=step)
    for side, reaches in (
        (home - low, [home - v for v in values]),
        (high - home, [v - home for v in values]),
    ):
        needed = max([0.0, *reaches])
        assert side >= needed - 1e-8
        assert side <= max(step, 2 * needed) + 1e-8


def test_undefined_values_move_no_axis():
    nothing = doubling_range(0.5, [], step=0.02)
    assert nothing == pytest.approx((0.48, 0.52))
    assert doubling_range(0.5, [np.nan, np.nan], step=0.02) == nothing
    assert np.isfinite(doubling_range(np.nan, [0.3], step=0.02)).all()


def test_the_axes_of_the_trade_off_stand_still_while_a_slider_wanders():
    """Of twelve steps that each raise diversity, the axis may move at the doublings only."""
    x, y = Measure("Diversity", 0.05), Measure("NDCG@10", 0.02)
    home, ranges = Stop(0.6, 0.25, "before"), []
    stops = [Stop(0.6 + 0.01 * step, 0.25 - 0.002 * step, "") for step in range(1, 13)]
    for length in range(1, 13):
        layout = trade_off(stops[:length], home, x=x, y=y).layout
        ranges.append((layout.xaxis.range, layout.yaxis.range))
    assert len(set(ranges)) <= 4
    last = ranges[-1][0]
    assert last[0] < 0.6
    assert last[1] > 0.72


def test_dots_far_from_zero_use_the_room():
    """Differences of dots are read, not lengths: half of the axis may go."""
    assert dots().layout.xaxis.range == (0.15, 0.3)
    assert dots(-0.15).layout.xaxis.range[0] == 0
