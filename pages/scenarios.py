"""Scenarios: which one do we ship, and can anyone check it."""

import streamlit as st

from dashboard import cached_engine, session
from dashboard.downloads import downloads
from dashboard.header import page_header, status_line
from dashboard.kept_view import note_view, put_back_view
from dashboard.live import live
from dashboard.plain_text import as_markdown
from dashboard.scenarios import keys
from dashboard.scenarios.candidates import candidates, shelf
from dashboard.scenarios.choices import what_to_compare
from dashboard.scenarios.sections import section_choice, section_drawing
from dashboard.scenarios.take_away import tables
from dashboard.scenarios.verdict_panel import (
    changes_drawing,
    draw_figures,
    draw_guardrails,
    draw_verdicts,
)
from dashboard.scenarios.view import current_view

HALF = 520  # pixels that each table needs; narrower pages show one below the other

artifacts = cached_engine.artifacts()
put_back_view("scenarios")
header = page_header("scenarios")
on_shelf = shelf()
if on_shelf.trouble:
    st.warning(as_markdown(on_shelf.trouble), icon=":material/info:")
what_to_compare(artifacts, candidates(on_shelf.saved))
verdict_place = st.container(border=True, gap="xsmall")
chart_place = st.container()
halves = st.grid(2, min_column_width=HALF, gap="small")
figures_place, guardrails_place = halves.container(), halves.container()
section_choice(artifacts)
section_place = st.container()


def body() -> None:
    """Draw the comparison for the scenarios chosen and the controls as they stand."""
    view = current_view()
    if view is None:
        verdict_place.info("Choose one to four scenarios to compare.")
        return
    chart, figures = changes_drawing(view.found), draw_figures(view.found)
    guardrails, section = draw_guardrails(view.found), section_drawing(view)
    status_line(header.status, n_people=view.found.n_people, elapsed=view.seconds)
    with header.files:
        downloads(tables(view), session.scenario())
    with verdict_place:
        draw_verdicts(view.found)
    with chart_place:
        chart.draw()
    with figures_place:
        figures()
    with guardrails_place:
        guardrails()
    with section_place:
        section()
    note_view("scenarios", keys.ALL)


live(body)
