"""The sidebar: whom each control serves, what it costs, and why it can do nothing."""

from __future__ import annotations

import pytest

from dashboard.session import KEYS
from dashboard.sidebar import GROUPS
from engine.terms import TERMS
from tests.pages.conftest import starter


@pytest.fixture
def tune(tiny_home, monkeypatch):
    return starter(tiny_home, monkeypatch)


def captions(app) -> list[str]:
    return [one.value.replace("\\", "") for one in app.sidebar.caption]


def test_the_controls_stand_under_whom_they_serve(tune):
    app = tune()
    order = [slider.label for slider in app.sidebar.slider]
    served = [term.weight.label for who in GROUPS for term in TERMS.values() if term.serves == who]
    assert [label for label in order if label in served] == served
    headings = [one.value for one in app.sidebar.markdown]
    assert [one for one in headings if one.strip("*") in (*GROUPS.values(), "Limits")] == [
        "**For people**",
        "**For items**",
        "**Limits**",
    ]


def test_a_control_that_is_on_says_what_it_costs_and_no_other_does(tune):
    app = tune(div="0.6")
    (said,) = [one for one in captions(app) if "of the ranker's score" in one]
    assert said.startswith("Costs ")
    assert "NDCG" in said
    app.slider(key="div").set_value(0.0).run()
    assert not [one for one in captions(app) if "of the ranker's score" in one]


def test_a_control_that_can_do_nothing_in_the_data_is_grey_and_says_why(tune, monkeypatch):
    reason = "All candidates are equally fresh."
    monkeypatch.setattr("dashboard.sidebar.why_off", lambda: {"freshness": reason})
    app = tune()
    assert app.slider(key=KEYS["freshness"]).disabled
    assert not app.slider(key=KEYS["diversity"]).disabled
    assert reason in captions(app)
    given = tune(fresh="0.3")  # by a link: it can be taken back to 0
    assert not given.slider(key=KEYS["freshness"]).disabled


def test_a_cap_that_cannot_hold_is_red_with_its_reach(tune):
    red = ":red["
    assert not [one for one in tune(caps="5/5,genre").sidebar.markdown if red in one.value]
    app = tune(caps="0/10,genre")
    (said,) = [one.value for one in app.sidebar.markdown if red in one.value]
    assert "cannot be kept in" in said
