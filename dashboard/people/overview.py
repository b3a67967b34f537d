"""The upper half of the page: who the person is, and their list at every stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard import session
from dashboard.boundary import callback
from dashboard.charts.stage_flow import Inks, flow_alt, stage_flow
from dashboard.controls import redraw_live
from dashboard.palette import BACKGROUNDS, INK
from dashboard.panels import chart
from dashboard.people.item_bring_in import seek
from dashboard.people.person_view import PersonView
from dashboard.people.portrait import Portrait
from dashboard.plain_text import as_markdown
from engine.formats import count, interval, number
from engine.metrics.figures import Figure
from engine.pipeline.ranking.ordering import LEANS_ON

__all__ = ["Quality", "draw_flow", "draw_portrait", "inks"]

_FLOW = "stages"


@dataclass(frozen=True)
class Quality:
    """NDCG of a person's list now and of the ranker's own, and everybody's now."""

    now: float
    before: float
    everybody: Figure


def draw_portrait(who: Portrait, quality: Quality, k: int, genres: str) -> None:
    """Draw who the person is, in lines that wrap.

    Parameters
    ----------
    who : Portrait
    quality : Quality
    k : int
        List length.
    genres : str
        What they like and get, in words.
    """
    traits = " · ".join(f"{as_markdown(label)}" for _, label in who.traits)
    if who.n_held_out:
        everybody = quality.everybody
        served = (
            f"NDCG@{k} {number(quality.now)}, before {number(quality.before)}; everybody "
            f"{number(everybody.value)} ({interval(everybody.low, everybody.high)}, "
            f"n = {count(everybody.n)})"
        )
    else:
        served = "Nothing is held out, so how well the list serves cannot be measured"
    with st.container(gap=None):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**Person {as_markdown(who.user_id)}** · {traits}", width="content")
            if who.leans_on:
                st.badge(
                    f"Cold start: the list leans on {LEANS_ON[who.leans_on]}",
                    color="orange",
                    icon=":material/ac_unit:",
                    help="Too short a history to know a taste by.",
                )
        liked = f" {as_markdown(genres)}." if genres else ""
        st.caption(f"{who.history_in_words}. {served}.{liked}")


def draw_flow(view: PersonView) -> None:
    """Draw the stages side by side; a click on an item has it explained."""
    title = f"The first {view.scenario.k} at every stage"
    figure = stage_flow(title, view.flow, chosen=view.item, inks=inks())
    question = "What did each stage lift, and what did it drop?"
    alt = flow_alt(title, view.flow)
    chart(figure, key=_FLOW, alt=alt, question=question, on_click=_pick(view))


def inks() -> Inks:
    """Return the colours of text and page, for the theme in use."""
    theme = st.context.theme.type or "light"
    return Inks(INK[theme], BACKGROUNDS[theme])


def _pick(view: PersonView) -> Callable[[], None]:
    ids = view.artifacts.items["item_id"]

    @callback
    def pick() -> None:
        points = st.session_state[_FLOW].selection.points
        if points:
            item = int(points[0]["customdata"][0])
            session.set_item(str(ids.iloc[item]))
            seek(item)
        redraw_live()

    return pick
