"""Undo and redo on every page: one move, preset, reset or loaded scenario is one step."""

from __future__ import annotations

import pytest

from dashboard.page_registry import PAGES
from dashboard.steps import MOST_STEPS, Steps
from engine.data.naming import name_of
from engine.saved.store import ScenarioStore
from engine.scenario import Cap, Scenario
from tests.pages.conftest import starter, stop_jobs


@pytest.fixture
def tune(tiny_home, monkeypatch):
    return starter(tiny_home, monkeypatch)


def undo(app):
    return app.button(key="_undo").click().run()


def redo(app):
    return app.button(key="_redo").click().run()


def can(app) -> tuple[bool, bool]:
    return not app.button(key="_undo").disabled, not app.button(key="_redo").disabled


def test_a_move_is_taken_back_and_made_again(tune):
    app = tune()
    assert can(app) == (False, False)
    app.slider(key="div").set_value(0.4).run()
    app.run().slider(key="fresh").set_value(0.2).run()  # after a redraw of the live part alone
    undo(app)
    assert (app.slider(key="div").value, app.slider(key="fresh").value) == (0.4, 0.0)
    undo(app)
    assert app.slider(key="div").value == 0.0
    assert can(app) == (False, True)
    redo(app)
    redo(app)
    assert (app.slider(key="div").value, app.slider(key="fresh").value) == (0.4, 0.2)
    assert can(app) == (True, False)


def test_a_preset_and_a_reset_are_one_step_each(tune):
    app = tune(div="0.5", caps="2/5,genre", k="5")
    next(button for button in app.button if button.label == "Reset").click().run()
    assert (app.slider(key="div").value, app.slider(key="k").value) == (0, 10)
    undo(app)
    assert (app.slider(key="div").value, app.slider(key="k").value) == (0.5, 5)
    assert app.query_params["caps"] in ("2/5,genre", ["2/5,genre"])
    assert can(app) == (False, True)


def test_a_loaded_scenario_is_one_step(tiny_home, monkeypatch):
    store = ScenarioStore(tiny_home / ".artifacts" / "scenarios.sqlite")
    own = Scenario(diversity=0.3, freshness=0.2, caps=(Cap("genre", None, 2, 5),))
    store.save(own, data=name_of("tiny"), name="Own")
    app = starter(tiny_home, monkeypatch, "scenarios")(beside="Saved and history")
    next(button for button in app.button if button.label == "Open").click().run().run()
    assert app.slider(key="div").value == 0.3
    undo(app)
    assert (app.slider(key="div").value, app.slider(key="fresh").value) == (0, 0)
    assert "caps" not in app.query_params
    assert can(app) == (False, True)


def test_a_move_after_an_undo_forgets_what_was_undone(tune):
    app = tune()
    app.slider(key="div").set_value(0.4).run()
    undo(app)
    app.slider(key="fresh").set_value(0.3).run()
    assert can(app) == (True, False)
    undo(app)
    assert (app.slider(key="div").value, app.slider(key="fresh").value) == (0, 0)


@pytest.mark.parametrize("page", [name for name in PAGES if name != "tune"])
def test_every_page_has_undo_and_what_was_moved_elsewhere_is_taken_back(
    tiny_home, monkeypatch, page
):
    app = starter(tiny_home, monkeypatch)()
    app.slider(key="div").set_value(0.4).run()
    app.switch_page(f"../pages/{page}.py").run()
    assert can(app) == (True, False)
    undo(app)
    assert not app.exception
    assert app.slider(key="div").value == 0
    stop_jobs()


def test_a_long_session_forgets_its_oldest_steps_and_no_others():
    steps = Steps()
    for k in range(1, 2 * MOST_STEPS):
        steps.note(Scenario(diversity=(k % 97) / 100, half_life_days=float(k + 6)), 0.0)
    assert len(steps.made) == MOST_STEPS + 1
    n = 0
    while steps.can(-1):
        steps.move(-1)
        n += 1
    assert n == MOST_STEPS
    assert steps.made[0].half_life_days == MOST_STEPS - 1 + 6


def test_a_key_that_is_held_is_one_move_and_another_control_another():
    steps = Steps()
    steps.note(Scenario(), 0.0)
    for press in range(1, 5):
        steps.note(Scenario(diversity=press / 20), 10 + 0.3 * press)
    steps.note(Scenario(diversity=0.2, freshness=0.1), 11.5)
    steps.note(Scenario(diversity=0.3, freshness=0.1), 11.6)
    steps.note(Scenario(diversity=0.4, freshness=0.1), 30.0)
    weights = [(one.diversity, one.freshness) for one in steps.made]
    assert weights == [(0, 0), (0.2, 0), (0.2, 0.1), (0.3, 0.1), (0.4, 0.1)]


def test_the_same_control_moved_at_once_after_an_undo_is_a_move_of_its_own():
    steps = Steps()
    for second, weight in enumerate((0.0, 0.1, 0.2)):
        steps.note(Scenario(diversity=weight), 5.0 * second)
    steps.move(-1)
    steps.note(Scenario(diversity=0.9), 10.1)
    assert [one.diversity for one in steps.made] == [0.0, 0.1, 0.9]
