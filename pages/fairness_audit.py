"""Fairness audit: who is served worse, whether it is real, who pays, and where it starts."""

import streamlit as st

from dashboard import cached_engine
from dashboard.audit import keys, panels
from dashboard.audit.choices import choice_row, section_choice
from dashboard.audit.matrix_panel import draw_matrix, scan, scan_in_words
from dashboard.audit.sections import SECTIONS, section
from dashboard.audit.take_away import take_away
from dashboard.audit.view import current_audit
from dashboard.first_answer import said_at_once
from dashboard.header import page_header, status_line
from dashboard.kept_view import note_view, put_back_view
from dashboard.live import live

artifacts = cached_engine.artifacts()
put_back_view("fairness_audit")
header = page_header("fairness_audit")
choice_row(artifacts)
matrix_place = st.container()
cards = st.container()
halves = st.grid(2, min_column_width=440, gap="medium")
left, right = halves.container(), halves.container()
section_choice(tuple(SECTIONS))
below = st.container()


def body() -> None:
    """Draw everything that a control or a choice moves."""
    view = current_audit()
    status_line(header.status, n_people=view.evaluation.n_users, elapsed=view.seconds)
    with header.files:
        take_away(view)
    matrix = scan(view)
    header.finding.markdown(scan_in_words(matrix))
    with matrix_place:
        draw_matrix(matrix)
    with cards:
        panels.headline(view)
    with left:
        panels.dots(view)
    with right:
        panels.sentences(view)
    with below:
        section(view)
    note_view("fairness_audit", keys.ALL)


live(body, said_at_once(header))
