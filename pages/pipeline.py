"""Pipeline: how a list comes about, and the most it could be."""

import streamlit as st

from dashboard import cached_engine
from dashboard.header import page_header, status_line
from dashboard.kept_view import note_view, put_back_view
from dashboard.live import live
from dashboard.panels import reading
from dashboard.person_picker import person_picker
from dashboard.pipeline import keys
from dashboard.pipeline.funnel_panel import finding, funnel_drawing, funnel_help
from dashboard.pipeline.sections import section_choice, section_drawing
from dashboard.pipeline.take_away import take_away
from dashboard.pipeline.view import current_view
from dashboard.plain_text import as_markdown

artifacts = cached_engine.artifacts()
put_back_view("pipeline")
header = page_header("pipeline")
top = st.container()
with st.container(width=420):
    person_picker(artifacts)
section_choice(artifacts)
below = st.container()


def body() -> None:
    """Make everything that a control or a choice moves, then draw it in one go."""
    view = current_view()
    said = finding(view)
    stages = funnel_drawing(view)
    draw_section = section_drawing(view)

    status_line(header.status, n_people=artifacts.n_users, elapsed=view.seconds)
    with header.files:
        take_away(view)
    with top:
        st.markdown(as_markdown(said))
        stages.draw()
        reading(as_markdown(funnel_help(view)))
    with below:
        draw_section()
    note_view("pipeline", keys.ALL)


live(body)
