"""What stands in the window before any script has come: the page's frame, with its own question.

Streamlit's page is empty until some hundred kilobytes of script have arrived and run. What is
written here stands in the first answer of the server, where Streamlit's front end draws later (it
clears the place when it begins to): the names of the pages, the question of the one asked for, and
grey blocks where sidebar, figures and charts will be.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template

from dashboard.page_registry import PAGES, START

__all__ = ["first_paint"]

FRAME = Path(__file__).resolve().parent / "front" / "first_paint.html"


def first_paint(path: str) -> str:
    """Return the frame of the page at ``path`` (the address without the server's base).

    A path that is no page's has the start page's frame: Streamlit shows that one.
    """
    name = path.strip("/")
    page = PAGES.get(name, PAGES[START])
    titles = "".join(f"<span>{escape(entry.title)}</span>" for entry in PAGES.values())
    frame = Template(FRAME.read_text(encoding="utf-8"))
    return frame.substitute(pages=titles, question=escape(page.question)).strip()
