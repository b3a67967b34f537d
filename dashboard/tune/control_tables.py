"""What each control does, and each cap: two tables, since they are asked different things."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard.panels import table
from engine.analysis.removal import Removal, removal_frame
from engine.data.wording import verb
from engine.formats import change, count
from engine.metrics.intervals import Z95
from engine.reranking import CapReport
from engine.scenario_words import cap_in_words

__all__ = ["cap_frame", "draw_one_by_one"]

CONTROL_COLUMNS = {
    "control": st.column_config.TextColumn("Control", width=118),
    "weight": st.column_config.NumberColumn("Weight", format="%.2f", width=50, help="As set."),
    "share": st.column_config.NumberColumn(
        "Of the sum",
        format="%.0f %%",
        width=66,
        help="Effective weight: its share of the sum of weights, the ranker's score counting 1.",
    ),
    "effort": st.column_config.NumberColumn(
        "Effort",
        format="%.1f %%",
        width=50,
        help="Share of the ranker's score that it costs, beside all other controls.",
    ),
    "changed": st.column_config.ProgressColumn(
        "Lists it changes",
        format="%.0f %%",
        min_value=0,
        max_value=100,
        width=98,
        help="Turn it off alone: this share of people would get another list.",
    ),
    "ndcg": st.column_config.TextColumn(
        "NDCG if off",
        width=132,
        help="How NDCG changes if it alone is turned off: the interval behind the verdict, paired "
        "over the same people and corrected for all rows of this table. ▲ better, ▼ worse, ≈ no "
        "clear change, = as before.",
    ),
}


def _draw_controls(removals: Sequence[Removal]) -> None:
    """Draw the table; with nothing turned on, say so."""
    if not removals:
        st.info("Nothing is turned on: these are the ranker's own lists.", icon=":material/info:")
        return
    frame = removal_frame(removals)
    table(
        frame,
        key="controls",
        columns=CONTROL_COLUMNS,
        rows_shown=len(frame),
        alt="What each control does",
    )


CAP_COLUMNS = {
    "cap": st.column_config.TextColumn("Cap", width=172),
    "binding": st.column_config.ProgressColumn(
        "Lists it binds in",
        format="%.0f %%",
        min_value=0,
        max_value=100,
        width=92,
        help="Share of people who would get another list without this cap alone.",
    ),
    "price": st.column_config.TextColumn(
        "Price in NDCG",
        width=210,
        help="NDCG without this cap less NDCG with it, in per cent of it and exactly, with the "
        "95 % interval of that difference, paired over the same people.",
    ),
    "broken": st.column_config.NumberColumn(
        "Broken in",
        format="localized",
        width=62,
        help="Lists in which nothing else was left, or a pin stood there: the cap is broken rather "
        "than the list cut short.",
    ),
    "holds": st.column_config.NumberColumn(
        "Holds at",
        format="%d",
        width=60,
        help="The smallest number of items at which no list would break the cap.",
    ),
}


def cap_frame(reports: Sequence[CapReport]) -> pd.DataFrame:
    """Return one row per cap, in the order set."""
    return pd.DataFrame(
        {
            "cap": [cap_in_words(report.cap) for report in reports],
            "binding": [100 * report.share_binding for report in reports],
            "price": [_price(report) for report in reports],
            "broken": [report.n_broken for report in reports],
            "holds": pd.array([_holds_at(report) for report in reports], dtype="Int64"),
        }
    )


def _price(report: CapReport) -> str:
    reach = Z95 * report.price_error
    low, high = report.price - reach, report.price + reach
    return change(report.price, report.priced_at, ends=(low, high))


def _holds_at(report: CapReport) -> int | None:
    """Where no list breaks it, the cap holds as it is."""
    return report.helps_at if report.n_broken else report.cap.at_most


def _draw_caps(reports: Sequence[CapReport]) -> None:
    """Draw the table, and say how many lists have places left empty."""
    frame = cap_frame(reports)
    table(frame, key="caps", columns=CAP_COLUMNS, rows_shown=len(frame), alt="What each cap does")
    if n_short := reports[0].n_short:
        st.caption(
            f"{count(n_short)} of {count(reports[0].n_lists)} lists {verb(n_short, 'has')} places "
            "left empty: caps are lifted before that, so the candidates that are "
            "not hidden do not suffice."
        )


def draw_one_by_one(removals: Sequence[Removal], caps: Sequence[CapReport]) -> None:
    """Draw the table of controls, and that of caps where there are any."""
    _draw_controls(removals)
    if caps:
        _draw_caps(caps)
