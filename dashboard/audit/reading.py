"""What the ranker reads of people, and what another value of each attribute would change."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.panels import reading, table
from dashboard.plain_text import as_markdown
from engine.audit.audit import Audit
from engine.audit.reading import HOW_FLIPPED, flip_frame
from engine.fit_words import reading_sentences

__all__ = ["what_it_reads"]

SHARES = ("share of the ranker", "lists with other items", "low", "high")


def what_it_reads(view: Audit) -> None:
    """Draw which attributes of people are inputs of the ranker, and their effect."""
    sentences = reading_sentences(view.artifacts.manifest)
    st.markdown("\n".join(f"- {as_markdown(sentence)}" for sentence in sentences))
    frame = flip_frame(view)
    if frame.empty:
        return
    reading(HOW_FLIPPED, "Who would get another list, were the attribute another?")
    percent = {
        name: st.column_config.NumberColumn(format="percent")
        for name in (*SHARES, "lists in another order")
    }
    others = {
        name: st.column_config.NumberColumn(format="%.3f")
        for name in frame.columns
        if name not in percent and pd.api.types.is_float_dtype(frame[name])
    }
    table(frame, key="reads", columns=percent | others, alt="Lists with other attributes")
