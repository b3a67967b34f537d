"""A link is applied exactly or refused aloud, and what is refused leaves the address."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.session import KEYS
from engine.controls import CONTROLS, Number
from tests.pages.conftest import APP, starter

REFUSED = [
    {"caps": "/5,genre"},
    {"caps": "5/,genre"},
    {"caps": "99999999999999999999/5,genre"},
    {"rules": "hide,genre,War,nan"},
    {"div": "2"},
    {"div": "nan"},
    {"div": ""},
    {"k": "0"},
    {"k": "3.7"},
    {"k": "9" * 5000},
    {"half": "1"},
    {"method": "Nope"},
    {"like": "Nope"},
    {"lift": "Nope"},
    {"group": "Nope"},
    {"spare": "Nope"},
    {"by": "Nope"},
    {"metric": "Nope"},
    {"against": "Nope"},
    {"view": "Nope"},
    {"person": "nobody"},
]


@pytest.fixture
def tune(tiny_home, monkeypatch):
    return starter(tiny_home, monkeypatch)


@pytest.mark.parametrize(
    "query", REFUSED, ids=lambda query: "&".join(map("=".join, query.items()))[:30]
)
def test_what_a_link_cannot_have_is_said_and_leaves_the_address(tune, query):
    app = tune(**query)
    (name,) = query
    said = " ".join(warning.value for warning in app.warning)
    assert said, "nothing was said"
    assert name.rstrip("s") in said or name == "person"
    assert name not in app.query_params
    assert not app.error
    app.run()  # the page is not locked, and it is said once
    assert not app.warning
    assert not app.error


def test_numbers_of_a_link_are_applied_to_the_last_digit(tune):
    asked = {}
    for field, control in CONTROLS.items():
        if isinstance(control, Number):
            value = control.low + (control.high - control.low) * 0.123456789012345
            asked[KEYS[field]] = int(value) + 1 if control.is_whole else value
    app = tune(**{key: repr(value) for key, value in asked.items()})
    assert not app.warning
    assert {key: app.session_state[key] for key in asked} == asked
    assert {key: float(app.query_params[key]) for key in asked} == asked


def test_a_default_in_a_link_is_no_complaint(tune):
    app = tune(k="10", div="0", method="MMR", by="gender", half="1825.0")
    assert not app.warning


OF_PAGES = {
    "people": ("find", "among", "show", "seen"),
    "fairness_audit": ("groups", "measure", "least"),
    "popularity_exposure": ("items_by", "look", "held_to"),
    "pipeline": ("part", "reach_by"),
}


@pytest.mark.parametrize("page", OF_PAGES)
def test_each_page_says_what_its_own_choices_cannot_be(tiny_home, monkeypatch, page):
    app = starter(tiny_home, monkeypatch)()
    arrived = AppTest.from_file(APP, default_timeout=300)
    arrived._page_hash = app.switch_page(f"../pages/{page}.py")._page_hash
    for key in OF_PAGES[page]:
        arrived.query_params[key] = "Nope"
    arrived.run()
    said = " ".join(warning.value for warning in arrived.warning)
    assert not arrived.error
    for key in OF_PAGES[page]:
        assert f"`{key}`" in said.replace("\\", ""), key
        assert key not in arrived.query_params
