"""A metric by group of people, before and after."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from dashboard import session
from dashboard.charts.group_dots import group_dots, group_dots_alt
from dashboard.controls import MOVES_LIVE
from dashboard.metric_choice import defined_here
from dashboard.panels import Drawing, reading
from dashboard.plain_text import as_markdown
from dashboard.tune.headline import each_group_in_words
from dashboard.tune.view import View
from engine.artifacts import Artifacts
from engine.data.wording import counted
from engine.evaluation import GroupComparison
from engine.formats import Style, axis_title, number, style_of
from engine.metrics.group_gap import GroupGap, group_gap
from engine.metrics.group_headline import change_of_each
from engine.metrics.metric import Metric
from engine.metrics.registry import METRICS, USER_METRICS
from engine.metrics.statistics.disclosure import hidden_groups
from engine.metrics.statistics.policy import POLICY
from engine.metrics.statistics.verdict import Verdict, Word, judge

__all__ = ["draw_groups", "group_choice", "group_drawing", "group_frame"]

PANEL_HEIGHT = 280
IN_THEIR_ORDER = 10
"""Groups up to which a chart keeps the order of their labels."""

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
    """Return the figures of every group; those that are not to be shown are one row together.

    Many groups are in the order of what they had before, worst first, of equals the largest; few
    stay in their own order, which may be that of ages. ``before`` and ``after`` have intervals of
    their own; ``change`` is that of each person, with the interval and the verdict that hold for
    all groups together.
    """
    column = groups.now.column(metric)
    n = groups.now.n_defined[:, column]
    is_small = hidden_groups(n, POLICY.least_n)
    verdicts = group_verdicts(groups, metric)
    frame = pd.DataFrame({"group": groups.labels, "n": n})
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
    frame = frame.assign(
        verdict=[str(one) for one in verdicts], is_clear=[one.is_clear for one in verdicts]
    )
    return _with_small_ones_together(frame, is_small, METRICS[metric])


def _with_small_ones_together(
    frame: pd.DataFrame, is_small: NDArray[np.bool_], spec: Metric
) -> pd.DataFrame:
    shown, small = frame[~is_small], frame[is_small & (frame["n"] > 0)]
    if len(shown) > IN_THEIR_ORDER:
        worst_first = spec.direction != "lower"
        shown = shown.sort_values(["before", "n"], ascending=[worst_first, False], kind="stable")
    if not len(small):
        return shown.reset_index(drop=True)
    together = {
        "group": counted(len(small), "small group"),
        "n": int(small["n"].sum()),
        "verdict": str(Word.TOO_FEW_PEOPLE),
        "is_clear": False,
    }
    return pd.concat([shown, pd.DataFrame([together])], ignore_index=True)


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
    said = _changes_in_words(groups, metric)
    gap = group_gap(groups.now, groups.before, groups.change, metric)
    said = f"{said} {chance_in_words(gap, style_of(spec))}".rstrip()
    alt = group_dots_alt(frame, title)
    return Drawing("groups", figure, alt, "Who gains, and who pays for it?"), said


def _changes_in_words(groups: GroupComparison, metric: str) -> str:
    is_hidden = hidden_groups(groups.now.n_defined[:, groups.now.column(metric)], POLICY.least_n)
    verdicts = zip(groups.labels, group_verdicts(groups, metric), is_hidden, strict=True)
    shown = [(label, one) for label, one, hidden in verdicts if not hidden]
    labels, judged = zip(*shown, strict=True) if shown else ((), ())
    return each_group_in_words(labels, judged, style_of(METRICS[metric]))


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
    reading(
        "▲ ▼: clear changes, paired over the same people, so bars may overlap where one is clear.",
        as_markdown(said),
    )
