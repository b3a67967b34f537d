"""Trade-offs: what is the best that can be had, and which weights give it."""

import streamlit as st

from dashboard import cached_engine, session
from dashboard.downloads import downloads
from dashboard.header import page_header, status_line
from dashboard.kept_view import note_view, put_back_view
from dashboard.live import live
from dashboard.trade_offs import keys
from dashboard.trade_offs.choices import map_choices
from dashboard.trade_offs.goal_panel import draw_answer, goal_choices
from dashboard.trade_offs.map_panel import has_taken
from dashboard.trade_offs.picture_panel import current_job, draw_below, draw_picture, tables

artifacts = cached_engine.artifacts()
put_back_view("trade_offs")
header = page_header("trade_offs")
map_choices(artifacts)
picture_place, goal_place = st.columns([3, 2], gap="medium")
with goal_place.container(border=True):
    st.markdown("**How much can I buy, and what must hold?**")
    goal_choices(artifacts)
    answer_place = st.container()
below = st.container()


def body() -> None:
    """Draw the picture, the answer and the front for the controls as they stand."""
    if has_taken():
        st.rerun()
    scenario = session.scenario()
    measured = cached_engine.evaluation(scenario)
    job = current_job(scenario)
    status_line(header.status, n_people=artifacts.n_users, elapsed=measured.seconds)
    with header.files:
        downloads(tables(job), scenario)
    with picture_place:
        draw_picture(job, scenario)
    with answer_place:
        draw_answer(scenario)
    with below:
        draw_below(job)
    note_view("trade_offs", keys.ALL)


live(body)
