"""The tour: five steps over the pages, from the header or a link, to be left at any of them."""

from __future__ import annotations

import pytest

from dashboard.opening import EXAMPLE
from dashboard.page_registry import PAGES
from dashboard.presets import PRESETS
from dashboard.tour import STEPS
from engine.evaluation import evaluate_scenario
from engine.people.lost_likes import find_lost
from tests.pages.conftest import starter, stop_jobs


@pytest.fixture
def start(tiny_home, monkeypatch):
    return starter(tiny_home, monkeypatch)


def step_said(app) -> str:
    return " ".join(
        one.value.replace("\\", "") for one in app.main.markdown if " of 5 ·" in one.value
    )


def press(app, key):
    return app.button(key=key).click().run()


def follow(app, page: str):
    """Open the page that the app switched to: a test's app does not go there by itself."""
    return app.switch_page(f"../pages/{page}.py").run()


def test_the_link_plays_the_story_on_the_example_page_by_page(start, tiny_artifacts):
    app = start(demo="1")
    assert not app.error  # said by the run that leads on, which the next page's takes away
    seen = []
    for at, step in enumerate(STEPS):
        follow(app, step.page)
        assert step_said(app).startswith(f"**{at + 1} of 5 · {step.title}.**")
        seen.append(next(one.value for one in app.header))
        assert app.slider(key="div").value == PRESETS[EXAMPLE].diversity
        assert not app.exception
        assert not app.error
        if at == 3:
            found = evaluate_scenario(tiny_artifacts, PRESETS[EXAMPLE])
            lost = find_lost(tiny_artifacts, found.baseline.items, found.measured.items)
            assert app.session_state["person"] == tiny_artifacts.users["user_id"].iloc[lost.user]
            assert app.session_state["item"] == tiny_artifacts.items["item_id"].iloc[lost.item]
        if at + 1 < len(STEPS):
            press(app, "_tour_next")
            assert not app.error
    assert seen == [PAGES[step.page].question for step in STEPS]
    press(app, "_tour_end")
    assert not step_said(app)
    stop_jobs()


def test_the_header_begins_it_under_the_setting_that_stands(start):
    app = start(fresh="0.2")
    assert not step_said(app)
    press(app, "_tour")
    assert not app.error
    follow(app, STEPS[0].page)
    assert step_said(app).startswith("**1 of 5")
    assert app.slider(key="fresh").value == 0.2
    assert app.slider(key="div").value == 0.0


@pytest.mark.parametrize("text", ["0", "6", "x", "-1"])
def test_a_step_that_does_not_exist_is_no_tour(start, text):
    app = start(demo=text)
    assert not step_said(app)
    assert not app.exception
