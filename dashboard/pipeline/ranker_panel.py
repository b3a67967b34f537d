"""The ranker: its gain, the rankers it was chosen from, what it reads, and its scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cached_pipeline
from dashboard.charts.dot_panels import Panel, dot_panels, dot_panels_alt
from dashboard.charts.measured_curve import Curve, measured_curve, measured_curve_alt
from dashboard.charts.row_marks import Marks
from dashboard.palette import GREEN, SETTING
from dashboard.panels import Drawing, reading, table
from dashboard.pipeline.frames import calibration_frame, gain_frame, importance_frame, ranker_frame
from dashboard.pipeline.group_drawing import group_drawing
from dashboard.pipeline.group_panel import draw_group_models, group_models_frame
from dashboard.pipeline.view import PipelineView
from dashboard.plain_text import as_markdown
from engine.fit_words import reading_sentences
from engine.formats import PLAIN, change, interval, number, percent
from engine.group_words import group_lines
from engine.objective_words import objective_lines
from engine.pipeline.report.fits import ranker_words
from engine.pipeline.second.registry import SECONDS
from engine.ranker_said import SecondSaid

__all__ = ["ranker_section"]

COLUMNS = {
    name: st.column_config.NumberColumn(name, format="%.3f")
    for name in (
        "NDCG@10",
        "± of it",
        "gain over retrieved",
        "gain of the full pipeline",
        "± of the gain",
        "recall@200",
        "± of the recall",
    )
}


def ranker_section(view: PipelineView) -> Callable[[], None]:
    """Make the ranker's figures."""
    importance, scores = importance_frame(view.artifacts), calibration_frame()
    return partial(
        _draw,
        _finding(view),
        ranker_frame(view.artifacts),
        [
            *filter(None, (_second_words(view.artifacts.manifest["metrics"].get("second")),)),
            *objective_lines(view.artifacts.manifest),
        ],
        gain_frame(view.artifacts),
        partial(
            draw_group_models,
            group_models_frame(view.artifacts),
            group_lines(view.artifacts.manifest),
            group_drawing(view.artifacts),
        ),
        _importance_drawing(importance),
        None if scores.empty else _score_drawing(scores),
        reading_sentences(view.artifacts.manifest)[0],
    )


def _finding(view: PipelineView) -> str:
    gain, k = cached_pipeline.gain(view.k), view.k
    name = ranker_words(view.artifacts.manifest["recipe"])
    if not gain.gain.n:
        return f"The ranker that serves is “{name}”; nothing is held out to measure it on."
    low, high = gain.gain.low, gain.gain.high
    verdict = "clear" if low > 0 or high < 0 else "no clear change"
    return (
        f"The ranker that serves is “{name}”. On held-out likes it takes NDCG@{k} from "
        f"{number(gain.retrieved.value)} ({interval(gain.retrieved.low, gain.retrieved.high)}) in "
        f"the retrieved order to {number(gain.ranked.value)} "
        f"({interval(gain.ranked.low, gain.ranked.high)}): "
        f"{change(gain.gain.value, gain.retrieved.value, ends=(low, high))}, paired over "
        f"n = {gain.gain.n:,} people, {verdict}. "
        "Intervals are those of sampling people, 95 %."
    )


def _second_words(said: SecondSaid | None) -> str:
    """Say what a second stage reached on the labels; empty where none was asked for."""
    if said is None:
        return ""
    half = said["gain_half_width"]
    ends = None if half is None else (said["gain"] - half, said["gain"] + half)
    gain = change(said["gain"], said["first_ndcg_at_10"], ends=ends)
    does = "so it serves" if said["serves"] else "so the ranker serves alone"
    name = SECONDS[said["name"]].label if said["name"] in SECONDS else said["name"]
    return (
        f"A second stage ({name}, weight {said['weight']:.1f} beside the ranker) takes NDCG@10 "
        f"from {number(said['first_ndcg_at_10'])} to "
        f"{number(said['ndcg_at_10'])} on people whose labels neither saw: {gain}, paired over "
        f"n = {said['n']:,}, {does}."
    )


