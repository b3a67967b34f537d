"""A link is applied exactly or refused aloud, and what is refused leaves the address."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.arrival import known_keys
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


def test_all_that_a_link_cannot_have_is_said_together(tune):
    """Of several, what had been said when the page was begun anew for another was lost."""
    app = tune(div="banana", caps="xx", rules="<b>", person="nobody", zzz="1")
    said = [warning.value for warning in app.warning]
    for words in ("“div” is left out", "holds a cap", "holds a rule", "has the id", "zzz"):
        assert sum(words in one for one in said) == 1, (words, said)
    app.run()
    assert not app.warning


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


@pytest.mark.parametrize(
    ("name", "meant"), [("dvi", "div"), ("rule", "rules"), ("sectoin", "section"), ("zzz", "")]
)
def test_a_typo_in_the_name_of_a_parameter_is_said(tune, name, meant):
    app = tune(**{name: "0.3"})
    (warning,) = app.warning
    said = warning.value.replace("\\", "")
    assert "nothing here has that name" in said
    assert (f"“{meant}” meant?" in said) == bool(meant)
    assert name not in app.query_params
    app.run()
    assert not app.warning


def test_what_another_page_or_a_closed_section_can_have_is_no_complaint(tune):
    assert not tune(data="tiny", look="Every item", definition="MAP").warning


def test_every_name_in_an_address_is_known():
    """A name that :func:`known_keys` lacks would be refused where its widget is not yet shown."""
    names = {name for page in OF_PAGES.values() for name in page}
    assert {*names, *KEYS.values(), "caps", "rules", "person", "item", "data"} <= {*known_keys()}


@pytest.mark.parametrize(
    ("page", "section", "opens", "key"),
    [
        ("fairness_audit", "section", "Other definitions", "definition"),
        ("popularity_exposure", "look", "People", "lift_by"),
        ("popularity_exposure", "look", "Every item", "across"),
    ],
)
def test_a_bad_value_for_a_section_that_is_not_open_is_said_when_it_opens(
    tiny_home, monkeypatch, page, section, opens, key
):
    app = starter(tiny_home, monkeypatch)()
    arrived = AppTest.from_file(APP, default_timeout=300)
    arrived._page_hash = app.switch_page(f"../pages/{page}.py")._page_hash
    arrived.query_params[key] = "Nope"
    arrived.run()
    assert not arrived.warning
    arrived.segmented_control(key=section).set_value(opens).run()
    said = " ".join(warning.value for warning in arrived.warning).replace("\\", "")
    assert f"“{key}”" in said
    assert "Nope" in said
    arrived.run()
    assert not arrived.warning


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
        assert f"“{key}”" in said.replace("\\", ""), key
        assert key not in arrived.query_params
