"""The table of what each cap does: where it binds, what it costs, whether it can be kept."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard.formats import count, interval, signed
from dashboard.panels import table
from dashboard.presets import cap_in_words
from engine.reranking import CapReport

__all__ = ["cap_frame", "draw_caps"]

Z95 = 1.96
COLUMNS = {
    "cap": st.column_config.TextColumn("Cap", width=170),
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
        width=128,
        help="NDCG without this cap less NDCG with it, and the 95 % interval of that difference, "
        "paired over the same people.",
    ),
    "kept": st.column_config.TextColumn(
        "Kept?",
        width=124,
        help="Where nothing else was left the cap is broken rather than the list cut short; how "
        "high it would have to be for no list to break it.",
    ),
}


def cap_frame(reports: Sequence[CapReport]) -> pd.DataFrame:
    """Return one row per cap, in the order set."""
    return pd.DataFrame(
        {
            "cap": [cap_in_words(report.cap) for report in reports],
            "binding": [100 * report.share_binding for report in reports],
            "price": [_price(report) for report in reports],
            "kept": [_kept(report) for report in reports],
        }
    )


def _price(report: CapReport) -> str:
    reach = Z95 * report.price_error
    low, high = report.price - reach, report.price + reach
    return f"{signed(report.price)} ({interval(low, high)})"


def _kept(report: CapReport) -> str:
    if not report.n_broken:
        return "in every list"
    broken = f"broken in {count(report.n_broken)} lists"
    return broken if report.helps_at is None else f"{broken}; at most {report.helps_at} would hold"


def draw_caps(reports: Sequence[CapReport]) -> None:
    """Draw the table, and say how many lists have places left empty."""
    frame = cap_frame(reports)
    table(frame, key="caps", columns=COLUMNS, rows_shown=len(frame), alt="What each cap does")
    if n_short := reports[0].n_short:
        st.caption(
            f"{count(n_short)} of {count(reports[0].n_lists)} lists have places left empty: caps "
            "are lifted before that, so the candidates that are not hidden do not suffice."
        )
