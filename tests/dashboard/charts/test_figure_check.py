"""Figures are sent as they are, so nothing that Plotly's Python side would mend may be in them."""

from __future__ import annotations

from pathlib import Path

import plotly.graph_objects as go
import pytest

from dashboard.charts.canvas import axis, colour_scale, steady_figure
from dashboard.charts.figure_check import CHECKED, MisreadFigureError, check_figure

ROOT = Path(__file__).resolve().parents[3]
CELLS = {"type": "heatmap", "z": [[1.0, 2.0], [3.0, 4.0]]}


def figure(**cells: object) -> go.Figure:
    return steady_figure("t", axis("x"), axis("y"), [CELLS | cells], marks="")


def test_a_scale_of_plain_colours_is_told_from_what_a_browser_reads() -> None:
    check_figure(figure(colorscale=colour_scale(["#B04A00", "#00507D"])))
    with pytest.raises(MisreadFigureError, match=r"data\[0\]\.colorscale\[0\] is '#B04A00'"):
        check_figure(figure(colorscale=["#B04A00", "#00507D"]))


@pytest.mark.parametrize("wrong", [{"colourscale": "Cividis"}, {"zmin": "low"}])
def test_what_plotly_does_not_know_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="Invalid"):
        check_figure(figure(**wrong))


def test_every_chart_passes_the_check_in_tests() -> None:
    assert CHECKED
    drawn = [
        path.relative_to(ROOT).as_posix()
        for folder in ("dashboard", "pages")
        for path in (ROOT / folder).rglob("*.py")
        if ".plotly_chart(" in path.read_text(encoding="utf-8")
    ]
    assert drawn == ["dashboard/panels.py"]
