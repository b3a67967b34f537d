"""Tune: move a control and see everybody's lists, groups and exposure move with it."""

import streamlit as st

from dashboard import cached_engine, session
from dashboard.downloads import downloads
from dashboard.header import page_header, status_line
from dashboard.live import live
from dashboard.person_picker import person_picker
from dashboard.tune.exposure_panel import band_frame, exposure_panel
from dashboard.tune.group_panel import group_choice, group_frame, group_panel
from dashboard.tune.headline import headline
from dashboard.tune.list_panel import person_list, person_list_frame
from dashboard.tune.trade_off_panel import against_choice, trade_off_panel
from dashboard.tune.view import current_view

LIST_WIDTH = 580

artifacts = cached_engine.artifacts()
status = page_header("tune")
cards = st.container()
row = st.container(horizontal=True, gap="medium")
with row.container(width=LIST_WIDTH):
    person_picker(artifacts)
    list_place = st.container()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("**NDCG against**", width="content")
        against_choice()
    trade_off_place = st.container()
with row.container(width="stretch"):
    group_choice(artifacts)
    groups_place = st.container()
    exposure_place = st.container()


def body() -> None:
    """Draw everything that a control moves."""
    view = current_view()
    attribute = session.choice(session.ATTRIBUTE)
    status_line(status, n_people=artifacts.n_users, elapsed=view.seconds)
    with status:
        downloads(
            {
                "list": lambda: person_list_frame(view, {}),
                "groups": lambda: group_frame(
                    view.found.groups(attribute), session.choice(session.GROUP_METRIC)
                ),
                "exposure_by_popularity": lambda: band_frame(view),
            },
            view.scenario,
        )
    with cards:
        headline(view, attribute)
    with list_place:
        person_list(view)
    with groups_place:
        group_panel(view, attribute, session.choice(session.GROUP_METRIC))
    with exposure_place:
        exposure_panel(view)
    with trade_off_place:
        trade_off_panel(view, session.choice(session.TRADE_OFF))


live(body)
