"""The filters: what each takes out of the retrieved items, and what is lost by it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from dashboard import cached_pipeline
from dashboard.panels import reading, table
from dashboard.pipeline.frames import ends
from dashboard.pipeline.view import PipelineView
from engine.formats import percent
from engine.pipeline.report.filter_counts import MetBloom

__all__ = ["filter_frame", "filter_section", "met_sentence"]


def filter_frame() -> pd.DataFrame:
    """Return a row per filter, what was met before first."""
    return pd.DataFrame(
        [
            {
                "filter": one.label,
                "items": one.n_items,
                "places a person": one.places,
                "people": one.n_people,
                **ends("held-out likes lost", one.lost),
                "n": one.lost.n,
            }
            for one in cached_pipeline.filters().rows
        ]
    )


def filter_section(view: PipelineView) -> Callable[[], None]:
    """Make the table of the filters."""
    said = met_sentence(cached_pipeline.filters().met)
    return partial(_draw, filter_frame(), view.artifacts.filtered.shape[1], said)


COLUMNS = {
    "filter": st.column_config.TextColumn("Taken out", width="medium"),
    "items": st.column_config.NumberColumn("Items of the catalogue", format="localized"),
    "places a person": st.column_config.NumberColumn("Places a person", format="%.1f"),
    "people": st.column_config.NumberColumn("People concerned", format="localized"),
    **{
        name: st.column_config.NumberColumn(name, format="percent")
        for name in ("held-out likes lost", "held-out likes lost low", "held-out likes lost high")
    },
    "n": st.column_config.NumberColumn("n, people"),
}


def met_sentence(found: MetBloom | None) -> str:
    """Say how often the Bloom filters err, beside what is predicted, and what they save.

    >>> met_sentence(None)
    ''
    """
    if found is None:
        return ""
    rate = found.measured
    shares = (rate.value, rate.low, rate.high, found.predicted, found.rate)
    value, low, high, predicted, asked_for = (percent(share, 2) for share in shares)
    return (
        f"Bloom filters hold what people have met: of the retrieved that were not met they take "
        f"{value} ({low} to {high}) for met (n = {rate.n:,} people; {predicted} are predicted for "
        f"filters of their sizes, {asked_for} were asked for). They take {found.n_bytes:,} bytes, "
        f"the numbers of what was met {found.exact_bytes:,}."
    )


def _draw(frame: pd.DataFrame, n_candidates: int, said: str) -> None:
    st.markdown(f"**What filtering takes out of the {n_candidates} retrieved, for everybody**")
    alt = "; ".join(
        f"{row['filter']}: {row['items']:,} items, {row['places a person']:.1f} places a person"
        for _, row in frame.iterrows()
    )
    table(frame, key="filter_table", columns=COLUMNS, alt=f"Filters. {alt}")
    if said:
        st.caption(said)
    reading(
        "A place is counted once, what a person had met before first, then by the "
        "first filter that takes the item out. Held-out likes lost are of items that are taken "
        "out, so that no list can hold them; intervals are of 95 % over people. A fit takes items "
        "out by `--blocked`, `--moderate`, `--near-duplicates`, `--met-bloom` and the items' "
        "column `expires`."
    )
