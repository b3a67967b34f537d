"""The sources of candidates: each alone, in the union, and what it alone found."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charts.dot_panels import Panel, dot_panels, dot_panels_alt
from dashboard.charts.row_marks import Marks
from dashboard.palette import BLUE, GREEN, PURPLE, VERMILION
from dashboard.panels import Drawing, reading, table
from dashboard.pipeline.frames import source_frame
from dashboard.pipeline.view import PipelineView
from dashboard.plain_text import as_markdown
from engine.formats import percent
from engine.manifest import Metrics

__all__ = ["source_notes", "source_section"]

COLUMNS = {
    "source": st.column_config.TextColumn("Source", width="medium"),
    "proposes": st.column_config.NumberColumn("Proposes", help="Items it proposes to a person."),
    "weight": st.column_config.NumberColumn("Weight", format="%.2f"),
    "recall@200 alone": st.column_config.NumberColumn("Recall@200 alone", format="percent"),
    "found": st.column_config.NumberColumn("Proposed of the found", format="percent"),
    "only it": st.column_config.NumberColumn("Only it", format="percent"),
    "likes only it": st.column_config.NumberColumn("Likes only it"),
    "n": st.column_config.NumberColumn("n, people"),
    "seconds": st.column_config.NumberColumn(
        "Seconds", format="%.2f", help="Of its model; several sources may share one."
    ),
}


def source_section(view: PipelineView) -> Callable[[], None]:
    """Make the chart and the table of the sources."""
    frame = source_frame()
    own = frame[frame["weight"].notna()].reset_index(drop=True)
    labels = [str(label) for label in own["source"]]

    def marks(column: str, colour: str, *look: str) -> Marks:
        values, low, high = (own[column + end].to_numpy(float) for end in ("", " low", " high"))
        return Marks("", values, low, high, colour, *look)

    none = np.full(len(own), np.nan)
    panels = [
        Panel("recall@200 of it alone", [marks("recall@200 alone", BLUE)]),
        Panel("of the likes found, it proposed", [marks("found", GREEN)]),
        Panel("… and no other source did", [marks("only it", VERMILION)]),
        Panel(
            "weight in the union",
            [Marks("", own["weight"].to_numpy(float), none, none, PURPLE, "bar")],
            is_share=False,
        ),
    ]
    title = "What each source of candidates is worth, bar = 95 % interval"
    drawing = Drawing(
        "sources",
        dot_panels(labels, panels, title=title),
        dot_panels_alt(labels, panels, title),
        "Which source finds what no other does?",
    )
    notes = source_notes(view.artifacts.manifest["metrics"])
    return partial(_draw, drawing, frame, _finding(frame), notes)


def _finding(frame: pd.DataFrame) -> str:
    """Say which source is best alone, and whether any is needed for what it alone finds."""
    own = frame[frame["weight"].notna()]
    if own.empty or not own["recall@200 alone"].notna().any():
        return "Nothing was held out to measure the sources on."
    best = own.loc[own["recall@200 alone"].idxmax()]
    said = (
        f"Alone, “{best['source']}” finds most: {percent(best['recall@200 alone'], 1)} "
        f"({percent(best['recall@200 alone low'], 1)} to "
        f"{percent(best['recall@200 alone high'], 1)}, "
        f"n = {best['n alone']:,.0f})."
    )
    most = own.loc[own["only it"].fillna(-1).idxmax()]
    if not most["likes only it"] > 0:
        return f"{said} Every held-out like that was found was proposed by two sources or more."
    return (
        f"{said} “{most['source']}” alone proposed {most['likes only it']:,.0f} of the likes "
        f"found, {percent(most['only it'], 1)} of them."
    )


def source_notes(metrics: Metrics) -> list[str]:
    """Say what the sentence model read, where the fit has it, and why sources were left out."""
    notes = []
    if texts := metrics["models"].get("sentences", {}).get("texts"):
        notes.append(f"What the sentence model read: {texts}.")
    if metrics["left_out"]:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in metrics["left_out"].items())
        notes.append(f"Of no use for this data: {reasons}.")
    return notes


def _draw(drawing: Drawing, frame: pd.DataFrame, said: str, notes: list[str]) -> None:
    st.markdown(as_markdown(said))
    drawing.draw()
    reading(
        "The first column is measured on the likes that the ranker learns from, "
        "before the sources were weighed; the others on the held-out likes among the candidates. A "
        "source that no other could replace has something in the third column; weights follow from "
        "how well each orders alone."
    )
    table(frame[list(COLUMNS)], key="source_table", columns=COLUMNS, alt=said)
    for note in notes:
        st.caption(as_markdown(note))
