"""Methods of diversity as lines, and what each buys at equal cost."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from dashboard import cached_sweeps
from dashboard.charts.trade_map import Track, method_chart
from dashboard.panels import chart, reading, table
from dashboard.trade_offs.map_figure import places_of, side
from engine.analysis.aims import Aim, better_sign
from engine.analysis.method_lines import MethodLine
from engine.formats import number, style_of
from engine.metrics.registry import METRICS
from engine.scenario import Scenario

__all__ = ["draw_lines", "lines_frame"]


def draw_lines(
    lines: tuple[MethodLine, ...], aims: tuple[Aim, ...], scenario: Scenario
) -> Callable[[], None]:
    """Make the comparison of methods; return what draws it."""
    here = cached_sweeps.read_here(scenario, tuple(map(str, aims)))
    now, before = places_of(here, scenario)
    tracks = [
        Track(
            line.label.partition(":")[0],
            np.array([r.value[0] for r in line.readings]),
            np.array([r.value[1] for r in line.readings]),
            np.array([s.diversity for s in line.scenarios]),
        )
        for line in lines
    ]
    figure = method_chart(tracks, now=now, before=before, x=side(aims[0]), y=side(aims[1]))
    frame = lines_frame(lines, aims)
    alt = (
        f"{aims[1].words} against {aims[0].words} of {len(lines)} methods of diversity, "
        "weights from 0 to 1; the table below has what each buys at equal cost."
    )

    def draw() -> None:
        chart(figure, key="method_lines", alt=alt, question="Which method gives up least?")
        reading(
            "Each line is one method from weight 0 to 1, all on the same people; a weight means "
            "something else in each, so compare what they buy at the same cost: the table does."
        )
        table(frame, key="method_table", alt="Methods compared")

    return draw


LOSSES = (0.01, 0.02, 0.05, 0.1)


def lines_frame(lines: tuple[MethodLine, ...], aims: tuple[Aim, ...]) -> pd.DataFrame:
    """Return what each method buys of the first aim where it costs so much of the second."""
    sign = better_sign(aims[1])
    start = float(lines[0].readings[0].value[1])
    rows = []
    for line in lines:
        row: dict[str, object] = {"method": line.label}
        for loss in LOSSES:
            level = start - sign * loss * abs(start)
            row[f"{100 * loss:g} % of {aims[1].words} lost"] = number(
                line.at_cost(level), style_of(METRICS[aims[0].metric])
            )
        rows.append(row)
    return pd.DataFrame(rows)
