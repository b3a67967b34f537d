"""What is saved: champion and challenger, notes, history; open, copy, delete, restore, promote."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from dashboard import cached_engine, session
from dashboard.boundary import callback
from dashboard.fitting_scenario import fitting
from dashboard.panels import table
from dashboard.presets import in_words
from dashboard.scenarios import keys
from dashboard.scenarios.candidates import store
from dashboard.scenarios.view import ScenariosView
from dashboard.unique_labels import unique_labels
from engine.errors import ScenarioError
from engine.saved.records import Author, Saved, Standing, history_lines
from engine.saved.standing import challenge, promote, roll_back, standing

__all__ = ["saved_frame", "saved_section"]

_CHOSEN, _NOTE, _NAME, _DELETED = "_saved", "_saved_note", "_saved_name", "_saved_gone"


def saved_frame(saved: tuple[Saved, ...], stands: Standing) -> pd.DataFrame:
    """Return a row per saved scenario: its role, what it is, who changed it last."""
    roles = {one.id: role for role, one in _roles(stands)}
    return pd.DataFrame(
        {
            "name": [one.name for one in saved],
            "role": [roles.get(one.id, "") for one in saved],
            "what it does": [_what(one) for one in saved],
            "note": [one.note for one in saved],
            "revision": [one.revision for one in saved],
            "changed": [one.at.replace("T", " ").removesuffix("Z") for one in saved],
            "by": [one.who for one in saved],
            "why": [one.why for one in saved],
        }
    )


def _roles(stands: Standing) -> list[tuple[str, Saved]]:
    pairs = (("challenger", stands.challenger), ("champion", stands.champion))
    return [(role, one) for role, one in pairs if one is not None]


def _what(saved: Saved) -> str:
    try:
        return in_words(saved.scenario)
    except ScenarioError:
        return "of a newer version: cannot be read here"


def saved_section(view: ScenariosView) -> Callable[[], None]:
    """Make the list of what is saved, with what can be done with each."""
    saved, deleted = view.shelf.saved, view.shelf.deleted
    trouble = view.shelf.trouble
    stands = Standing(None, None, ()) if trouble else standing(store(), _data())
    frame = saved_frame(saved, stands)

    def draw() -> None:
        if trouble:
            st.caption("Nothing saved can be read or changed now; all else works on.")
            return
        if not saved:
            st.info("Nothing is saved yet: move the controls, then Save on top of any page.")
        else:
            table(frame, key="saved_table", alt="Saved scenarios")
            _one(saved, stands)
        if deleted:
            _deleted(deleted)

    return draw


def _data() -> str:
    return cached_engine.fit_key()[0]


def _one(saved: tuple[Saved, ...], stands: Standing) -> None:
    labels = unique_labels([one.name for one in saved], [one.id for one in saved])
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        at = st.selectbox(
            "A saved scenario",
            range(len(saved)),
            format_func=lambda row: labels[row],
            key=_CHOSEN,
            width=260,
        )
        one = saved[at if at is not None and at < len(saved) else 0]
        st.button("Open", on_click=_open, args=(one,), help="Put every control to what it says.")
        st.button("Duplicate", on_click=_do, args=("duplicate", one))
        st.button("Delete", on_click=_do, args=("delete", one), help="It can be restored.")
        st.button("Challenger", on_click=_step, args=(challenge, stands, one))
        st.button("Promote", on_click=_step, args=(promote, stands, one), type="primary")
        if stands.champion is not None:
            st.button("Roll back", on_click=_back, args=(stands,))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input("Name", one.name, key=f"{_NAME}_{one.id}", width=220)
        st.text_input("Note", one.note, key=f"{_NOTE}_{one.id}", width="stretch")
        st.text_input("Your name", key=keys.WHO, width=150)
        st.text_input("Why", key=keys.WHY, width=220)
        st.button("Write down", on_click=_annotate, args=(one,))
    history = store().history(one.id)
    lines = history_lines(history) + (["", *history_lines(stands.steps)] if stands.steps else [])
    with st.expander(f"History: {len(history)} changes, {len(stands.steps)} steps of a champion"):
        st.text("\n".join(lines))
        _restore_revision(one, history)


def _restore_revision(one: Saved, history: tuple[Saved, ...]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = st.selectbox(
            "Back to revision",
            [entry.revision for entry in history],
            key=f"_revision_{one.id}",
            width=160,
        )
        st.button("Bring it back", on_click=_restore, args=(one, chosen))


def _deleted(deleted: tuple[Saved, ...]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        labels = unique_labels([one.name for one in deleted], [one.id for one in deleted])
        at = st.selectbox(
            "Deleted", range(len(deleted)), format_func=lambda row: labels[row], key=_DELETED,
            width=260,
        )  # fmt: skip
        one = deleted[at if at is not None and at < len(deleted) else 0]
        st.button("Restore", on_click=_restore, args=(one, one.revision - 1))


def _author() -> Author:
    state = st.session_state
    return Author((state.get(keys.WHO) or "").strip(), (state.get(keys.WHY) or "").strip())


@callback
def _do(action: str, one: Saved) -> None:
    getattr(store(), action)(one, by=_author())
    session.notice(f"{one.name} is {action}d." + (" It can be restored." * (action == "delete")))


@callback
def _restore(one: Saved, revision: int) -> None:
    store().restore(one, revision, by=_author())
    session.notice(f"{one.name} is back as it was in revision {revision}.")


@callback
def _annotate(one: Saved) -> None:
    state = st.session_state
    name, note = state[f"{_NAME}_{one.id}"].strip(), state[f"{_NOTE}_{one.id}"].strip()
    store().change(one, name=None if name == one.name else name, note=note, by=_author())
    session.notice(f"Written down for {name}.")


@callback
def _step(step: Callable[..., Standing], stands: Standing, one: Saved) -> None:
    now = step(store(), stands, one, by=_author())
    is_champion = now.champion is not None and now.champion.id == one.id
    session.notice(f"{one.name} is the {'champion' if is_champion else 'challenger'} now.")


@callback
def _back(stands: Standing) -> None:
    champion = roll_back(store(), stands, _data(), by=_author()).champion
    session.notice(f"{champion.name if champion else 'The order of the ranker'} stands again.")


@callback
def _open(one: Saved) -> None:
    fits, left_out = fitting(cached_engine.artifacts(), one.scenario)
    session.set_scenario(fits)
    st.session_state["_opened"] = one
    for sentence in left_out:
        session.notice(sentence)
    session.notice(f"The controls are where {one.name} has them.")
