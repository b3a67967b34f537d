"""The answer on top: a sentence a scenario, what each changes, which guardrails hold."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charts.scenario_changes import (
    ChangePanel,
    scenario_changes,
    scenario_changes_alt,
)
from dashboard.panels import Drawing, table
from dashboard.plain_text import as_markdown
from engine.decision.answers import Answer
from engine.decision.comparison import Comparison, Rival
from engine.decision.words import baseline_words, comparison_lines
from engine.formats import axis_title, change, interval, number, style_of
from engine.metrics.registry import METRICS

__all__ = ["changes_drawing", "draw_figures", "draw_guardrails", "draw_verdicts"]

MARKS = {Answer.PASS: "✓ pass", Answer.FAIL: "✕ fail", Answer.OPEN: "? cannot tell"}
ICONS = {
    Answer.PASS: ":green[:material/check_circle:]",
    Answer.FAIL: ":red[:material/cancel:]",
    Answer.OPEN: ":gray[:material/help:]",
}


FIGURES_SHOWN = 12
"""Rows of the table of figures; more scroll."""


def draw_verdicts(found: Comparison) -> None:
    """Draw a sentence a scenario, in the order chosen, then how it was judged."""
    lines = comparison_lines(found)
    for rival, line in zip(found.rivals, lines, strict=False):
        icon = ICONS[rival.answer] if rival.guardrails else ICONS[Answer.OPEN]
        said = as_markdown(line.removeprefix(rival.name))
        st.markdown(f"{icon} **{as_markdown(rival.name)}** {said}")
    st.caption(as_markdown(" ".join(lines[len(found.rivals) :])))


def changes_drawing(found: Comparison) -> Drawing:
    """Make the chart of changes."""
    names = [rival.name for rival in found.rivals]
    title = f"Change against {baseline_words(found.baseline)}"
    panels = [_panel(found, name) for name in found.settings.metrics]
    words = [
        [_change_words(rival, name) for rival in found.rivals] for name in found.settings.metrics
    ]
    return Drawing(
        "changes",
        scenario_changes(names, panels, title=title, share=found.settings.margin),
        scenario_changes_alt(names, panels, words, title),
        "Which is better, and at what?",
    )


def _panel(found: Comparison, name: str) -> ChangePanel:
    figures = [rival.figures[name] for rival in found.rivals]
    metric = METRICS[name]
    return ChangePanel(
        axis_title(metric),
        np.array([one.difference for one in figures]),
        np.array([one.difference_low for one in figures]),
        np.array([one.difference_high for one in figures]),
        found.settings.margin * abs(figures[0].before),
        [one.verdict.tone for one in figures],
        metric.as_percent,
    )


def _change_words(rival: Rival, name: str) -> str:
    figure = rival.figures[name]
    if not figure.verdict.is_clear:
        return str(figure.verdict)
    style = style_of(METRICS[name])
    return f"{change(figure.difference, figure.before, style)} {figure.verdict}"


def figure_frame(found: Comparison) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """Return a row for each scenario under each figure, and what its numbers are in words."""
    rows = [(name, rival) for name in found.settings.metrics for rival in found.rivals]
    figures = [rival.figures[name] for name, rival in rows]
    pairs = [(one, style_of(METRICS[one.name])) for one in figures]
    frame = pd.DataFrame(
        {
            "figure": [METRICS[name].label for name, _ in rows],
            "scenario": [rival.name for _, rival in rows],
            "baseline": [one.before for one in figures],
            "value": [one.value for one in figures],
            "change": [one.difference for one in figures],
            "as good as the baseline?": [rival.equivalence[name].words for name, rival in rows],
        }
    )
    words = {
        "baseline": [number(one.before, style) for one, style in pairs],
        "value": [
            f"{number(one.value, style)} ({interval(one.low, one.high, style).removesuffix(' %')})"
            for one, style in pairs
        ],
        "change": [_change_words(rival, name) for name, rival in rows],
    }
    return frame, words


def draw_figures(found: Comparison) -> Callable[[], None]:
    """Make the table of figures: value and change of every scenario, figure by figure."""
    frame, words = figure_frame(found)

    def draw() -> None:
        table(
            frame,
            key="figures",
            alt="Figures of the scenarios, with 95 % intervals and changes",
            columns={"figure": st.column_config.Column("Figure", pinned=True)},
            rows_shown=min(len(frame), FIGURES_SHOWN),
            words=words,
        )

    return draw


def draw_guardrails(found: Comparison) -> Callable[[], None]:
    """Make the table of guardrails: a row each, a column a scenario."""
    rows = found.rivals[0].guardrails
    frame = pd.DataFrame(
        {
            "guardrail": [one.words for one in rows],
            **{
                rival.name: [
                    f"{MARKS[one.answer]} · {one.reached or 'undefined'}"
                    + (f" · {one.needed:,} people needed" if one.needed else "")
                    for one in rival.guardrails
                ]
                for rival in found.rivals
            },
        }
    )

    def draw() -> None:
        if not rows:
            st.caption("No guardrail is asked for: open Guardrails above to ask for some.")
            return
        table(
            frame,
            key="guardrails",
            alt="Guardrails: pass, fail or cannot tell",
            columns={"guardrail": st.column_config.Column("What must hold", pinned=True)},
            keeps_names=True,
        )
        st.caption("A guardrail passes or fails with its whole interval, else it cannot be told.")

    return draw
