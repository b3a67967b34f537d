"""What was done to the data, on every page: from where on is liked, notes, what was left out."""

from __future__ import annotations

import streamlit as st

from dashboard.plain_text import as_markdown
from engine.artifacts import Artifacts
from engine.fit_words import data_sentences, liked_words

__all__ = ["data_notes"]


def data_notes(artifacts: Artifacts) -> None:
    """Draw the threshold, and a button that opens the notes and drops with their counts."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(as_markdown(liked_words(artifacts.manifest)), width="content")
        sentences = data_sentences(artifacts.manifest)
        with st.popover("What was done to the data", type="tertiary", icon=":material/notes:"):
            for sentence in sentences or ["The data are as they were read; nothing was left out."]:
                st.markdown(as_markdown(sentence))
