"""People: one person's list, where it comes from, and the reason for each move."""

import streamlit as st

from dashboard import cached_engine, session
from dashboard.first_answer import said_at_once
from dashboard.header import page_header, status_line
from dashboard.kept_view import note_view, put_back_view
from dashboard.live import live
from dashboard.people import panels
from dashboard.people.finder import finder_row, say_place
from dashboard.people.item_search import item_choice, search_box
from dashboard.people.panels import measure
from dashboard.people.take_away import take_away

artifacts = cached_engine.artifacts()
put_back_view("people")
VIEW_KEYS = (session.FINDER, session.TRAITS, session.PEOPLE_VIEW, session.WITH_SEEN)

header = page_header("people")
found = finder_row(artifacts)
who = st.container(gap="xsmall")
with st.container(key="past_and_lists"):  # a narrow page has one above the other
    past, stages = st.columns([1, 3], gap="small")
with st.container(horizontal=True, vertical_alignment="center"):
    item = st.container(width=330)
    search_box()
    panels.seen_choice()
actions = st.container()
panels.view_choice()
reasons = st.container()


def body() -> None:
    """Everything that a control, a person or an item moves."""
    measured = measure(artifacts)
    status_line(header.status, n_people=artifacts.n_users, elapsed=measured.seconds)
    with header.files:
        take_away(measured.view)
    say_place(found, artifacts, measured.view.user)
    parts = (
        (header.finding, panels.tell),
        (who, panels.person),
        (past, panels.past),
        (stages, panels.stages),
        (item, lambda one: item_choice(one.view)),
        (actions, panels.actions),
        (reasons, panels.reasons),
    )
    for place, draw in parts:
        with place:
            draw(measured)
    note_view("people", VIEW_KEYS)


live(body, said_at_once(header))
