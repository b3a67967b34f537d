"""The index: which search is used, and recall against speed where that was asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cached_pipeline, jobs
from dashboard.charts.measured_curve import Curve, measured_curve, measured_curve_alt
from dashboard.controls import redraw_live
from dashboard.palette import CATEGORICAL, HIGHLIGHT
from dashboard.panels import Drawing, reading, table
from dashboard.pipeline.view import PipelineView
from dashboard.plain_text import as_markdown
from engine.artifacts import Artifacts
from engine.formats import percent
from engine.pipeline.report.search_curve import EXACT, SearchPoint

__all__ = ["search_frame", "search_section"]

SYMBOLS = (("circle", "●"), ("square", "■"), ("diamond", "◆"), ("triangle-up", "▲"))


def search_frame(artifacts: Artifacts) -> pd.DataFrame:
    """Return how the searches compare: at the fit, and as measured now where that was asked for."""
    index = artifacts.manifest["metrics"]["models"].get("als", {}).get("index")
    rows = []
    if index:
        rows = [
            _search("at the fit", EXACT, 0, 1.0, index["exact_queries_per_second"], index),
            _search(
                "at the fit",
                "HNSW, 32 links",
                index["ef"],
                index["recall_at_200"],
                index["queries_per_second"],
                index,
            ),
        ]
    job: jobs.Job | None = cached_pipeline.search_job()
    if job is not None and job.has_result:
        rows += [
            {
                "measured": "now",
                "search": one.search,
                "ef": one.ef,
                "setting": one.setting,
                "sought": one.sought,
                "recall": one.recall.value,
                "recall low": one.recall.low,
                "recall high": one.recall.high,
                "people a second": one.per_second,
                "slowest": one.slowest,
                "fastest": one.fastest,
                "n": one.recall.n,
            }
            for one in job.result
        ]
    return pd.DataFrame(rows)


def _search(
    when: str, search: str, ef: int, recall: float | None, rate: float, index: dict[str, Any]
) -> dict[str, object]:
    return {
        "measured": when,
        "search": search,
        "ef": ef,
        "sought": min(200, index["n_items"]),
        "recall": np.nan if recall is None else recall,
        "people a second": rate,
        "n": index["n_queries"],
    }


def search_section(view: PipelineView) -> Callable[[], None]:
    """Make what is known of the search."""
    job = cached_pipeline.search_job()
    return partial(_draw, _finding(view.artifacts), search_frame(view.artifacts), job)


def _finding(artifacts: Artifacts) -> str:
    index = artifacts.manifest["metrics"]["models"].get("als", {}).get("index")
    if not index:
        return "This fit has no index: the factors are searched exactly."
    used = "the HNSW index" if index["is_used"] else "exact search"
    recall = index["recall_at_200"]
    found = "an unknown share" if recall is None else percent(recall, 1)
    why = (
        "the index is faster and finds at least 99 %"
        if index["is_used"]
        else "the index is used where it is faster, finds at least 99 % and the catalogue is large"
    )
    return (
        f"Taste factors are searched by {used}: {why}. At the fit, over {index['n_items']:,} items "
        f"and n = {index['n_queries']:,} people, the index found {found} of the exact 200 best at "
        f"{index['queries_per_second']:,.0f} people a second (ef {index['ef']}); exact search "
        f"answered {index['exact_queries_per_second']:,.0f}."
    )


def _draw(said: str, frame: pd.DataFrame, job: jobs.Job | None) -> None:
    st.markdown(as_markdown(said))
    if jobs.is_there(
        job,
        "Measure recall against speed",
        _begin,
        key="_measure_search",
        icon=":material/speed:",
        help="Builds graphs of 8, 16 and 32 links and searches each at several widths, for up "
        "to 500 people, beside the exact search, a tree and hashing: some seconds to minutes.",
    ):
        drawing = curve_drawing(job.result)
        drawing.draw()
        reading(
            "Right is faster, up is nearer to the exact result; along a line the "
            "width ef grows to the left. More links (M) find more and take longer; a tree may be "
            "off by its slack; hashing keeps so many bits of each "
            "item. Measured on this machine as busy as it was: the median of three, the range is "
            "in the table. Bars are 95 % intervals of the recall over people."
        )
    if not frame.empty:
        table(frame, key="search_table", columns=COLUMNS, alt="How the searches compare")


COLUMNS = {
    "measured": st.column_config.TextColumn("Measured"),
    "search": st.column_config.TextColumn("Search"),
    "setting": st.column_config.TextColumn("Setting"),
    "sought": st.column_config.NumberColumn("Sought", help="Items that each person was to get."),
    "recall": st.column_config.NumberColumn("Recall", format="%.4f"),
    "recall low": st.column_config.NumberColumn("low", format="%.4f"),
    "recall high": st.column_config.NumberColumn("high", format="%.4f"),
    "people a second": st.column_config.NumberColumn("People a second", format="localized"),
    "slowest": st.column_config.NumberColumn("Slowest", format="localized"),
    "fastest": st.column_config.NumberColumn("Fastest", format="localized"),
    "n": st.column_config.NumberColumn("n, people"),
}


def _begin() -> None:
    cached_pipeline.search_job(begin=True)
    redraw_live()


def curve_drawing(points: tuple[SearchPoint, ...]) -> Drawing:
    """Draw recall against speed, one line for each number of links."""
    curves = []
    for place, name in enumerate(dict.fromkeys(one.search for one in points)):
        own = [one for one in points if one.search == name]
        symbol, sign = ("star", "★") if name == EXACT else SYMBOLS[(place - 1) % len(SYMBOLS)]
        curves.append(
            Curve(
                name,
                np.array([one.per_second for one in own]),
                np.array([one.recall.value for one in own]),
                np.array([one.recall.low for one in own]),
                np.array([one.recall.high for one in own]),
                [_words(one) for one in own],
                HIGHLIGHT if name == EXACT else CATEGORICAL[(2 * place) % len(CATEGORICAL)],
                symbol,
                sign,
            )
        )
    title = "Recall of the approximate search against its speed"
    figure = measured_curve(
        curves,
        title=title,
        x_title="people answered a second (log scale)",
        y_title=f"recall@{points[0].sought} against exact",
        is_log=True,
    )
    alt = measured_curve_alt(curves, title)
    return Drawing("search_curve", figure, alt, "What is lost by searching faster?")


def _words(one: SearchPoint) -> str:
    width = f", ef {one.ef}" if one.ef else f", {one.setting}" if one.setting else ""
    recall = percent(one.recall.value, 2)
    return f"{one.search}{width}: recall {recall}, {one.per_second:,.0f} a second"
