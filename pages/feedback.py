"""Feedback: what a setting leads to when people's plays are what is learned from next."""

import streamlit as st

from dashboard import cached_engine, session
from dashboard.downloads import downloads
from dashboard.feedback import keys
from dashboard.feedback.choices import asked, year_choices
from dashboard.feedback.frames import end_frame, round_frame, unseen_frame
from dashboard.feedback.sections import draw_section, section_choice, section_tables
from dashboard.feedback.year_panel import draw_year
from dashboard.header import page_header, status_line
from dashboard.kept_view import note_view, put_back_view
from dashboard.live import live

artifacts = cached_engine.artifacts()
put_back_view("feedback")
header = page_header("feedback")
year_choices(artifacts)
top = st.container()
section_choice()
below = st.container()


def body() -> None:
    """Draw the year of the setting as it stands, and what is looked into."""
    question = asked(artifacts)
    measured = cached_engine.evaluation(session.scenario())
    status_line(header.status, n_people=artifacts.n_users, elapsed=measured.seconds)
    with top:
        year = draw_year(question)
    tables = {}
    if year is not None:
        tables = {
            "at_the_end": lambda: end_frame(year, question.attribute),
            "rounds": lambda: round_frame(year, question.attribute),
            "never_shown": lambda: unseen_frame(year, question.attribute),
        }
    with header.files:
        downloads({**tables, **section_tables(question)}, session.scenario())
    with below:
        draw_section(question, year)
    note_view("feedback", keys.ALL)


live(body)
