"""Still pictures hold what the figure holds, as valid XML, with every text escaped."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import plotly.graph_objects as go
import pytest

from dashboard.charts.canvas import axis, canvas
from dashboard.still import to_svg
from dashboard.still.scales import Scale

SVG = "{http://www.w3.org/2000/svg}"


def blank(**more) -> go.Figure:
    across = axis("across, units", range=[0, 10], nticks=6)
    down = axis(
        "", range=[2.5, -0.5], tickvals=[0, 1, 2], ticktext=["a", "b", "&lt;c&gt; <i>n=5</i>"]
    )
    return canvas("A <title>", across, down, **more)


def read(figure: go.Figure) -> ET.Element:
    return ET.fromstring(to_svg(figure, alt="what it <shows>"))


def texts(root: ET.Element) -> list[str]:
    return [one.text or "" for one in root.iter(f"{SVG}text")]


def test_titles_ticks_and_the_alternative_are_text():
    root = read(blank())
    assert root.find(f"{SVG}title").text == "what it <shows>"
    assert {"A <title>", "across, units", "a", "<c> n=5", "10"} <= set(texts(root))


def test_dots_lie_where_the_scale_says_and_unknown_ones_are_left_out():
    figure = blank()
    figure.add_scatter(
        x=np.array([5.0, np.nan]),
        y=np.array([0, 1]),
        mode="markers",
        name="dots",
        marker={"symbol": "circle-open", "color": "#123456"},
    )
    circles = [c for c in read(figure).iter(f"{SVG}circle") if c.get("stroke") == "#123456"]
    assert len(circles) == 2  # one in the key
    dot = circles[1]
    assert dot.get("fill") == "none"
    left = 34 + 6.1 * len("<c> n=5")
    assert float(dot.get("cx")) == pytest.approx((left + 860 - 24) / 2, abs=0.1)


def test_intervals_reach_from_low_to_high():
    figure = blank()
    error = {"type": "data", "symmetric": False, "array": [2.0], "arrayminus": [1.0]}
    figure.add_scatter(
        x=np.array([5.0]),
        y=np.array([1]),
        mode="markers",
        error_x=error,
        marker={"color": "#abcdef"},
    )
    line = next(one for one in read(figure).iter(f"{SVG}line") if one.get("stroke") == "#abcdef")
    left = 34 + 6.1 * len("<c> n=5")
    unit = (860 - 24 - left) / 10
    assert float(line.get("x2")) - float(line.get("x1")) == pytest.approx(3 * unit, abs=0.1)


def test_stacked_bars_follow_one_another_and_carry_their_text():
    figure = blank()
    for name, width, colour in (("one", 4.0, "#111111"), ("two", 6.0, "#222222")):
        figure.add_bar(
            x=np.array([width]),
            y=np.array([0]),
            orientation="h",
            name=name,
            marker={"color": colour},
            text=[f"{width:.0f} <"],
        )
    figure.update_layout(barmode="stack")
    root = read(figure)
    first, second = (
        [r for r in root.iter(f"{SVG}rect") if r.get("fill") == colour][-1]
        for colour in ("#111111", "#222222")
    )
    end = float(first.get("x")) + float(first.get("width"))
    assert float(second.get("x")) == pytest.approx(end, abs=0.05)
    assert "4 <" in texts(root)


def test_bars_with_a_base_of_their_own_start_there():
    figure = blank()
    figure.add_bar(
        x=np.array([2.0]),
        base=np.array([3.0]),
        y=np.array([1]),
        orientation="h",
        marker={"color": "#333333"},
        width=1,
    )
    box = next(r for r in read(figure).iter(f"{SVG}rect") if r.get("fill") == "#333333")
    left = 34 + 6.1 * len("<c> n=5")
    unit = (860 - 24 - left) / 10
    assert float(box.get("x")) == pytest.approx(left + 3 * unit, abs=0.1)
    assert float(box.get("width")) == pytest.approx(2 * unit, abs=0.1)


def test_bands_reach_over_the_whole_plot_and_lines_break_at_unknowns():
    figure = blank()
    figure.add_vrect(2, 4, fillcolor="#eeeeee", line_width=0)
    figure.add_vline(x=3, line={"color": "#444444", "dash": "dot"})
    figure.add_scatter(
        x=np.array([1.0, 2.0, np.nan, 3.0, 4.0]),
        y=np.zeros(5),
        mode="lines",
        line={"color": "#555555"},
    )
    root = read(figure)
    band = next(r for r in root.iter(f"{SVG}rect") if r.get("fill") == "#eeeeee")
    assert float(band.get("height")) > 100
    path = next(p for p in root.iter(f"{SVG}path") if p.get("stroke") == "#555555")
    assert path.get("d").count("M") == 2


def test_a_logarithmic_scale_puts_a_half_and_a_double_equally_far():
    scale = Scale(-1, 1, 0, 100, is_log=True)
    assert scale(1) == pytest.approx(50)
    assert 50 - scale(0.5) == pytest.approx(scale(2) - 50)
    assert np.isnan(scale(0))


def test_what_cannot_be_drawn_is_refused():
    pie = blank()
    pie.add_pie(values=[1, 2])
    with pytest.raises(ValueError, match="type pie"):
        to_svg(pie, alt="")
    with pytest.raises(ValueError, match="range"):
        to_svg(go.Figure(layout={"height": 200, "xaxis": {}, "yaxis": {"range": [0, 1]}}), alt="")


def test_it_holds_no_script_and_asks_for_nothing():
    text = to_svg(blank(), alt="")
    assert "<script" not in text
    assert text.count("http") == 1  # the name of the SVG namespace
