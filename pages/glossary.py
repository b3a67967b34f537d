"""Glossary: every word of the pages, from the registries that the program itself reads."""

from dashboard import cached_engine, session
from dashboard.downloads import downloads
from dashboard.glossary.panel import draw_entries, glossary_frame, search
from dashboard.header import page_header, status_line
from dashboard.live import live

header = page_header("glossary")
words = search()


def body() -> None:
    """Draw what does not hang on a control: only the status and the files do."""
    measured = cached_engine.evaluation(session.scenario())
    people = cached_engine.artifacts().n_users
    status_line(header.status, n_people=people, elapsed=measured.seconds)
    with header.files:
        downloads({"glossary": glossary_frame}, session.scenario())


live(body)
draw_entries(words)
