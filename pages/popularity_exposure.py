"""Popularity & exposure: which items are seen, where that starts, and for whom it changes."""

from dataclasses import replace

import streamlit as st

from dashboard import cached_engine, session
from dashboard.exposure import keys, panels
from dashboard.exposure.choices import attention_row, settings
from dashboard.exposure.group_shares import stage_heat_map
from dashboard.exposure.sections import section_choice, section_drawing
from dashboard.exposure.take_away import take_away
from dashboard.exposure.view import current_view
from dashboard.first_answer import said_at_once
from dashboard.header import page_header, status_line
from dashboard.kept_view import note_view, put_back_view
from dashboard.live import live
from dashboard.metric_cards import card_row
from dashboard.plain_text import as_markdown

artifacts = cached_engine.artifacts()
put_back_view("popularity_exposure")
header = page_header("popularity_exposure")
attention_row(artifacts)
halves = st.grid(2, min_column_width=440, gap="medium")
left, right = halves.container(), halves.container()
cards = panels.headline_places()
words_place = st.container()
section_choice(artifacts)
below = st.container()


def body() -> None:
    """Make everything that a control or a choice moves, then draw it in one go."""
    view = current_view()
    headline = panels.headline_cards(view)
    heat_map, said = stage_heat_map(view)
    curves = panels.lorenz_drawing(view)
    draw_words = panels.words_drawing(view)
    draw_section = section_drawing(view)

    status_line(header.status, n_people=view.found.n_users, elapsed=view.seconds)
    with header.files:
        take_away(view)
    header.finding.markdown(f"**{as_markdown(said)}**")
    with left:
        heat_map.draw()
    with right:
        curves.draw()
    card_row(headline, cards)
    with words_place:
        draw_words()
    with below:
        draw_section()
    note_view("popularity_exposure", (session.ATTENTION, *keys.ALL))


live(body, replace(said_at_once(header), settings=settings))
