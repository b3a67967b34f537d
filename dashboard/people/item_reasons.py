"""One item: why it is a candidate, why it ranks there, why it moved or what would bring it in."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from dashboard import cached_people
from dashboard.charts.part_bars import signed_bars, signed_bars_alt
from dashboard.panels import chart
from dashboard.people.candidacy import Candidacy, candidacy
from dashboard.people.effect_table import draw_effects, effect_frame
from dashboard.people.person_view import PersonView
from dashboard.plain_text import as_markdown, as_message
from engine.data.wording import counted, verb
from engine.errors import ArtifactError
from engine.formats import Style, count, number
from engine.people.rank_reasons import RankReasons, rank_reasons, reasons_table

__all__ = ["draw_candidacy", "draw_rank", "reasons_frame"]

SHOWN_FAMILIES = 5
TWO_DIGITS = Style(2)


def draw_candidacy(view: PersonView) -> None:
    """Draw who proposed the item, and the liked items it is most like."""
    why = candidacy(view.artifacts, view.user, view.item)
    st.markdown("**Why it is a candidate**")
    st.caption(_sources_in_words(why))
    if why.sources:
        with st.container(horizontal=True, gap="xsmall"):
            for source in why.sources:
                st.badge(as_markdown(source), color="gray")
    if why.alike:
        named = ", ".join(
            f"{as_markdown(title)} ({number(likeness, TWO_DIGITS)})"
            for title, likeness in why.alike
        )
        st.caption(f"Nearest in taste of what they liked: {named}. 1 would be the same.")
    else:
        st.caption("Nothing they liked is like it in taste.")
    if why.is_new:
        st.caption(
            "Cold start: nobody's history has a like of it, so its taste is guessed from its "
            "genres and words."
        )


def _sources_in_words(why: Candidacy) -> str:
    if why.is_seen:
        return "It is in their history, so it is no candidate."
    met = f" They met it {counted(why.times_met, 'time')} before." if why.times_met else ""
    if why.rank is None:
        return f"No source proposes it, so no setting can bring it in.{met}"
    return (
        f"{len(why.sources)} of {why.n_sources} sources {verb(len(why.sources), 'proposes')} it; "
        f"the ranker puts it at {why.rank} of {why.n_candidates}.{met}"
    )


def draw_rank(view: PersonView) -> None:
    """Draw what lifts and what lowers the ranker's score, against the person's mean candidate."""
    rank = view.rank(1)
    title = "Why it ranks there" if rank is None else f"Why it ranks {rank}"
    if rank is None:
        st.markdown(f"**{title}**")
        st.caption("The ranker only scores candidates, and this item is none.")
        return
    try:
        parts = cached_people.rank_parts(view.user)
    except ArtifactError as error:
        st.markdown(f"**{title}**")
        st.caption(as_message(str(error)))
        return
    why = rank_reasons(view.artifacts.manifest["feature_names"], parts, rank - 1)
    labels, values = _largest(why)
    total = "= above their mean candidate"
    n_candidates = count(view.artifacts.n_valid[view.user])
    halves = st.grid(2, min_column_width=400, gap="medium")
    with halves.container():
        chart(
            signed_bars(title, labels, values, x_title="parts of the ranker score", total=total),
            key="rank_reasons",
            alt=signed_bars_alt(title, labels, values, total),
            question="What lifts it, and what lowers it?",
        )
    with halves.container():
        st.caption(
            f"From the mean of their {n_candidates} candidates to this item's ranker score, reason "
            f"by reason.{_second_words(view)}"
        )
        start = (f"mean of {n_candidates} candidates", why.mean_score)
        frame = effect_frame(start, labels, values, "ranker score")
        draw_effects(frame, key="rank_effects", alt="Each reason for the rank and what it adds")


def _second_words(view: PersonView) -> str:
    if not view.artifacts.manifest["recipe"].get("second"):
        return ""
    return (
        " The second stage behind the ranker looks at the list as a whole and orders its first "
        "places anew: what bore on this item's place there is below."
    )


def _largest(why: RankReasons) -> tuple[list[str], NDArray[np.float64]]:
    """Return the strongest reasons, and the others added up."""
    labels, values = list(why.families[:SHOWN_FAMILIES]), why.values[:SHOWN_FAMILIES]
    rest = why.values[SHOWN_FAMILIES:]
    if len(rest):
        labels.append(f"{len(rest)} smaller reasons")
        values = np.append(values, rest.sum())
    return labels, values


def reasons_frame(view: PersonView) -> pd.DataFrame:
    """Return every reason for the item's rank; empty where the item is no candidate."""
    rank = view.rank(1)
    parts = None if rank is None else cached_people.rank_parts(view.user)
    place = None if rank is None else rank - 1
    return reasons_table(view.artifacts.manifest["feature_names"], parts, place, view.title)
