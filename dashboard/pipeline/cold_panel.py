"""Cold start: how somebody new is served, measured on people held back where that was asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cached_pipeline, jobs
from dashboard.controls import redraw_live
from dashboard.palette import BASELINE, HIGHLIGHT
from dashboard.panels import Drawing, reading, table
from dashboard.pipeline.cold_curve import Line, cold_curve, known
from dashboard.pipeline.cold_items_panel import cold_items_section
from dashboard.pipeline.frames import ends
from dashboard.pipeline.view import PipelineView
from dashboard.plain_text import as_markdown
from engine.data.wording import counted
from engine.formats import change
from engine.pipeline.ranking.ordering import LEANS_BELOW
from engine.pipeline.report.cold_start import ColdPoint

__all__ = ["cold_frame", "cold_section"]


LINES: tuple[Line, ...] = (
    ("the pipeline", "ndcg", HIGHLIGHT, "circle", "●"),
    ("popularity", "popularity", BASELINE, "diamond", "◆"),
)


def cold_frame() -> pd.DataFrame:
    """Return a row per number of known interactions; empty until it was measured."""
    job = cached_pipeline.cold_job()
    if job is None or not job.has_result:
        return pd.DataFrame()
    return pd.DataFrame(
        [
            {
                "known": known(one),
                **ends("NDCG@10", one.ndcg),
                **ends("popularity", one.popularity),
                **ends("gain", one.gain),
                "leans on popularity": "yes" if one.leans else "",
                "n": one.gain.n,
            }
            for one in job.result
        ]
    )


def cold_section(view: PipelineView) -> Callable[[], None]:
    """Make what is known of people of whom little is known."""
    n_short = int((np.asarray(view.artifacts.fallback) > 0).sum())
    said = (
        f"{n_short:,} of {counted(view.artifacts.n_users, 'person')} have fewer than "
        f"{LEANS_BELOW} interactions: their lists lean on {_leans_on(view)}, the more the fewer "
        "there are, and say so. Somebody new is folded in with what is known of them."
    )
    people = partial(_draw, said, cached_pipeline.cold_job(), cold_frame())
    items = cold_items_section()

    def draw() -> None:
        people()
        items()

    return draw


def _leans_on(view: PipelineView) -> str:
    serving = view.artifacts.manifest
    weight = float(serving["config"].get("group_weight", 0.0))
    if not weight or not serving["demographic"]:
        return "popularity"
    return f"popularity, weighed by how their groups ({', '.join(serving['demographic'])}) differ"


def _draw(said: str, job: jobs.Job | None, frame: pd.DataFrame) -> None:
    st.markdown(as_markdown(said))
    if not jobs.is_there(
        job,
        "Measure the cold start",
        _begin,
        key="_measure_cold",
        icon=":material/ac_unit:",
        help="Makes the sources anew without a fifth of the people, at most 400, and serves "
        "those with their last 0, 1, 2, 5 and 10 interactions: about half a fit.",
    ):
        return
    if not job.result:
        st.caption(
            "Nobody has ten interactions and something held out, so nobody can be held back."
        )
    else:
        _draw_curve(job.result, frame)


def _draw_curve(points: tuple[ColdPoint, ...], frame: pd.DataFrame) -> None:
    st.markdown(as_markdown(finding(points)))
    drawing = cold_drawing(points)
    drawing.draw()
    reading(
        "From left to right more is known of the same people, up is better. Sources "
        "and popularity were made without them; the ranker is the fit's, and had learned from "
        "people of whom it knew more. The rest of their history is left out of both lists. Bars "
        "are 95 % intervals over people."
    )
    table(frame, key="cold_table", columns=COLUMNS, alt=drawing.alt)


COLUMNS = {
    "known": st.column_config.TextColumn("Interactions known"),
    **{
        name: st.column_config.NumberColumn(name, format="%.4f")
        for what in ("NDCG@10", "popularity", "gain")
        for name in (what, f"{what} low", f"{what} high")
    },
    "leans on popularity": st.column_config.TextColumn("Leans on popularity"),
    "n": st.column_config.NumberColumn("n, people"),
}


def finding(points: tuple[ColdPoint, ...]) -> str:
    """Say from how many interactions on the lists are better than popularity."""
    short = [one for one in points if one.known >= 0]
    n = short[0].gain.n
    clear = next((one for one in short if one.gain.low > 0), None)
    if clear is None:
        most = counted(short[-1].known, "interaction")
        return f"With up to {most} no list is clearly better than popularity (n = {n:,})."
    ends = (clear.gain.low, clear.gain.high)
    return (
        f"From {counted(clear.known, 'interaction')} on, of those measured, lists are clearly "
        f"better than popularity: NDCG@10 {clear.ndcg.value:.3f} against "
        f"{clear.popularity.value:.3f}, gain "
        f"{change(clear.gain.value, clear.popularity.value, ends=ends)}, n = {n:,}."
    )


def _begin() -> None:
    cached_pipeline.cold_job(begin=True)
    redraw_live()


def cold_drawing(points: tuple[ColdPoint, ...]) -> Drawing:
    """Draw NDCG@10 by what is known, beside popularity."""
    return cold_curve(
        "cold_start",
        points,
        LINES,
        title="NDCG@10 by the number of interactions known",
        x_title="interactions known of a person",
        y_title="NDCG@10",
        question="How soon is somebody new served well?",
    )
