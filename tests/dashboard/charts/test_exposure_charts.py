"""The exposure figures draw what they are given, on axes that stay put."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dashboard.charts.cloud_layout import LogLane
from dashboard.charts.exposure_dots import COLUMNS, Target, exposure_dots, exposure_dots_alt
from dashboard.charts.exposure_lorenz import StageCurve, stage_lorenz, stage_lorenz_alt
from dashboard.charts.exposure_stages import stage_shares, stage_shares_alt
from dashboard.charts.item_cloud import (
    ItemCloud,
    item_cloud,
    item_cloud_alt,
    item_cloud_note,
)
from dashboard.exposure.panels import DASHES


def trace(figure, name):
    return next(one for one in figure.data if one.name == name)


def rows(*values):
    return pd.DataFrame(values, columns=list(COLUMNS))


DOTS = rows(
    ("Hits", "12 items", 0.5, 0.45, 0.55, 0.3, 0.28, 0.32),
    ("<b>Tail</b>", "88 items", 0.5, 0.45, 0.55, np.nan, np.nan, np.nan),
)


def test_dots_carry_values_intervals_and_targets_in_per_cent():
    target = Target("catalogue", "catalogue", np.array([0.12, 0.88]))
    figure = exposure_dots(DOTS, title="T", x_title="share of exposure", targets=[target])
    after = trace(figure, "after")
    assert after.x[0] == pytest.approx(30)
    assert (after.error_x.array[0], after.error_x.arrayminus[0]) == pytest.approx((2, 2))
    assert np.isnan(after.x[1])
    assert trace(figure, "catalogue").x.tolist() == pytest.approx([12, 88])
    assert figure.layout.xaxis.title.text == "share of exposure, bar = 95 % interval"


def test_names_from_data_are_not_markup():
    figure = exposure_dots(DOTS, title="T", x_title="share")
    assert "&lt;b&gt;Tail" in figure.layout.yaxis.ticktext[1]


def test_dots_in_words():
    target = Target("history", "history", np.array([0.4, 0.6]))
    said = exposure_dots_alt(DOTS, "Exposure", [target])
    assert said.startswith("Largest change: Hits, 50.0 % to 30.0 % (−20.0 pts). Exposure: ")
    assert "Hits: 50.0 % before, 30.0 % after, history 40.0 %;" in said


def test_a_small_move_leaves_the_axis_of_the_dots_where_it_is():
    moved = DOTS.assign(after=[0.33, 0.1])
    before = exposure_dots(DOTS, title="T", x_title="share").layout.xaxis.range
    assert exposure_dots(moved, title="T", x_title="share").layout.xaxis.range == before


def test_lorenz_curves_have_a_fixed_key_and_fixed_axes():
    half = np.array([0.0, 0.5, 1.0])
    curves = [StageCurve("history", half, half**2, 0.25, "#A6761D")]
    figure = stage_lorenz(curves)
    assert trace(figure, "history").y.tolist() == [0, 25, 100]
    assert figure.layout.xaxis.range == figure.layout.yaxis.range == (0, 100)
    assert "history 0.250" in stage_lorenz_alt(curves)


def test_stage_shares_are_coloured_by_how_often_they_hold_their_target():
    shares = np.array([[0.4, 0.1], [0.6, np.nan]])
    figure = stage_shares(
        ["Hits", "Tail"], ["history", "ranked"], shares, np.array([0.2, 0.0]),
        title="T", target_name="the catalogue",
    )  # fmt: skip
    colour = figure.data[0].z
    assert colour[0].tolist() == [1, -1]  # twice and half of 0.2
    assert np.isnan(colour[1]).all()  # no target to hold it against
    assert figure.data[0].text.tolist() == [["40.0 %", "10.0 %"], ["60.0 %", "–"]]
    assert "Tail: history 60.0 %, ranked –" in stage_shares_alt(
        ["Hits", "Tail"], ["history", "ranked"], shares, "T"
    )


def test_a_group_that_vanishes_has_the_strongest_colour_not_none():
    figure = stage_shares(
        ["A"], ["s"], np.array([[0.0]]), np.array([0.2]), title="T", target_name="x"
    )
    assert figure.data[0].z[0, 0] == -2


def cloud_of(n_items, seed=0):
    rng = np.random.default_rng(seed)
    popularity = rng.zipf(1.5, n_items).clip(max=900)
    before, after = rng.exponential(1, (2, n_items)) * (rng.random((2, n_items)) < 0.4)
    return ItemCloud(
        across=popularity,
        exposure=after,
        before=before,
        change=np.sign(after - before).astype(np.int8),
        titles=[f"<i>{item}</i>" for item in range(n_items)],
        x_lane=LogLane.spanning(1, 1000),
        y_lane=LogLane.spanning(0.1, 1000),
        across_title="popularity (people)",
        exposure_title="exposure (first places)",
    )


def test_every_item_of_a_small_catalogue_is_a_point_with_its_title():
    cloud = cloud_of(200)
    figure = item_cloud(cloud)
    points = [one for one in figure.data if one.customdata is not None]
    items = np.concatenate([one.customdata[:, 0] for one in points]).astype(int)
    assert sorted(items) == list(range(200))
    for one in points:
        places = cloud.y_lane.place(cloud.exposure[one.customdata[:, 0].astype(int)])
        assert one.y.tolist() == places.tolist()
        assert one.text[0].startswith("&lt;i&gt;")


def test_a_zero_is_drawn_in_its_lane_and_not_left_out():
    cloud = cloud_of(200)
    drawn = np.concatenate([one.y for one in item_cloud(cloud).data if one.customdata is not None])
    assert (drawn == np.float32(cloud.y_lane.zero)).sum() == (cloud.exposure == 0).sum() > 0


@pytest.mark.parametrize(
    ("n_items", "kinds", "says"),
    [(200, {"scatter"}, ""), (5000, {"scatter", "scattergl"}, "each a point"),
     (30_000, {"scatter", "heatmap"}, "count them in cells")],
)  # fmt: skip
def test_the_drawing_follows_the_size_of_the_catalogue_and_says_so(n_items, kinds, says):
    assert {one.type for one in item_cloud(cloud_of(n_items)).data} == kinds
    note = item_cloud_note(n_items)
    assert says in note
    assert bool(note) == bool(says)


def test_a_hundred_thousand_items_make_a_small_figure_that_counts_them_all():
    cloud = cloud_of(100_000)
    figure = item_cloud(cloud)
    cells = next(one for one in figure.data if one.type == "heatmap")
    assert np.nansum(cells.customdata) == 100_000
    assert len(figure.to_json()) < 200_000


def test_the_line_of_proportion_meets_the_mean():
    cloud = cloud_of(300)
    line = trace(item_cloud(cloud), "in proportion")
    # exposure = across × (all exposure / all history): at across 1 that is the quotient
    slope = np.log10(cloud.exposure.sum() / cloud.across.sum())
    assert (line.y - line.x).tolist() == pytest.approx([slope, slope])


def test_the_chosen_item_has_a_ring():
    cloud = cloud_of(50)
    ring = trace(item_cloud(cloud, chosen=7), "chosen item")
    assert ring.x[0] == cloud.x_lane.place(cloud.across[[7]])[0]


def test_the_axes_of_the_cloud_do_not_follow_the_setting():
    one, other = item_cloud(cloud_of(60, 0)), item_cloud(cloud_of(60, 1))
    assert one.layout.xaxis.range == other.layout.xaxis.range
    assert one.layout.yaxis.range == other.layout.yaxis.range


def test_the_cloud_in_words():
    cloud = cloud_of(100)
    assert f"{(cloud.exposure > 0).sum()} items are shown at all" in item_cloud_alt(cloud)


def test_the_same_input_makes_the_same_bytes():
    assert item_cloud(cloud_of(100)).to_json() == item_cloud(cloud_of(100)).to_json()


def test_no_mark_of_a_row_covers_another_kind_of_mark():
    """Before, after and the targets of a group once lay on top of each other."""
    frame = pd.DataFrame(
        {
            "group": ["a", "b"], "note": ["", ""], "before": [0.3, 0.7], "before_low": [0.3, 0.7],
            "before_high": [0.3, 0.7], "after": [0.3, 0.7], "after_low": [0.3, 0.7],
            "after_high": [0.3, 0.7], "verdict": ["as before"] * 2, "is_clear": [False, True],
        }
    )  # fmt: skip
    target = Target("history", "what people chose", np.array([0.3, 0.7]))
    figure = exposure_dots(frame, title="T", x_title="share", targets=[target])
    marks = {trace.name: trace for trace in figure.data}
    pixels = figure.layout.height - 110
    for row in range(2):
        heights = [marks[name].y[row] for name in ("before", "after", "what people chose")]
        assert np.diff(sorted(heights)).min() * pixels / 4 >= 10
    assert list(marks["change"].text) == ["  as before", "  <b>as before</b>"]
    assert marks["change"].x[0] == figure.layout.xaxis.range[1]


def test_every_stage_has_a_line_of_its_own():
    assert len(set(DASHES.values())) == len(DASHES) == 5
