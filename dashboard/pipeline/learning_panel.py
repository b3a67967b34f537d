"""What more people to learn from would bring, and whether scores say how likely a like is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charts.measured_curve import Curve, measured_curve, measured_curve_alt
from dashboard.palette import BASELINE, CATEGORICAL, SETTING
from dashboard.panels import Drawing, reading, table
from dashboard.pipeline.stability_panel import draw_stability
from dashboard.pipeline.view import PipelineView
from dashboard.plain_text import as_markdown
from engine.artifacts import Artifacts
from engine.formats import change, number, percent

__all__ = ["learning_frame", "learning_section", "reliability_frame"]

SYMBOLS = (("circle", "●"), ("diamond", "◆"), ("square", "■"), ("triangle-up", "▲"))


def learning_frame(artifacts: Artifacts) -> pd.DataFrame:
    """Return a row per ranker and part of the people; empty where the fit measured none."""
    said = artifacts.manifest["metrics"].get("learning", [])
    return pd.DataFrame(
        [
            {
                "ranker": one["name"],
                "people taught": one["n_taught"],
                "share": one["share"],
                "NDCG@10": one["ndcg_at_10"],
                "± of it": one["half_width"],
                "short of all": one["loss"],
                "± of the loss": one["loss_half_width"],
                "n": one["n"],
            }
            for one in said
        ]
    )


def reliability_frame(artifacts: Artifacts) -> pd.DataFrame:
    """Return a row per bin of candidates by the chance that their scores say."""
    said = artifacts.manifest["metrics"].get("reliability", [])
    return pd.DataFrame(
        [
            {
                "chance said": one["said"],
                "share liked": one["came"],
                "± of the share": one["half_width"],
                "candidates": one["n_rows"],
                "n": one["n"],
            }
            for one in said
        ]
    )


def learning_section(view: PipelineView) -> Callable[[], None]:
    """Make both curves from what the fit wrote down."""
    return partial(
        _draw,
        learning_frame(view.artifacts),
        reliability_frame(view.artifacts),
        view.artifacts.manifest["recipe"]["ranker"],
        partial(draw_stability, view.artifacts),
    )


def _draw(
    learning: pd.DataFrame,
    reliability: pd.DataFrame,
    serves: str,
    stability: Callable[[], None],
) -> None:
    stability()
    if learning.empty and reliability.empty:
        st.caption(
            "This fit compared no rankers on the labels, so neither curve was measured: too few "
            "people, one ranker alone, or a fit by an older version."
        )
        return
    halves = st.grid(2, min_column_width=420, gap="medium")
    if not learning.empty:
        with halves.container():
            _draw_learning(learning)
    if not reliability.empty:
        with halves.container():
            _draw_reliability(reliability, serves)


def _draw_learning(frame: pd.DataFrame) -> None:
    st.markdown(as_markdown(learning_finding(frame)))
    drawing = learning_drawing(frame)
    drawing.draw()
    reading(
        "To the right a ranker learned from more people, up is better. Each part lies "
        "within the next, and all are asked for the same people, whom none was taught by. Bars "
        "are 95 % intervals over people; the table compares person by person."
    )
    table(frame, key="learning_table", columns=LEARNING, alt=drawing.alt)


def learning_finding(frame: pd.DataFrame) -> str:
    """Say for each ranker whether the second half of the people brought anything."""
    said = []
    for name, rows in frame.groupby("ranker", sort=False):
        half = rows[rows["share"] == 0.5]
        if half.empty:
            continue
        gain, width = float(half["short of all"].iloc[0]), float(half["± of the loss"].iloc[0])
        before = float(half["NDCG@10"].iloc[0])
        clear = "clear" if abs(gain) > width else "no clear change"
        said.append(f"“{name}” {change(gain, before, ends=(gain - width, gain + width))}, {clear}")
    if not said:
        return "Too few people carry a label for a curve."
    n = int(frame["n"].iloc[0])
    return (
        f"What twice as many people to learn from brought in NDCG@10 (all against half, n = {n:,} "
        f"people): {'; '.join(said)}."
    )


def learning_drawing(frame: pd.DataFrame) -> Drawing:
    """Draw NDCG@10 by the number of people taught, a line a ranker."""
    curves = []
    for place, (name, rows) in enumerate(frame.groupby("ranker", sort=False)):
        value, half = rows["NDCG@10"].to_numpy(float), rows["± of it"].to_numpy(float)
        symbol, sign = SYMBOLS[place % len(SYMBOLS)]
        words = [
            f"{name} taught by {n:,} people: NDCG@10 {reached:.4f}"
            for n, reached in zip(rows["people taught"], value, strict=True)
        ]
        curves.append(
            Curve(
                str(name),
                rows["people taught"].to_numpy(float),
                value,
                value - half,
                value + half,
                words,
                CATEGORICAL[place % len(CATEGORICAL)],
                symbol,
                sign,
            )
        )
    title = "NDCG@10 by people taught"
    figure = measured_curve(
        curves,
        title=title,
        x_title="people taught",
        y_title="NDCG@10, labels",
        is_share=False,
        height=360,
    )
    alt = measured_curve_alt(curves, title)
    return Drawing("learning_curve", figure, alt, "Does it want more people to learn from?")


def _draw_reliability(frame: pd.DataFrame, serves: str) -> None:
    weight = frame["candidates"].to_numpy(float)
    apart = np.abs(frame["chance said"] - frame["share liked"]).to_numpy(float)
    within = int((apart <= frame["± of the share"].to_numpy(float)).sum())
    error = float((apart * weight).sum() / weight.sum())
    st.markdown(
        as_markdown(
            f"Chances said by “{serves}” and shares that came are {number(error)} apart on average "
            f"(expected calibration error over {len(frame)} bins of equally many candidates, "
            f"{int(weight.sum()):,} in all); in {within} of {len(frame)} bins the chance lies "
            "within the interval."
        )
    )
    drawing = reliability_drawing(frame)
    drawing.draw()
    reading(
        "On the grey line what is said is what comes. A line turns scores into "
        "chances; it is fitted on other people's labels. What was never met counts as not liked. "
        "Bars are 95 % intervals over people."
    )
    table(frame, key="reliability_table", columns=RELIABILITY, alt=drawing.alt)


def reliability_drawing(frame: pd.DataFrame) -> Drawing:
    """Draw the share liked by the chance said, beside what perfect chances would give."""
    said, came = frame["chance said"].to_numpy(float), frame["share liked"].to_numpy(float)
    half, none = frame["± of the share"].to_numpy(float), np.full(len(frame), np.nan)
    words = [
        f"said {percent(chance, 1)}, came {percent(share, 1)}"
        for chance, share in zip(said, came, strict=True)
    ]
    curves = [
        Curve("as said", said, said, none, none, [percent(one, 1) for one in said], BASELINE),
        Curve("what came", said, came, came - half, came + half, words, SETTING, "diamond", "◆"),
    ]
    title = "Share liked by the chance said"
    figure = measured_curve(
        curves,
        title=title,
        x_title="chance of a like that scores say",
        y_title="share liked",
        height=360,
    )
    alt = measured_curve_alt(curves, title)
    return Drawing("reliability", figure, alt, "Does a score say how likely a like is?")


LEARNING = {
    "share": st.column_config.NumberColumn("share", format="percent"),
    **{
        name: st.column_config.NumberColumn(name, format="%.4f")
        for name in ("NDCG@10", "± of it", "short of all", "± of the loss")
    },
}
RELIABILITY = {
    name: st.column_config.NumberColumn(name, format="%.4f")
    for name in ("chance said", "share liked", "± of the share")
}
