"""What all tests of pages need."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from dashboard import jobs
from dashboard.opening import NEUTRAL_START
from dashboard.panels import opens_key
from engine.data.naming import name_of

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"


def starter(home: Path, monkeypatch: pytest.MonkeyPatch, page: str = ""):
    """Return what starts the app on the fits in ``home``, on a page, with a link's query.

    Without a query it asks for the setting that changes nothing: the bare address is a worked
    example, which ``bare_starter`` opens.
    """
    return _starter(home, monkeypatch, page, NEUTRAL_START)


def bare_starter(home: Path, monkeypatch: pytest.MonkeyPatch):
    """Return what opens the bare address of the start page."""
    return _starter(home, monkeypatch, "", {})


def _starter(home: Path, monkeypatch: pytest.MonkeyPatch, page: str, otherwise: dict[str, str]):
    monkeypatch.setenv("RERANK_STUDIO_HOME", str(home))
    monkeypatch.setenv("RERANK_STUDIO_DATA", "tiny")
    st.cache_resource.clear()
    jobs._DESKS.clear()

    def start(**query: str) -> AppTest:
        app = AppTest.from_file(APP, default_timeout=300)
        for name, value in (query or otherwise).items():
            app.query_params[name] = value
        app.run()
        if page:
            app.switch_page(f"../pages/{page}.py").run()
        assert not app.exception
        return app

    return start


def finished(app: AppTest) -> AppTest:
    """Run the page again when its jobs have ended; a browser asks for that by itself."""
    deadline = time.monotonic() + 400
    while any(not job.is_done for job in jobs._desk()[1].values()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return app.run()


def stop_jobs() -> None:
    """Stop what a page began, and wait until it has ended: nobody looks at it any more."""
    deadline = time.monotonic() + 400
    for job in jobs._desk()[1].values():
        job.cancel()
    while any(not job.is_done for job in jobs._desk()[1].values()):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def clean_starter(home: Path, monkeypatch: pytest.MonkeyPatch, page: str):
    """Return what :func:`starter` does; the page must come without an error or a warning."""
    start = starter(home, monkeypatch, page)

    def start_clean(**query: str) -> AppTest:
        app = start(**query)
        assert not [one.value for one in (*app.error, *app.warning)]
        return app

    return start_clean


def opened(app: AppTest, label: str) -> AppTest:
    """Open what stands behind the button of that label; it is not drawn before."""
    app.session_state[opens_key(label)] = True
    return app.run()


def specs(app: AppTest) -> list[dict]:
    """The charts of a page, as Plotly's own description of them."""
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def titles(app: AppTest) -> list[str]:
    """The titles of a page's charts, without the question and the marks that follow."""
    return [spec["layout"]["title"]["text"].partition("<br>")[0] for spec in specs(app)]


@pytest.fixture
def tiny_home(tiny_folder: Path, tmp_path: Path) -> Path:
    """Home of the tiny service's fit."""
    (tmp_path / ".artifacts").mkdir()
    (tmp_path / ".artifacts" / name_of("tiny")).symlink_to(tiny_folder)
    return tmp_path


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
