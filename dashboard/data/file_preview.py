"""Ten rows of each file, and how it is read where that has to be said."""

from __future__ import annotations

import streamlit as st

from dashboard.panels import table
from dashboard.plain_text import as_markdown
from engine.importing.dialect import DELIMITERS
from engine.importing.encoding import ENCODINGS
from engine.importing.examining import Examined, Look
from engine.importing.reading import Reading

__all__ = ["draw_previews", "readings"]

FOUND = "found out"
HEADS = {FOUND: None, "names the columns": True, "holds values": False}


def _store(stamp: str) -> dict[str, Reading]:
    return st.session_state.setdefault(f"_data_reading_{stamp}", {})


def readings(stamp: str) -> dict[str, Reading]:
    """Return how files are to be read, as far as somebody said."""
    return {name: one for name, one in _store(stamp).items() if one.as_dict()}


def draw_previews(found: Examined, stamp: str) -> None:
    """Draw a tab for each file."""
    tabs = st.tabs([as_markdown(name) for name in found.looks])
    for place, (tab, look) in enumerate(zip(tabs, found.looks.values(), strict=True)):
        with tab:
            table(
                look.first,
                key=f"data_rows_{stamp}_{place}",
                alt=f"First rows of {look.name}",
                columns={name: st.column_config.TextColumn(name) for name in look.first.columns},
            )
            _how(look, stamp, place)
    for one in found.findings:
        if one.kind != "problem":
            st.caption(as_markdown(one.sentence))


def _how(look: Look, stamp: str, place: int) -> None:
    """Say how a file is read, and let somebody say it otherwise."""
    reading = look.reading
    if look.kind != "csv":
        return
    mark = DELIMITERS.get(reading.delimiter or "", "")
    encoding = ENCODINGS.get(reading.encoding or "", "")
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.caption(as_markdown(f"{encoding}, {mark} between columns"), width="content")
        with st.popover("Read it otherwise", type="tertiary"):
            given = _store(stamp).get(look.name, Reading())
            names = [None, *ENCODINGS]
            wanted = st.selectbox(
                "Encoding",
                names,
                names.index(given.encoding),
                format_func=lambda one: FOUND if one is None else ENCODINGS[one],
                key=f"_read_{stamp}_{place}_encoding",
            )
            marks = [None, *DELIMITERS]
            between = st.selectbox(
                "Between columns",
                marks,
                marks.index(given.delimiter),
                format_func=lambda one: FOUND if one is None else DELIMITERS[one],
                key=f"_read_{stamp}_{place}_mark",
            )
            head = st.selectbox(
                "The first row",
                list(HEADS),
                list(HEADS.values()).index(given.header),
                key=f"_read_{stamp}_{place}_header",
            )
    _note(look.name, stamp, Reading(wanted, between, None, HEADS[head]))


def _note(name: str, stamp: str, reading: Reading) -> None:
    """Keep what was said; another reading is another look at the files."""
    store = _store(stamp)
    if store.get(name, Reading()) != reading:
        store[name] = reading
        st.rerun()
