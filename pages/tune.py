"""Tune: move a control and see everybody's lists, groups and exposure move with it."""

from functools import partial

import streamlit as st

from dashboard import cached_engine, session
from dashboard.header import page_header, status_line
from dashboard.live import live
from dashboard.person_picker import person_picker
from dashboard.tune.control_panel import control_panel
from dashboard.tune.exposure_panel import exposure_panel, exposure_places
from dashboard.tune.group_panel import group_choice, group_panel
from dashboard.tune.headline import headline, headline_places
from dashboard.tune.list_panel import person_list
from dashboard.tune.lower_panel import TRADE_OFF, against_choice, lower_choice
from dashboard.tune.tables import Shown, take_away
from dashboard.tune.trade_off_panel import trade_off_panel
from dashboard.tune.view import current_view

LIST_WIDTH = 580

artifacts = cached_engine.artifacts()
shown = Shown()
status = page_header("tune", after=partial(take_away, shown))
cards = headline_places()
row = st.container(horizontal=True, gap="small")
with row.container(width=LIST_WIDTH, gap="xsmall"):
    person_picker(artifacts)
    list_place = st.container()
    with st.container(horizontal=True, vertical_alignment="center"):
        lower_choice()
        against_choice()
    lower_place = st.container()
with row.container(width="stretch", gap="xsmall"):
    group_choice(artifacts)
    groups_place = st.container()
    exposure_place = exposure_places()


def body() -> None:
    """Draw everything that a control moves."""
    shown.view = view = current_view()
    shown.attribute = session.choice(session.ATTRIBUTE)
    shown.metric = session.choice(session.GROUP_METRIC)
    status_line(status, n_people=artifacts.n_users, elapsed=view.seconds)
    headline(view, shown.attribute, cards)
    with list_place:
        shown.people = person_list(view)
    with groups_place:
        group_panel(view, shown.attribute, shown.metric)
    exposure_panel(view, exposure_place)
    with lower_place:
        if session.choice(session.TUNE_VIEW) == TRADE_OFF:
            trade_off_panel(view, session.choice(session.TRADE_OFF))
        else:
            control_panel(view)


live(body)
