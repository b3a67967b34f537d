"""Tune: move a control and see everybody's lists, groups and exposure move with it."""

import streamlit as st

from dashboard import cached_engine, session
from dashboard.downloads import downloads
from dashboard.header import page_header, status_line
from dashboard.live import live
from dashboard.person_picker import person_picker
from dashboard.tune.control_panel import control_panel
from dashboard.tune.exposure_panel import exposure_panel
from dashboard.tune.group_panel import group_choice, group_panel
from dashboard.tune.headline import headline
from dashboard.tune.list_panel import person_list
from dashboard.tune.lower_panel import TRADE_OFF, against_choice, lower_choice
from dashboard.tune.tables import tables_of
from dashboard.tune.trade_off_panel import trade_off_panel
from dashboard.tune.view import current_view

LIST_WIDTH = 580

artifacts = cached_engine.artifacts()
status = page_header("tune")
cards = st.container()
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
    exposure_place = st.container()


def body() -> None:
    """Draw everything that a control moves."""
    view = current_view()
    attribute, metric = session.choice(session.ATTRIBUTE), session.choice(session.GROUP_METRIC)
    status_line(status, n_people=artifacts.n_users, elapsed=view.seconds)
    with status:
        downloads(tables_of(view, attribute, metric), view.scenario)
    with cards:
        headline(view, attribute)
    with list_place:
        person_list(view)
    with groups_place:
        group_panel(view, attribute, metric)
    with exposure_place:
        exposure_panel(view)
    with lower_place:
        if session.choice(session.TUNE_VIEW) == TRADE_OFF:
            trade_off_panel(view, session.choice(session.TRADE_OFF))
        else:
            control_panel(view)


live(body)
