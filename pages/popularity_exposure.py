"""Popularity & exposure: which items are seen, where that starts, and for whom it changes."""

import streamlit as st

from dashboard import cached_engine
from dashboard.exposure import panels
from dashboard.exposure.choices import choice_row, section_choice
from dashboard.exposure.sections import SECTIONS, section
from dashboard.exposure.take_away import take_away
from dashboard.exposure.view import current_view
from dashboard.header import page_header, status_line
from dashboard.live import live
from engine.metrics.audience import audience_of

artifacts = cached_engine.artifacts()
status = page_header("popularity_exposure")
choice_row(audience_of(artifacts).item_groups)
cards = st.container()
halves = st.grid(2, min_column_width=440, gap="medium")
left, right = halves.container(), halves.container()
section_choice(tuple(SECTIONS), artifacts)
below = st.container()


def body() -> None:
    """Draw everything that a control or a choice moves."""
    view = current_view()
    status_line(status, n_people=view.found.n_users, elapsed=view.seconds)
    with status:
        take_away(view)
    with cards:
        panels.headline(view)
    with left:
        panels.lorenz_by_stage(view)
    with right:
        panels.sentences(view)
    with below:
        section(view)


live(body)
