"""Data: what the data in use are, which others are here, and the way in for one's own."""

import streamlit as st

from dashboard import cached_engine, session
from dashboard.data.card_panel import draw_card
from dashboard.data.choose_panel import draw_choice
from dashboard.data.own_panel import draw_own
from dashboard.data.sections import CARD, HERE, OWN, section_choice
from dashboard.data.take_away import take_away
from dashboard.header import page_header, plain_header, status_line
from dashboard.plain_text import as_message
from dashboard.tray import tray
from engine.artifacts import Artifacts
from engine.errors import ArtifactError

artifacts: Artifacts | None = None
try:
    artifacts = cached_engine.artifacts()
except ArtifactError as error:  # nothing can be shown: this is the page that mends it
    reason = str(error)

if artifacts is None:
    plain_header("data")
    st.info(as_message(f"Nothing can be shown yet: fit a data set, or bring your own. {reason}"))
else:
    header = page_header("data")
    measured = cached_engine.evaluation(session.scenario())
    status_line(header.status, n_people=artifacts.n_users, elapsed=measured.seconds)
    with header.files:
        take_away(artifacts, session.scenario())

with tray():
    part = section_choice(begins=CARD if artifacts is not None else HERE)
    if part == CARD and artifacts is not None:
        draw_card(artifacts)
    elif part == OWN:
        draw_own()
    else:
        draw_choice()
