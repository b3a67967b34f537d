"""What all tests of pages need."""

from __future__ import annotations

import pytest
from streamlit.runtime.pages_manager import PagesManager


@pytest.fixture(autouse=True)
def pages_are_known_between_runs(monkeypatch):
    """A test's app forgets its pages at each run; a browser's session keeps them.

    Without them a redraw of the live part alone finds no page to link to.
    """
    known = {}
    resolve, get_pages = PagesManager.set_pages_and_resolve, PagesManager.get_pages

    def remember(self, pages, *args, **kwargs):
        known.update(pages)
        return resolve(self, pages, *args, **kwargs)

    monkeypatch.setattr(PagesManager, "set_pages_and_resolve", remember)
    monkeypatch.setattr(PagesManager, "get_pages", lambda self: known or get_pages(self))
