"""A what-if: like or unlike items and see the list fold in. Private to the session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from dashboard import cached_engine, cached_names, session
from dashboard.boundary import callback
from dashboard.charts.stage_flow import FlowItem, FlowStage, flow_alt, stage_flow
from dashboard.panels import chart
from dashboard.people.overview import inks
from dashboard.people.person_view import PersonView
from dashboard.people.portrait import liked_items
from dashboard.people.stages import stage_table
from dashboard.people.whole_page import ask_for_whole_page
from dashboard.plain_text import as_markdown
from engine.arrays import PAD
from engine.data.wording import verb
from engine.errors import ArtifactError
from engine.formats import count
from engine.pipeline.ranking.ordering import LEANS_ON

__all__ = ["draw_what_if", "imagine_buttons", "imagined_history", "what_if_table"]

MAX_OFFERED = 3000
"""Larger catalogues offer the person's candidates and history only."""


class Imagined(NamedTuple):
    """Keys of the two choices; each person has their own, so one's what-if is not another's."""

    liked: str
    unliked: str


def _keys(view: PersonView) -> Imagined:
    user_id = view.artifacts.users["user_id"].iloc[view.user]
    return Imagined(f"_liked_{user_id}", f"_unliked_{user_id}")


def imagine_buttons(view: PersonView) -> None:
    """Draw the two buttons that add the explained item to the what-if."""
    keys = _keys(view)
    with st.container(horizontal=True, gap="xsmall"):
        for words, icon, key, other in (
            ("What if they liked it?", ":material/thumb_up:", keys.liked, keys.unliked),
            ("… did not like it?", ":material/thumb_down:", keys.unliked, keys.liked),
        ):
            st.button(
                words,
                icon=icon,
                key=f"_imagine{key[:4]}",
                type="tertiary",
                on_click=_imagine,
                args=(key, other, view.item),
            )


@callback
def _imagine(key: str, other: str, item: int) -> None:
    state = st.session_state
    state[key] = [*(i for i in state.get(key, ()) if i != item), item]
    state[other] = [i for i in state.get(other, ()) if i != item]
    state[session.PEOPLE_VIEW] = "what-if"
    ask_for_whole_page()


def draw_what_if(view: PersonView) -> None:
    """Draw the choices, and the list now beside the list folded in."""
    keys = _keys(view)
    halves = st.grid(2, min_column_width=440, gap="medium")
    left, right = halves.container(), halves.container()
    with left:
        liked, unliked = _choices(view, keys)
    with right:
        _lists(view, liked, unliked)


def _choices(view: PersonView, keys: Imagined) -> tuple[tuple[int, ...], tuple[int, ...]]:
    labels = cached_names.item_labels()

    def ask(words: str, offered: Sequence[int], key: str, help_: str) -> tuple[int, ...]:
        return tuple(
            st.multiselect(
                words,
                offered,
                format_func=labels.__getitem__,
                key=key,
                persist_state="session",
                help=help_,
            )
        )

    liked = ask(
        "Imagine they just liked", _offered(view), keys.liked, "Added at the end of their history."
    )
    unliked = ask(
        "Imagine they did not like",
        [item for item in _offered(view) if item not in liked],
        keys.unliked,
        "Seen, but not liked; what they did like may be chosen too.",
    )
    st.button("Forget the what-if", key="_forget", on_click=_forget, args=(keys,), type="tertiary")
    return liked, unliked


@callback
def _forget(keys: Imagined) -> None:
    for key in keys:
        st.session_state[key] = []


def _offered(view: PersonView) -> list[int]:
    """Items that can be imagined: candidates first, then what they liked, then the rest."""
    first = [*view.stages[1].items.tolist(), *liked_items(view.artifacts, view.user)[::-1].tolist()]
    n_items = view.artifacts.n_items
    rest = range(n_items) if n_items <= MAX_OFFERED else ()
    return list(dict.fromkeys([*first, *rest]))


def _lists(view: PersonView, liked: tuple[int, ...], unliked: tuple[int, ...]) -> None:
    if not liked and not unliked:
        st.caption(
            "Choose one or more items: the person's taste is solved anew, candidates "
            "are retrieved, ranked and re-ranked anew, and both lists stand side by side. Nobody "
            "else sees it and nothing is saved."
        )
        return
    try:
        imagined = cached_engine.what_if(view.user, liked, unliked, view.scenario)
    except ArtifactError as error:
        st.warning(as_markdown(str(error)))
        return
    st.badge("What-if: not this person's real history", color="orange", icon=":material/science:")
    flow = what_if_flow(view, imagined.items)
    title = "The list now, and with the imagined history"
    chart(
        stage_flow(title, flow, chosen=view.item, title_length=28, inks=inks()),
        key="what_if",
        alt=flow_alt(title, flow),
    )
    n_new = sum(one.rank_before is None for one in flow[1].items)
    words = LEANS_ON.get(imagined.leans_on)
    lean = f" The history is so short that the list leans on {words}." if words else ""
    st.caption(
        f"{count(n_new)} of {len(flow[1].items)} items {verb(n_new)} new. {imagined.label}{lean}"
    )


def imagined_history(view: PersonView) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the items that are imagined as liked and as not liked, from the session's state."""
    keys = _keys(view)
    state = st.session_state
    return tuple(state.get(keys.liked, ())), tuple(state.get(keys.unliked, ()))


def what_if_table(
    view: PersonView, liked: tuple[int, ...], unliked: tuple[int, ...]
) -> pd.DataFrame:
    """Return the list now beside the imagined one, which is empty where nothing is imagined."""
    items = np.empty(0, np.int32)
    if liked or unliked:
        items = cached_engine.what_if(view.user, liked, unliked, view.scenario).items
    return stage_table(what_if_flow(view, items))


def what_if_flow(view: PersonView, items: NDArray[np.int32]) -> list[FlowStage]:
    """Put the list now beside the imagined one."""
    titles = view.artifacts.items["title"]
    held_out = set(view.artifacts.holdout.row(view.user).tolist())
    now = [int(item) for item in view.after if item != PAD]

    def column(label: str, shown: Sequence[int], before: Sequence[int]) -> FlowStage:
        rank = {item: place for place, item in enumerate(before, start=1)}
        return FlowStage(
            label,
            tuple(
                FlowItem(item, str(titles.iloc[item]), rank.get(item), item in held_out)
                for item in shown
            ),
        )

    imagined = [int(item) for item in items if item != PAD]
    return [column("Re-ranked", now, ()), column("What if", imagined, now)]
