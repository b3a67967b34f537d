"""A metric by group of people, before and after."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import session
from dashboard.charts.group_dots import group_dots, group_dots_alt
from dashboard.controls import MOVES_LIVE
from dashboard.metric_choice import defined_here
from dashboard.panels import Drawing
from dashboard.plain_text import as_markdown
from dashboard.tune.headline import each_group_in_words
from dashboard.tune.view import View
from engine.artifacts import Artifacts
from engine.evaluation import GroupComparison
from engine.formats import Style, axis_title, number, style_of
from engine.metrics.group_gap import GroupGap, group_gap
from engine.metrics.group_headline import change_of_each
from engine.metrics.registry import METRICS, USER_METRICS
from engine.metrics.statistics.policy import POLICY
from engine.metrics.statistics.verdict import Verdict, judge

__all__ = ["draw_groups", "group_choice", "group_drawing", "group_frame"]

PANEL_HEIGHT = 280
ROW_HEIGHT, AROUND, LEAST_HEIGHT = 26, 96, 220


def group_choice(artifacts: Artifacts) -> None:
    """Draw the two select boxes: groups by what, and which metric."""
    left, right = st.columns(2, gap="xsmall")
    left.selectbox(
        "Groups by",
        list(artifacts.attributes),
        label_visibility="collapsed",
        key=session.ATTRIBUTE,
        **MOVES_LIVE,
    )
    right.selectbox(
        "Metric",
        defined_here(artifacts, USER_METRICS),
        format_func=lambda name: METRICS[name].label,
        label_visibility="collapsed",
        key=session.GROUP_METRIC,
        **MOVES_LIVE,
    )


def group_frame(groups: GroupComparison, metric: str) -> pd.DataFrame:
    """Return the figures of every group, those of too small groups left out (NaN).

    ``before`` and ``after`` have intervals of their own; ``change`` is that of each person, with
    the interval and the verdict that hold for all groups together.
    """
    column = groups.now.column(metric)
    is_small = groups.now.n_defined[:, column] < POLICY.least_n
    verdicts = group_verdicts(groups, metric)
    frame = pd.DataFrame({"group": groups.labels, "n": groups.now.n_defined[:, column]})
    for name, side in (("before", groups.before), ("after", groups.now)):
        for end, values in (("", side.mean), ("_low", side.low), ("_high", side.high)):
            frame[name + end] = np.where(is_small, np.nan, values[:, column])
    ends = {
        "change": "value",
        "change_low": "low",
        "change_high": "high",
        "p adjusted": "p_adjusted",
    }
    for name, part in ends.items():
        values = np.array([getattr(one, part) for one in verdicts], dtype=np.float64)
        frame[name] = np.where(is_small, np.nan, values)
    return frame.assign(
        verdict=[str(one) for one in verdicts], is_clear=[one.is_clear for one in verdicts]
    )


def group_verdicts(groups: GroupComparison, metric: str) -> list[Verdict]:
    """Judge the paired change of each group, all groups as one family."""
    return judge(change_of_each(groups.change, groups.before, METRICS[metric]))


def group_drawing(view: View, attribute: str, metric: str) -> tuple[Drawing, str]:
    """Draw a metric by group, before and after; and say which groups change."""
    spec = METRICS[metric]
    groups = view.found.groups(attribute)
    frame = group_frame(groups, metric)
    title = f"{spec.label} by {attribute}"
    figure = group_dots(
        frame,
        title=title,
        metric=axis_title(spec),
        is_share=spec.as_percent,
        overall=view.found.figures[metric].value,
        height=max(len(frame) * ROW_HEIGHT + AROUND, LEAST_HEIGHT),
    )
    said = each_group_in_words(groups.labels, group_verdicts(groups, metric), style_of(spec))
    gap = group_gap(groups.now, groups.before, groups.change, metric)
    said = f"{said} {chance_in_words(gap, style_of(spec))}".rstrip()
    return Drawing("groups", figure, group_dots_alt(frame, title)), said


def chance_in_words(gap: GroupGap | None, style: Style) -> str:
    """Say how wide a gap between such groups chance alone makes; nothing where there is none."""
    if gap is None:
        return ""
    limit, width = number(gap.chance, style), number(gap.value, style)
    if gap.is_beyond_chance:
        return f"The gap of {width} is wider than chance makes it (95 times in 100, up to {limit})."
    return f"The gap of {width} is within what chance makes (95 times in 100, up to {limit})."


def draw_groups(drawing: Drawing, said: str) -> None:
    """Draw the chart; many groups scroll inside their panel."""
    is_tall = drawing.figure.layout.height > PANEL_HEIGHT
    with st.container(height=PANEL_HEIGHT if is_tall else "content", border=False):
        drawing.draw()
    st.caption(
        "▲ ▼: paired over the same people, so bars may overlap where a change is clear. "
        f"{as_markdown(said)}"
    )
