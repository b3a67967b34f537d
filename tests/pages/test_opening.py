"""The app opens on a worked example; every link means what it meant."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.opening import EXAMPLE, NEUTRAL_START
from dashboard.presets import PRESETS
from dashboard.session import KEYS
from engine.scenario import NEUTRAL, WEIGHTS, Scenario
from tests.pages.conftest import APP, bare_starter, starter


def weights(app: AppTest) -> dict[str, float]:
    return {name: app.slider(key=KEYS[name]).value for name in WEIGHTS}


def weights_of(scenario: Scenario) -> dict[str, float]:
    return {name: getattr(scenario, name) for name in WEIGHTS}


def texts(app: AppTest) -> str:
    said = " ".join(one.value for one in (*app.markdown, *app.caption))
    return said.replace("\\", "")


@pytest.fixture
def opened(tiny_home, monkeypatch):
    return bare_starter(tiny_home, monkeypatch)()


def address(app: AppTest) -> dict[str, str]:
    """What the address says, as one value a name."""
    return {
        name: values[-1] if isinstance(values, list) else values
        for name, values in app.query_params.items()
    }


def test_the_bare_address_opens_the_example_and_says_so(opened):
    assert weights(opened) == weights_of(PRESETS[EXAMPLE])
    assert "A worked example: the preset Discovery" in texts(opened)
    assert not any("Nothing yet" in one.value for one in opened.markdown)
    frame = opened.dataframe[0].value
    assert frame["before"].tolist() != frame["after"].tolist()
    assert not opened.warning


def test_the_example_moves_something_whatever_the_data():
    assert not PRESETS[EXAMPLE].is_neutral


def test_reset_leads_from_the_example_to_neutral_and_its_address_stays_there(
    opened, tiny_home, monkeypatch
):
    next(button for button in opened.button if button.label == "Reset").click().run()
    assert weights(opened) == weights_of(NEUTRAL)
    assert "A worked example" not in texts(opened)
    assert address(opened) == NEUTRAL_START
    again = starter(tiny_home, monkeypatch)(**address(opened))
    assert weights(again) == weights_of(NEUTRAL)


def test_the_examples_own_address_opens_the_same_setting(opened, tiny_home, monkeypatch):
    again = starter(tiny_home, monkeypatch)(**address(opened))
    assert weights(again) == weights(opened)
    assert "A worked example" not in texts(again)  # somebody chose to send it


@pytest.mark.parametrize(
    "query", [{"person": "u5"}, {"data": "tiny"}, {"k": "10"}, {"fresh": "0.2"}]
)
def test_an_old_link_that_leaves_out_the_controls_is_neutral_in_them(tiny_home, monkeypatch, query):
    app = starter(tiny_home, monkeypatch)(**query)
    asked = Scenario(freshness=float(query.get("fresh", 0)))
    assert weights(app) == weights_of(asked)


def test_a_link_that_names_a_page_is_neutral(tiny_home, monkeypatch):
    app = starter(tiny_home, monkeypatch)()
    people = AppTest.from_file(APP, default_timeout=300)
    people._page_hash = app.switch_page("../pages/people.py")._page_hash
    people.run()
    assert weights(people) == weights_of(NEUTRAL)
    assert not people.query_params


def test_a_slider_back_at_zero_leaves_an_address_that_opens_neutral(tiny_home, monkeypatch):
    app = starter(tiny_home, monkeypatch)(div="0.3")
    app.slider(key="div").set_value(0.0)
    app.query_params.clear()  # as the browser does, which sends its address along
    app.run()
    assert address(app) == NEUTRAL_START
    assert weights(starter(tiny_home, monkeypatch)(**address(app))) == weights_of(NEUTRAL)
