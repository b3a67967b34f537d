"""New items: how they are found, measured on items held back where that was asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from dashboard import cached_pipeline, jobs
from dashboard.controls import redraw_live
from dashboard.palette import BASELINE, GREEN, HIGHLIGHT
from dashboard.panels import Drawing, reading, table
from dashboard.pipeline.cold_curve import Line, cold_curve, known
from dashboard.pipeline.frames import ends
from dashboard.plain_text import as_markdown
from engine.data.wording import counted
from engine.formats import percent
from engine.pipeline.report.cold_items import ColdItems

__all__ = ["cold_items_frame", "cold_items_section"]

LINES: tuple[Line, ...] = (
    ("the pipeline", "ndcg", HIGHLIGHT, "circle", "●"),
    ("taste alone, candidates or not", "taste", GREEN, "square", "■"),
    ("popularity", "popularity", BASELINE, "diamond", "◆"),
)


def cold_items_frame() -> pd.DataFrame:
    """Return a row per number of known interactions of items; empty until it was measured."""
    job = cached_pipeline.cold_items_job()
    if job is None or not job.has_result:
        return pd.DataFrame()
    return pd.DataFrame(
        [
            {
                "known": known(one),
                **ends("NDCG@10 among them", one.ndcg),
                **ends("by taste alone", one.taste),
                **ends("by popularity", one.popularity),
                **ends("recall@200", one.found),
                **ends("recall@200 of popularity", one.popular_found),
                "n": one.ndcg.n,
                "items": one.n_items,
            }
            for one in job.result
        ]
    )


def cold_items_section() -> Callable[[], None]:
    """Make what is known of items of which little is known."""
    return partial(_draw, cached_pipeline.cold_items_job(), cold_items_frame())


def _begin() -> None:
    cached_pipeline.cold_items_job(begin=True)
    redraw_live()


def _draw(job: jobs.Job | None, frame: pd.DataFrame) -> None:
    st.markdown("**New items**")
    if not jobs.is_there(
        job,
        "Measure new items",
        _begin,
        key="_measure_cold_items",
        icon=":material/fiber_new:",
        help="Hides all but the last 0, 1, 2, 5 and 10 interactions of a tenth of the items, at "
        "most 200, makes the sources anew each time, and serves at most 400 people who later "
        "liked one of them: about three fits.",
    ):
        return
    if not job.result:
        st.caption("No item was met by ten people and liked later, so none can be held back.")
        return
    st.markdown(as_markdown(finding(job.result)))
    drawing = cold_items_drawing(job.result)
    drawing.draw()
    reading(
        "From left to right more is known of the same items, up is better. Only the "
        "items held back count, in the order of each list; one that is no candidate comes last. "
        "The ranker is the fit's. Bars are 95 % intervals over people."
    )
    table(frame, key="cold_items_table", columns=COLUMNS, alt=drawing.alt)


COLUMNS = {
    "known": st.column_config.TextColumn("Interactions known"),
    **{
        name: st.column_config.NumberColumn(name, format="%.4f")
        for what in (
            "NDCG@10 among them",
            "by taste alone",
            "by popularity",
            "recall@200",
            "recall@200 of popularity",
        )
        for name in (what, f"{what} low", f"{what} high")
    },
    "n": st.column_config.NumberColumn("n, people"),
    "items": st.column_config.NumberColumn("Items held back"),
}


def finding(points: tuple[ColdItems, ...]) -> str:
    """Say how far items come of which nothing is known, and from when on they are found."""
    first, last = points[0], points[-1]
    clear = next((one for one in points if one.known >= 0 and one.gain.low > 0), None)
    begins = (
        "With up to "
        f"{counted(max(one.known for one in points), 'interaction')} they come clearly before "
        "popularity's order in no list."
        if clear is None
        else f"From {counted(clear.known, 'interaction')} on, of those measured, lists put them "
        "clearly better than popularity does."
    )
    return (
        f"{counted(first.n_items, 'item')} held back. Where nothing is known of them, "
        f"{percent(first.found.value, 1)} of the likes that they later get are among the "
        f"candidates ({percent(first.found.low, 1)} to {percent(first.found.high, 1)}), and "
        f"{percent(last.found.value, 1)} where all is (n = {counted(first.found.n, 'person')}). "
        f"{begins} A quota for a source of content (section Fit) brings them in."
    )


def cold_items_drawing(points: tuple[ColdItems, ...]) -> Drawing:
    """Draw NDCG@10 among the items held back by what is known of them."""
    return cold_curve(
        "cold_items",
        points,
        LINES,
        title="NDCG@10 among items held back",
        x_title="interactions known of an item",
        y_title="NDCG@10 among them",
        question="How soon is something new found?",
    )
