"""The parts of the People page, drawn for one person under the present setting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from dashboard import cached_engine, session
from dashboard.charts.shares import Shares, share_bars, shares_alt
from dashboard.controls import IN_LINK, redraw_live
from dashboard.palette import BASELINE, SETTING, STAGE_COLOURS
from dashboard.panels import chart, table
from dashboard.people.item_bring_in import draw_ways_in
from dashboard.people.item_influence import draw_influence
from dashboard.people.item_moves import draw_every_move, draw_move, entry_of
from dashboard.people.item_reasons import draw_candidacy, draw_rank
from dashboard.people.overview import Quality, draw_flow, draw_portrait
from dashboard.people.person_view import PersonView, person_view
from dashboard.people.portrait import (
    GenreMix,
    genre_mix_of,
    genres_in_words,
    history_table,
    portrait,
)
from dashboard.people.what_if import draw_what_if, imagine_buttons
from dashboard.person_picker import chosen_person
from dashboard.plain_text import as_markdown
from engine.artifacts import Artifacts
from engine.people import liked_items
from engine.people.story import introduction, story

__all__ = [
    "MeasuredPerson",
    "actions",
    "measure",
    "past",
    "person",
    "reasons",
    "seen_choice",
    "stages",
    "tell",
    "view_choice",
]


@dataclass(frozen=True, eq=False)
class MeasuredPerson:
    """A person's view, how well they are served, and the time behind it."""

    view: PersonView
    quality: Quality
    seconds: float


def measure(artifacts: Artifacts) -> MeasuredPerson:
    """Re-rank and measure everybody, and gather the chosen person's view."""
    scenario = session.scenario()
    user = chosen_person(artifacts)
    now = cached_engine.evaluation(scenario)
    quality = Quality(
        now=float(now.evaluation.measured.column("ndcg")[user]),
        before=float(now.evaluation.baseline.column("ndcg")[user]),
        everybody=now.evaluation.figures["ndcg"],
    )
    view = person_view(
        artifacts,
        user,
        scenario,
        now.evaluation.baseline.items[user],
        now.evaluation.measured.items[user],
        with_seen=bool(st.session_state.get(session.WITH_SEEN)),
        item_id=session.item(),
    )
    return MeasuredPerson(view, quality, now.seconds)


def tell(measured: MeasuredPerson) -> None:
    """Say in a sentence or two who the person is and what the setting did to their list."""
    view = measured.view
    told = story(view.artifacts, view.user, view.before, view.after)
    st.markdown(f"**{as_markdown(f'{introduction(view.artifacts, view.user)} {told}')}**")


def person(measured: MeasuredPerson) -> None:
    """Draw what is known of the person, and how well they are served."""
    view = measured.view
    genres = genres_in_words(_mix(view)) if view.artifacts.genre_names else ""
    draw_portrait(portrait(view.artifacts, view.user), measured.quality, view.scenario.k, genres)


def stages(measured: MeasuredPerson) -> None:
    """Draw the list at every stage."""
    draw_flow(measured.view)


def past(measured: MeasuredPerson) -> None:
    """Draw what the person did before, latest first."""
    view = measured.view
    st.markdown("**Their history**, latest first")
    frame = history_table(view.artifacts, view.user).head(view.scenario.k)
    frame.insert(0, "mark", np.where(frame["liked"], "♥", ""))
    table(
        frame[["mark", "title"]],
        key="past",
        rows_shown=len(frame),
        columns={
            "mark": st.column_config.TextColumn("♥", width=28, help="♥ = they liked it."),
            "title": st.column_config.TextColumn("Item"),
        },
        alt="The latest of the person's history, and what of it they liked",
    )


def actions(measured: MeasuredPerson) -> None:
    """Draw what can be tried: another setting for one item, and another history."""
    view = measured.view
    halves = st.grid(2, min_column_width=400, gap="small")
    with halves.container(border=True, gap="small"):
        draw_ways_in(view)
        imagine_buttons(view)
    with halves.container(border=True, gap="small"):
        draw_what_if(view)


def _item(view: PersonView) -> None:
    entry = entry_of(view)
    if entry is not None:
        draw_move(view, entry)
    draw_rank(view)
    draw_candidacy(view)
    draw_influence(view)


def _mix(view: PersonView) -> GenreMix:
    return genre_mix_of(view.artifacts, view.user, view.before, view.after)


def _genres(view: PersonView) -> None:
    if not view.artifacts.genre_names:
        st.caption("These data have no genres, so there is no mix of them to compare.")
        return
    mix = _mix(view)
    n_liked, k = len(liked_items(view.artifacts, view.user)), view.scenario.k
    series = [
        Shares(f"liked, n = {n_liked:,}", mix.liked, STAGE_COLOURS["history"]),
        Shares(f"list before, n = {k}", mix.before, BASELINE, is_hollow=True),
        Shares(f"list now, n = {k}", mix.after, SETTING),
    ]
    title = "Genres, liked and listed"
    chart(
        share_bars(title, mix.labels, series, x_title="share of items", height=300),
        key="genre_mix",
        alt=shares_alt(title, mix.labels, series),
        question="Does the list have the mix that they like?",
    )


def _history(view: PersonView) -> None:
    halves = st.grid(2, min_column_width=440, gap="medium")
    left, right = halves.container(), halves.container()
    with left:
        table(
            history_table(view.artifacts, view.user),
            key="history",
            rows_shown=9,
            columns={"on": st.column_config.DateColumn("on", format="D MMM YYYY")},
            alt="Everything in the person's history before the test, latest first",
        )
    with right:
        _genres(view)


VIEWS: dict[str, tuple[str, Callable[[PersonView], None]]] = {
    "item": ("One item", _item),
    "moves": ("Every move", draw_every_move),
    "history": ("History and genres", _history),
}


def _view_label(name: str) -> str:
    if name == "history" and not cached_engine.artifacts().genre_names:
        return "History"
    return VIEWS[name][0]


def view_choice() -> None:
    """Draw the choice of what to look at below the stages."""
    st.segmented_control(
        "Look at",
        list(VIEWS),
        format_func=_view_label,
        default="item",
        key=session.PEOPLE_VIEW,
        **IN_LINK,
        on_change=redraw_live,
        label_visibility="collapsed",
    )


def seen_choice() -> None:
    """Draw the switch that shows retrieval as it was, with items already seen.

    Where those may come again, there is nothing to switch: no filter takes them out.
    """
    if cached_engine.artifacts().offers_again:
        return
    st.toggle(
        "Show items already seen",
        key=session.WITH_SEEN,
        **IN_LINK,
        on_change=redraw_live,
        help="Retrieval also finds items from the history; the filter takes them out.",
    )


def reasons(measured: MeasuredPerson) -> None:
    """Draw what was chosen to look at."""
    VIEWS[st.session_state.get(session.PEOPLE_VIEW) or "item"][1](measured.view)
