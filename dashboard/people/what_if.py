"""A what-if: another history, and the list that would come of it. Private to the session."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from dashboard import cached_names, cached_people
from dashboard.boundary import callback
from dashboard.charts.stage_flow import FlowItem, FlowStage, flow_alt, stage_flow
from dashboard.panels import chart
from dashboard.people.imagined import Imagined, Keys, history_length, imagined_history, keys_of
from dashboard.people.item_search import matching
from dashboard.people.overview import inks
from dashboard.people.person_view import PersonView
from dashboard.people.stages import stage_table
from dashboard.plain_text import as_markdown, as_message
from engine.arrays import PAD
from engine.data.wording import counted, verb
from engine.errors import ArtifactError
from engine.formats import count
from engine.people import liked_items
from engine.pipeline.ranking.ordering import LEANS_ON

__all__ = ["draw_what_if", "imagine_buttons", "what_if_table"]

MOST_IMAGINED = 20
"""Items in each box: more than that is another person, not another history."""


def imagine_buttons(view: PersonView) -> None:
    """Draw the two buttons that add the explained item to the what-if."""
    keys = keys_of(view)
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
    state[key] = [*(i for i in state.get(key, ()) if i != item), item][-MOST_IMAGINED:]
    state[other] = [i for i in state.get(other, ()) if i != item]


def draw_what_if(view: PersonView) -> None:
    """Draw the inputs, and the list now beside the one that would come of them."""
    keys = keys_of(view)
    st.markdown("**What if**")
    st.caption("How would the list change had their history been another?")
    _choices(view, keys)
    _lists(view, imagined_history(view))


def _choices(view: PersonView, keys: Keys) -> None:
    state, labels = st.session_state, cached_names.item_labels()
    offered = _offered(view, keys)

    halves = st.grid(2, min_column_width=190, gap="small")

    def ask(words: str, key: str, help_: str, taken: Sequence[int] = ()) -> None:
        halves.container().multiselect(
            words,
            [item for item in offered if item not in taken],
            format_func=labels.__getitem__,
            key=key,
            persist_state="session",
            max_selections=MOST_IMAGINED,
            placeholder=f"up to {MOST_IMAGINED} of {count(view.artifacts.n_items)} items",
            help=help_,
        )

    anything = "For one that is not offered here, search all titles above."
    ask("They just liked", keys.liked, f"Added at the end of their history. {anything}")
    ask(
        "They did not like",
        keys.unliked,
        f"Seen, but not liked; what they did like may be chosen too. {anything}",
        state.get(keys.liked, ()),
    )
    _how_much(view, keys)
    with st.container(horizontal=True, gap="xsmall"):
        st.button(
            "Surprise me",
            key="_surprise",
            icon=":material/casino:",
            on_click=_surprise,
            args=(view, keys),
            help="Have them like an item drawn from all that they have not met and do not get.",
        )
        st.button(
            "Forget the what-if", key="_forget", on_click=_forget, args=(keys,), type="tertiary"
        )


def _how_much(view: PersonView, keys: Keys) -> None:
    """Ask for how much of the history is kept: from one item to all of it."""
    n_history = history_length(view)
    if n_history < 2:
        return
    st.session_state.setdefault(keys.kept, n_history)
    st.slider(
        f"Of their history, only the latest (1 to {counted(n_history, 'item')})",
        1,
        n_history,
        key=keys.kept,
        persist_state="session",
        help="As if they had come later: what is not kept they never met.",
    )


@callback
def _forget(keys: Keys) -> None:
    for key in (keys.liked, keys.unliked):
        st.session_state[key] = []
    st.session_state.pop(keys.kept, None)


@callback
def _surprise(view: PersonView, keys: Keys) -> None:
    """Add an item from outside of their list and history, the same at the same press."""
    state = st.session_state
    state[keys.surprises] = state.get(keys.surprises, 0) + 1
    generator = np.random.default_rng([view.user, state[keys.surprises]])
    known = np.concatenate([view.after, view.artifacts.history.row(view.user)])
    others = np.setdiff1d(np.arange(view.artifacts.n_items), known)
    if len(others):
        _imagine(keys.liked, keys.unliked, int(generator.choice(others)))


def _offered(view: PersonView, keys: Keys) -> list[int]:
    """Items that can be imagined: found by title, candidates, what they liked, what is chosen."""
    candidates = view.stages[1].items.tolist()
    liked = liked_items(view.artifacts, view.user)[::-1].tolist()
    chosen = [item for key in keys[:2] for item in st.session_state.get(key, ())]
    return list(dict.fromkeys([*matching(), *candidates, *liked, *chosen]))


def _lists(view: PersonView, imagined: Imagined) -> None:
    if imagined.is_real:
        st.caption(
            "Choose, or be surprised: their taste is solved anew, candidates are retrieved, ranked "
            "and re-ranked anew, and both lists stand side by side. Nobody else sees it and "
            "nothing is saved."
        )
        return
    try:
        found = _list_of(view, imagined)
    except ArtifactError as error:
        st.warning(as_message(str(error)))
        return
    st.badge("What-if: not this person's real history", color="orange", icon=":material/science:")
    flow = what_if_flow(view, found.items)
    n_new = sum(one.rank_before is None for one in flow[1].items)
    n_listed = len(flow[1].items)
    title = "The list now, and with the imagined history"
    said = f"{count(n_new)} of {counted(n_listed, 'item')} {verb(n_new)} new."
    chart(
        stage_flow(title, flow, chosen=view.item, title_length=24, inks=inks()),
        key="what_if",
        alt=f"{said} {flow_alt(title, flow)}",
        question="What would another past change?",
    )
    words = LEANS_ON.get(found.leans_on)
    lean = f" The history is so short that the list leans on {words}." if words else ""
    st.caption(as_markdown(f"{said} {found.label}{lean}"))


def _list_of(view: PersonView, imagined: Imagined) -> cached_people.Imagined:
    return cached_people.what_if(
        view.user, imagined.liked, imagined.unliked, view.scenario, imagined.keep
    )


def what_if_table(view: PersonView, imagined: Imagined) -> pd.DataFrame:
    """Return the list now beside the imagined one, which is empty where nothing is imagined."""
    items = np.empty(0, np.int32) if imagined.is_real else _list_of(view, imagined).items
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
