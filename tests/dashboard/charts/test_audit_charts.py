"""The audit's figures: what is drawn is what was given; text is text; the key never changes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dashboard.charts import disparity, stage_disparity, who_pays

BAND = (0.8, 1.25)


def frame(standing: tuple[str, ...] = ("not clear", "clearly worse")) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "group": ["men", "<b>women</b>"],
            "n": [670, 273],
            "before": [0.2, 0.15],
            "before_low": [0.18, 0.13],
            "before_high": [0.22, 0.17],
            "after": [0.19, 0.12],
            "after_low": [0.17, 0.1],
            "after_high": [0.21, 0.14],
            "shrunk": [0.185, 0.13],
            "reference_value": [0.18, 0.19],
            "standing": standing,
            "in_words": ["men: the reference.", "<i>women</i>: worse."],
        }
    )


def dots(**more):
    given = {"title": "NDCG@10", "metric": "NDCG@10", "band": BAND}
    return disparity.disparity_dots(more.pop("frame", frame()), **{**given, **more})


def trace(figure, name: str):
    return next(one for one in figure.data if one.name == name)


def test_the_dots_and_their_intervals_are_where_the_frame_says():
    figure = dots()
    before = trace(figure, "before")
    assert before.x.tolist() == [0.2, 0.15]
    assert (before.x + before.error_x.array) == pytest.approx([0.22, 0.17])
    assert (before.x - before.error_x.arrayminus) == pytest.approx([0.18, 0.13])
    assert before.marker.symbol == "circle-open"
    worse = trace(figure, "after, clearly worse")
    assert np.isnan(worse.x[0])
    assert worse.x[1] == 0.12


def test_the_band_stands_around_each_rows_own_reference():
    band = dots().data[0]
    assert band.base == pytest.approx([0.18 * 0.8, 0.19 * 0.8])
    assert np.asarray(band.base) + band.x == pytest.approx([0.18 * 1.25, 0.19 * 1.25])


def test_the_key_does_not_change_with_what_was_found():
    names = [one.name for one in dots().data]
    calm = [one.name for one in dots(frame=frame(("not clear", "not clear"))).data]
    assert names == calm
    words = dots().layout.title.subtitle.text
    assert words == dots(frame=frame(("not clear", "not clear"))).layout.title.subtitle.text
    assert "◀</span> clearly worse" in words


def test_names_from_data_are_shown_as_text():
    figure = dots()
    text = figure.to_json()
    assert "<b>women" not in text
    assert "&lt;b&gt;women&lt;/b&gt;" in figure.layout.yaxis.ticktext[1]
    assert "n = 273" in figure.layout.yaxis.ticktext[1]


def test_the_axis_stands_still_for_small_moves_and_holds_what_is_asked():
    moved = frame()
    moved["after_high"] += 0.005
    assert dots().layout.xaxis.range == dots(frame=moved).layout.xaxis.range
    assert dots(top=0.9).layout.xaxis.range[1] >= 0.9


def test_no_groups_still_draw_a_figure_and_say_so():
    empty = frame().iloc[:0]
    figure = dots(frame=empty)
    assert figure.layout.xaxis.range[0] == 0
    assert "0 groups have enough people" in disparity.disparity_alt(empty, "NDCG")
    assert "worse" in disparity.disparity_alt(frame(), "NDCG")


def test_shares_of_who_pays_fill_the_bar():
    shares = pd.DataFrame({"group": ["men", "women"], "n": [10, 5], "worse": [0.2, np.nan]}).assign(
        same=[0.5, np.nan], better=[0.3, np.nan]
    )
    figure = who_pays.who_pays_bars(shares, title="Who pays")
    assert sum(one.x[0] for one in figure.data) == pytest.approx(100)
    assert [one.name for one in figure.data] == ["worse", "unchanged", "better"]
    assert figure.data[0].text[1] == ""
    assert "men (n = 10): 20 % worse" in who_pays.who_pays_bars_alt(shares, "Who pays")


def test_tenths_are_drawn_around_zero():
    mean = np.array([-0.5, *[0.0] * 8, 0.25])
    figure = who_pays.tenths_bars(mean, title="Tenths", unit="NDCG@10")
    low, high = figure.layout.yaxis.range
    assert -low == high >= 0.5
    assert figure.data[0].marker.color[0] != figure.data[0].marker.color[9]
    assert "−0.500" in who_pays.tenths_bars_alt(mean, "Tenths")


def stages(ratio: float = 0.5) -> pd.DataFrame:
    rows = [
        ("retrieved", "women", 0.9, 0.8, 1.0),
        ("ranked", "women", ratio, ratio * 0.9, ratio * 1.1),
        ("retrieved", "<men>", 1.1, 1.0, 1.2),
        ("ranked", "<men>", np.nan, np.nan, np.nan),
    ]
    return pd.DataFrame(rows, columns=list(stage_disparity.COLUMNS))


def test_each_group_is_a_line_through_the_stages():
    figure = stage_disparity.stage_lines(stages(), title="Where", band=BAND)
    assert [one.name for one in figure.data] == ["women", "&lt;men&gt;"]
    assert figure.data[0].y.tolist() == [0.9, 0.5]
    assert figure.layout.yaxis.type == "log"
    assert figure.layout.yaxis.range[0] <= np.log10(0.45)
    assert figure.data[0].marker.symbol != figure.data[1].marker.symbol


def test_a_ratio_beyond_the_axis_lies_on_its_edge_and_its_number_is_kept():
    figure = stage_disparity.stage_lines(stages(0.01), title="Where", band=BAND)
    assert figure.data[0].y[1] == stage_disparity.LEAST
    assert figure.data[0].customdata[1][0] == pytest.approx(0.009)
    text = stage_disparity.stage_lines_alt(stages(0.01), "Where")
    assert "women, ranked: 99 % lower" in text
    assert "<men>, ranked" not in text


def test_names_in_titles_are_text_and_long_ones_are_cut():
    figure = dots(title="NDCG by <b>kind</b>, " + "x" * 90, metric="times <i>men</i>")
    assert figure.layout.title.text.startswith("NDCG by &lt;b&gt;kind&lt;/b&gt;")
    assert figure.layout.title.text.endswith("…")
    assert "&lt;i&gt;men" in figure.layout.xaxis.title.text


def test_a_dot_knows_its_group_for_a_click_and_nothing_shrunk_is_not_in_the_key():
    figure = dots()
    assert [row[-1] for row in trace(figure, "before").customdata] == frame()["group"].tolist()
    assert "shrunk" in figure.layout.title.subtitle.text
    bare = dots(frame=frame().assign(shrunk=np.nan), sides=("NDCG", "Recall"))
    assert "shrunk" not in bare.layout.title.subtitle.text
    assert "Recall" in bare.layout.title.subtitle.text
    assert [one.name for one in bare.data if "shrunk" in one.name] == []
