"""Tune: move a control and see everybody's lists, groups and exposure move with it."""

import streamlit as st

from dashboard import cached_engine, session
from dashboard.cached_engine import Measured
from dashboard.first_answer import First, tell_sentence
from dashboard.header import page_header, status_line
from dashboard.live import live
from dashboard.metric_cards import card_row
from dashboard.opening import example_in_words
from dashboard.person_picker import person_picker
from dashboard.plain_text import as_markdown
from dashboard.trade_offs.tune_button import goal_button
from dashboard.tune.exposure_panel import band_drawing, exposure_places, lorenz_drawing
from dashboard.tune.group_panel import draw_groups, group_choice, group_drawing
from dashboard.tune.headline import headline_cards, headline_places
from dashboard.tune.list_panel import draw_list, left_in_words, person_list_frame
from dashboard.tune.lower_panel import TRADE_OFF, against_choice, lower_choice, lower_drawing
from dashboard.tune.tables import take_away
from dashboard.tune.view import current_view
from engine.headline import headline_of
from engine.verdict_sentence import verdict_sentence

HALF = 400  # pixels that each half needs; narrower pages show one below the other

artifacts = cached_engine.artifacts()
header = page_header("tune")
cards = headline_places()
halves = st.grid(2, min_column_width=HALF, gap="small")
with halves.container(gap="xsmall"):
    person_picker(artifacts, is_labelled=False)
    list_place = st.container()
    with st.container(horizontal=True, vertical_alignment="center"):
        if lower_choice() == TRADE_OFF:
            against_choice()
    lower_place = st.container()
    goal_button()
with halves.container(gap="xsmall"):
    group_choice(artifacts)
    groups_place = st.container()
    exposure_place = exposure_places()


def body() -> None:
    """Make everything that a control moves, then draw it in one go."""
    view = current_view()
    attribute, metric = session.choice(session.ATTRIBUTE), session.choice(session.GROUP_METRIC)
    people = person_list_frame(view)
    judged = headline_of(view.found, attribute)
    headline = headline_cards(judged, view.scenario.k, attribute)
    said = verdict_sentence(view.found, judged)
    groups = group_drawing(view, attribute, metric)
    exposure = (lorenz_drawing(view), band_drawing(view))
    draw_lower = lower_drawing(view)

    status_line(header.status, n_people=artifacts.n_users, elapsed=view.seconds)
    with header.files:
        take_away(view, people, attribute, metric)
    example = example_in_words(view.scenario)
    header.finding.markdown(f"**{as_markdown(said)}** {as_markdown(example)}")
    card_row(headline, cards)
    with list_place:
        draw_list(people)
    with groups_place:
        draw_groups(*groups)
    for place, drawing in zip(exposure_place, exposure, strict=True):
        with place:
            drawing.draw()
    with lower_place:
        draw_lower()
        st.caption(as_markdown(left_in_words(people)))


def first_words(found: Measured) -> None:
    """Say at once what some of the people say: the sentence and the cards."""
    tell_sentence(header, found)
    attribute, scenario = session.choice(session.ATTRIBUTE), session.scenario()
    judged = headline_of(found.evaluation, attribute)
    groups = headline_cards(judged, scenario.k, attribute)
    card_row([(f"{heading}, estimate", made) for heading, made in groups], cards)


live(body, First(first_words))
