"""Save and Copy link, on top of every page."""

from __future__ import annotations

from urllib.parse import quote

import streamlit as st

from dashboard import cached_engine, session
from dashboard.boundary import callback
from dashboard.panels import opens
from dashboard.plain_text import as_markdown
from dashboard.presets import in_words
from dashboard.scenarios import keys
from engine.data.naming import MARK
from engine.decision.comparison import MOST
from engine.saved.errors import ConflictError
from engine.saved.records import Author, Saved
from engine.saved.store import ScenarioStore, store_path
from engine.scenario import Scenario
from engine.scenario_code import python_code

__all__ = ["OPENED", "copy_link", "save_button"]

OPENED = "_opened"
"""The saved scenario that the controls were last put to, as it was then."""

_NAME, _NOTE, _WHO, _WHY = "_save_name", "_save_note", "_save_who", "_save_why"


def save_button(scenario: Scenario) -> None:
    """Draw a button that opens what a saved scenario needs: a name; a note, who and why."""
    for key in (_NAME, _NOTE, _WHO, _WHY):  # what was typed stays while it is not drawn
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]
    opens("Save", ":material/bookmark_add:", lambda: _form(scenario))


def _form(scenario: Scenario) -> None:
    st.caption(f"Saves the controls as they stand: {as_markdown(in_words(scenario))}.")
    st.text_input("Name", key=_NAME, max_chars=80, placeholder=in_words(scenario))
    st.text_input("Note", key=_NOTE, max_chars=300)
    who, why = st.columns(2)
    who.text_input("Your name", key=_WHO, max_chars=80)
    why.text_input("Why", key=_WHY, max_chars=300)
    with st.container(horizontal=True):
        st.button("Save as new", key="_save_new", type="primary", on_click=_save_new)
        opened = st.session_state.get(OPENED)
        if isinstance(opened, Saved):
            st.button(f"Save in {as_markdown(opened.name)}", key="_save_over", on_click=_save_over)


def _by() -> Author:
    state = st.session_state
    return Author((state.get(_WHO) or "").strip(), (state.get(_WHY) or "").strip())


@callback
def _save_new() -> None:
    store, data = ScenarioStore(store_path()), cached_engine.fit_key()[0]
    scenario = session.scenario()
    given = (st.session_state.get(_NAME) or "").strip()
    name = given or store.free_name(data, in_words(scenario))
    note = st.session_state.get(_NOTE) or ""
    saved = store.save(scenario, data=data, name=name, note=note, by=_by())
    st.session_state[OPENED] = saved
    compared = st.session_state.get(keys.COMPARE)
    if isinstance(compared, list) and len(compared) < MOST:
        st.session_state[keys.COMPARE] = [*compared, saved.id]
    session.notice(f"Saved as {saved.name}: it is on the Scenarios page, and can be the baseline.")
    st.rerun()  # the notice stands above the page, outside of what the button's click draws anew


@callback
def _save_over() -> None:
    """Save in the scenario that was opened; where somebody changed it since, keep both."""
    opened = st.session_state[OPENED]
    store = ScenarioStore(store_path())
    note = (st.session_state.get(_NOTE) or "").strip() or None
    try:
        saved = store.change(opened, scenario=session.scenario(), note=note, by=_by())
    except ConflictError as conflict:
        st.session_state[_NAME] = store.free_name(opened.data, opened.name)
        session.notice(f"{conflict} A free name is filled in under Save.")
    else:
        st.session_state[OPENED] = saved
        session.notice(f"Saved in {saved.name}, revision {saved.revision}.")
    st.rerun()


def copy_link() -> None:
    """Draw a button that opens the address of what is shown, with a button to copy it."""
    opens("Link", ":material/link:", _link)


def _link() -> None:
    base = (st.context.url or "").partition("?")[0]
    query = "&".join(_pairs())
    st.code(f"{base}?{query}" if query else base, language=None, wrap_lines=True)
    st.caption("Opens this page with every control as it stands here. The same in Python:")
    st.code(python_code(session.scenario(), _data()), language="python", wrap_lines=True)


def _data() -> str:
    """Name the data for a program; those of one's own have a path, which is not kept."""
    name = cached_engine.fit_key()[0]
    return "path/to/your/data" if MARK in name else name


def _pairs() -> list[str]:
    params = st.query_params
    return [f"{quote(key)}={quote(value)}" for key in params for value in params.get_all(key)]
