"""The card of the data in use: facts, what they can carry, and how good the fit is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charts.histogram import histogram, histogram_alt
from dashboard.panels import chart, reading, table
from dashboard.plain_text import as_markdown, as_message
from engine.artifacts import Artifacts
from engine.data.wording import counted, verb
from engine.data_card import activity_frame, card_frame, carries, genre_frame, group_frame
from engine.fit_words import data_sentences
from engine.formats import change

__all__ = ["carries_frame", "draw_card", "quality_sentence"]


def carries_frame(artifacts: Artifacts) -> pd.DataFrame:
    """Return what the data can carry as a table."""
    return pd.DataFrame(
        [
            {"": "✓" if one.is_carried else "✗", "what": one.what, "why": one.why}
            for one in carries(artifacts)
        ]
    )


def quality_sentence(artifacts: Artifacts) -> str:
    """Say how good the lists are against popularity, with interval and n."""
    metrics = artifacts.manifest["metrics"]
    full, popular = (metrics["quality"].get(name) for name in ("full pipeline", "popularity"))
    gain = metrics["gains"].get("popularity")
    if not full or not popular or full["ndcg_at_10"] is None or popular["ndcg_at_10"] is None:
        return "How good the lists are is not known: nobody has held-out likes."
    said = (
        f"NDCG@10 of the full pipeline is {full['ndcg_at_10']:.3f}, of popularity alone "
        f"{popular['ndcg_at_10']:.3f} (n = {full['n']:,})."
    )
    if gain is None or gain["half_width"] is None or gain["difference"] is None:
        return f"{said} Too few people for an interval of the difference."
    low, high = (gain["difference"] + sign * gain["half_width"] for sign in (-1, 1))
    verdict = (
        "it finds more than popularity does"
        if low > 0
        else "it finds less than popularity does"
        if high < 0
        else "no clear difference from popularity"
    )
    return (
        f"{said} Person by person the difference is "
        f"{change(gain['difference'], popular['ndcg_at_10'], ends=(low, high))}, 95 % interval: "
        f"{verdict}."
    )


def draw_card(artifacts: Artifacts) -> None:
    """Draw the card."""
    st.markdown(as_markdown(quality_sentence(artifacts)))
    left, right = st.columns([5, 6], gap="medium")
    with left:
        st.subheader("What it can carry", anchor=False)
        for one in carries(artifacts):
            mark = ":green[**✓**]" if one.is_carried else ":red[**✗**]"
            st.markdown(f"{mark} **{as_markdown(one.what)}** · {as_markdown(one.why)}")
        _activity(artifacts)
    with right:
        st.subheader("The card", anchor=False)
        table(
            card_frame(artifacts),
            key="data_card",
            alt="The data card",
            rows_shown=16,
            columns={
                "part": st.column_config.TextColumn("Part", width="small"),
                "what": st.column_config.TextColumn("What", width="medium"),
                "value": st.column_config.TextColumn("Value", width="large"),
            },
        )
    _groups_and_genres(artifacts)
    licence = artifacts.manifest["licence"]
    if licence:
        with st.expander("Licence"):
            st.text(licence)
    sentences = data_sentences(artifacts.manifest)
    if sentences:
        with st.expander(f"What was done to the data ({len(sentences)})"):
            for sentence in sentences:
                st.markdown(as_message(sentence))


def _activity(artifacts: Artifacts) -> None:
    frame = activity_frame(artifacts)
    labels = [f"{start:,}" for start in frame["interactions from"]]
    title = f"People by interactions, n = {artifacts.n_users:,}"
    counts = frame["people"].tolist()
    figure = histogram(
        labels,
        counts,
        title=title,
        x_title="interactions in the history, from … on",
        y_title="people",
    )
    question = "How much is known of each person?"
    chart(figure, key="data_activity", alt=histogram_alt(labels, counts, title), question=question)
    reading("A bar holds the people from its number of interactions to the next one's.")


def _groups_and_genres(artifacts: Artifacts) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("Groups of people", anchor=False)
        table(
            group_frame(artifacts),
            key="data_groups",
            alt="Groups of people",
            rows_shown=8,
            columns={
                "attribute": st.column_config.TextColumn("Attribute"),
                "group": st.column_config.TextColumn("Group"),
                "people": st.column_config.NumberColumn("People", format="localized"),
            },
        )
        st.caption("Largest first; groups of fewer than 20 people are shown together.")
    with right:
        genres = genre_frame(artifacts)
        if not len(genres):
            st.caption("These data have no genres: caps by genre and calibration are off.")
            return
        st.subheader("Genres", anchor=False)
        table(
            genres.assign(**{"share of history": 100 * genres["share of history"]}),
            key="data_genres",
            alt="Genres",
            rows_shown=8,
            columns={
                "genre": st.column_config.TextColumn("Genre"),
                "items": st.column_config.NumberColumn("Items", format="localized"),
                "share of history": st.column_config.NumberColumn(
                    "Share of history", format="%.1f %%"
                ),
            },
        )
        n_bare = int(np.count_nonzero(~artifacts.genre_matrix.any(axis=1)))
        if n_bare:
            st.caption(f"{counted(n_bare, 'item')} {verb(n_bare, 'has')} none.")
