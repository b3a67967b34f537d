"""People: one person's list, where it comes from, and the reason for each move."""

import streamlit as st

from dashboard import cached_engine
from dashboard.header import page_header, status_line
from dashboard.live import live
from dashboard.people import panels
from dashboard.people.finder import finder_row, say_place
from dashboard.people.panels import measure

artifacts = cached_engine.artifacts()
status = page_header("people")
found = finder_row(artifacts)
who = st.container(gap="xsmall")
stages = st.container()
with st.container(horizontal=True, vertical_alignment="center"):
    panels.view_choice()
    item = st.container(width=330)
    panels.seen_choice()
    files = st.container(width="content")
reasons = st.container()


def body() -> None:
    """Everything that a control, a person or an item moves."""
    measured = measure(artifacts)
    status_line(status, n_people=artifacts.n_users, elapsed=measured.seconds)
    say_place(found, artifacts, measured.view.user)
    with who:
        panels.person(measured)
    with stages:
        panels.stages(measured)
    with item:
        panels.item_choice(measured)
    with files:
        panels.get_tables(measured)
    with reasons:
        panels.reasons(measured)


live(body)
