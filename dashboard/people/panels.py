"""The parts of the People page, drawn for one person under the present setting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard import cached_engine, cached_names, session
from dashboard.boundary import callback
from dashboard.charts.shares import Shares, share_bars, shares_alt
from dashboard.controls import IN_LINK, redraw_live
from dashboard.palette import BASELINE, SETTING, STAGE_COLOURS
from dashboard.panels import chart, table
from dashboard.people.item_bring_in import draw_ways_in, seek
from dashboard.people.item_influence import draw_influence
from dashboard.people.item_moves import draw_every_move, draw_move, entry_of
from dashboard.people.item_reasons import draw_candidacy, draw_rank
from dashboard.people.overview import Quality, draw_flow, draw_portrait
from dashboard.people.person_view import PersonView, item_words, person_view
from dashboard.people.portrait import (
    GenreMix,
    genre_mix_of,
    genres_in_words,
    history_table,
    liked_items,
    portrait,
)
from dashboard.people.what_if import draw_what_if, imagine_buttons
from dashboard.people.whole_page import redraw_whole_page_if_asked
from dashboard.person_picker import chosen_person
from dashboard.plain_text import as_markdown
from engine.artifacts import Artifacts
from engine.people.story import story

__all__ = [
    "MeasuredPerson",
    "item_choice",
    "measure",
    "person",
    "reasons",
    "seen_choice",
    "stages",
    "view_choice",
]

_ITEM = "_item"


@dataclass(frozen=True, eq=False)
class MeasuredPerson:
    """A person's view, how well they are served, and the time behind it."""

    view: PersonView
    quality: Quality
    seconds: float


def measure(artifacts: Artifacts) -> MeasuredPerson:
    """Re-rank and measure everybody, and gather the chosen person's view."""
    redraw_whole_page_if_asked()
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


def person(measured: MeasuredPerson) -> None:
    """Draw who the person is."""
    view = measured.view
    genres = genres_in_words(_mix(view)) if view.artifacts.genre_names else ""
    st.markdown(as_markdown(story(view.artifacts, view.user, view.before, view.after)))
    draw_portrait(portrait(view.artifacts, view.user), measured.quality, view.scenario.k, genres)


def stages(measured: MeasuredPerson) -> None:
    """Draw the list at every stage."""
    draw_flow(measured.view)


def _item(view: PersonView) -> None:
    thirds = st.grid(3, min_column_width=290, gap="medium")
    left, middle, right = (thirds.container() for _ in range(3))
    with left:
        entry = entry_of(view)
        if entry is None or entry.rank_after is None:
            draw_ways_in(view)  # first: what somebody can do about it, before why it is so
        if entry is not None:
            draw_move(view, entry)
    with middle:
        draw_rank(view)
    with right:
        draw_candidacy(view)
        imagine_buttons(view)
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
        Shares(f"liked, n={n_liked:,}", mix.liked, STAGE_COLOURS["history"]),
        Shares(f"list before, n={k}", mix.before, BASELINE, is_hollow=True),
        Shares(f"list now, n={k}", mix.after, SETTING),
    ]
    title = "Genres: what they liked, what they get"
    chart(
        share_bars(title, mix.labels, series, x_title="share of items", height=300),
        key="genre_mix",
        alt=shares_alt(title, mix.labels, series),
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
    "what-if": ("What if", draw_what_if),
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
    """Draw the switch that shows retrieval as it was, with items already seen."""
    st.toggle(
        "Show items already seen",
        key=session.WITH_SEEN,
        **IN_LINK,
        on_change=redraw_live,
        help="Retrieval also finds items from the history; the filter takes them out.",
    )


def item_choice(measured: MeasuredPerson) -> None:
    """Draw the choice of the item to explain.

    The item shown is part of the widget's key. Under one key, a slider moved again before the
    browser had the new item would send the old one back, which counts as somebody's choice; and
    what a widget was drawn with is nobody's choice when it comes back.
    """
    view = measured.view
    words = item_words(view, cached_names.item_labels())
    key = f"{_ITEM}_{view.item}"
    st.session_state[key] = view.item
    st.selectbox(
        "Item to explain",
        list(words),
        format_func=words.__getitem__,
        key=key,
        on_change=_choose_item,
        args=(key, view.item),
        label_visibility="collapsed",
        filter_mode="contains",
        help="Click an item above, or search any candidate here.",
    )


@callback
def _choose_item(key: str, shown: int) -> None:
    item = st.session_state[key]
    if item == shown:
        return
    session.set_item(str(cached_engine.artifacts().items["item_id"].iloc[item]))
    seek(item)


def reasons(measured: MeasuredPerson) -> None:
    """Draw what was chosen to look at."""
    VIEWS[st.session_state.get(session.PEOPLE_VIEW) or "item"][1](measured.view)