def _importance_drawing(frame: pd.DataFrame) -> Drawing:
    labels = [str(words) for words in frame["what it reads"]]
    shares, none = frame["share of the ranker"].to_numpy(float), np.full(len(frame), np.nan)
    text = [percent(share, 1) for share in shares]
    panels = [
        Panel("share of what moves it", [Marks("", shares, none, none, GREEN, "bar")], text=text)
    ]
    title = "What the ranker reads, by family"
    return Drawing(
        "importance",
        dot_panels(labels, panels, title=title),
        dot_panels_alt(labels, panels, title),
        "What does the ranker go by?",
    )


def _score_drawing(frame: pd.DataFrame) -> Drawing:
    n = len(frame)
    words = [
        f"{percent(row['held-out likes'], 1)} of {row['candidates']:,.0f} candidates with scores "
        f"{number(row['scores from'], PLAIN)} to {number(row['scores to'], PLAIN)}"
        for _, row in frame.iterrows()
    ]
    value, low, high = (
        frame[f"held-out likes{end}"].to_numpy(float) for end in ("", " low", " high")
    )
    curve = Curve(
        "held-out likes among candidates",
        np.arange(n, dtype=float),
        value,
        low,
        high,
        words,
        SETTING,
    )
    title = "Held-out likes by score"
    figure = measured_curve(
        [curve],
        title=title,
        x_title="candidates by the ranker's score, lowest to highest (mean score)",
        y_title="held-out likes",
        ticks=[number(score) for score in frame["mean score"]],
        height=360,
    )
    alt = measured_curve_alt([curve], title)
    return Drawing("score_curve", figure, alt, "Are higher scores liked more?")


def _draw(
    said: str,
    rankers: pd.DataFrame,
    others: Sequence[str],
    gains: pd.DataFrame,
    groups: Callable[[], None],
    importance: Drawing,
    scores: Drawing | None,
    reads: str,
) -> None:
    st.markdown(as_markdown(said))
    _draw_tables(rankers, others, gains)
    groups()
    halves = st.grid(2, min_column_width=420, gap="medium")
    with halves.container():
        importance.draw()
        reading(
            "Shares add up to 100 %. " + as_markdown(reads) + " A small share can "
            "change many lists: what another value does is in the Fairness audit."
        )
    with halves.container():
        if scores is None:
            st.info("Nothing is held out, so scores cannot be held against likes.")
            return
        scores.draw()
        reading(
            "A line that rises everywhere means that a higher score is liked more. "
            "Scores are no probabilities, only their order serves. What was never met counts as "
            "not liked, so the share is lower than true liking. Bars are 95 % intervals over "
            "people."
        )


def _draw_tables(rankers: pd.DataFrame, others: Sequence[str], gains: pd.DataFrame) -> None:
    """Draw both tables; ``others`` say what stands beside the ranker."""
    tables = st.grid(2, min_column_width=420, gap="medium")
    with tables.container():
        st.markdown("**Rankers, compared on the labels**")
        if rankers.empty:
            st.caption("One ranker was fitted, so there is nothing to compare it with.")
        else:
            alt = "; ".join(
                f"{row['ranker']}: {row['NDCG@10']:.4f}" for _, row in rankers.iterrows()
            )
            table(rankers, key="rankers", columns=COLUMNS, alt=f"NDCG@10 of rankers. {alt}")
            st.caption(
                "Labels are likes that come before the test; each person's were not seen by what "
                "is measured on them, and the test had no part in the choice."
            )
        for one in others:
            st.caption(as_markdown(one))
    with tables.container():
        st.markdown("**Against simpler orders, on the test**")
        alt = "; ".join(f"{row['order']}: {row['NDCG@10']:.4f}" for _, row in gains.iterrows())
        table(gains, key="gains", columns=COLUMNS, alt=f"NDCG@10 of orders. {alt}")
        st.caption(
            "± is half of the 95 % interval over people; gains are paired, person by person. Lists "
            "of ten, before any re-ranking."
        )
