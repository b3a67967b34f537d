"""The Trade-offs page: the map comes by itself, weights are taken, goals are answered in words."""

from __future__ import annotations

import json
import threading
import time

import pytest

from dashboard import cached_sweeps, jobs
from engine.artifacts import open_artifacts
from engine.data.naming import name_of
from engine.evaluation import evaluate_scenario
from engine.saved.store import ScenarioStore
from engine.scenario import Scenario
from tests.pages.conftest import finished, starter


@pytest.fixture
def start(tiny_home, monkeypatch):
    monkeypatch.setattr("dashboard.cached_sweeps.SETTINGS", 24)
    return starter(tiny_home, monkeypatch, "trade_offs")


def texts(app) -> str:
    return "\n".join(str(element.value) for element in (*app.markdown, *app.caption, *app.warning))


def button(app, words):
    return next(one for one in app.button if words in one.label)


def test_the_map_is_made_without_being_asked_for(start):
    app = finished(start())
    assert not app.exception
    assert "24 settings, all measured on all" in texts(app)
    assert app.get("plotly_chart")
    assert app.selectbox(key="_front_setting").options


def test_the_map_so_far_stands_while_it_is_made(start, monkeypatch):
    """Nothing is advised, and nothing can be taken, before all of it was measured."""
    go_on, made = threading.Event(), cached_sweeps.kept_sweep

    def held(*args, show, **how):
        def show_and_wait(found):
            show(found)
            go_on.wait(60)

        return made(*args, show=show_and_wait, **how)

    monkeypatch.setattr("dashboard.cached_sweeps.kept_sweep", held)
    app = start(k="9")
    deadline = time.monotonic() + 400
    while all(job.partial is None for job in jobs._desk()[1].values()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    app.run()
    assert "So far: 10 settings of 24." in texts(app)
    assert app.get("plotly_chart")
    assert not [one for one in app.selectbox if one.key == "_front_setting"]
    go_on.set()
    assert "So far" not in texts(finished(app))


def test_weights_of_the_front_are_taken_and_the_map_stays(start):
    app = finished(start())
    known = len(jobs._desk()[1])
    app.selectbox(key="_front_setting").select_index(3).run()
    label = app.selectbox(key="_front_setting").options[3]
    button(app, "Take these weights").click().run()
    weights = ("div", "fresh", "calib", "pop")
    moved = {one.key: one.value for one in app.slider if one.key in weights and one.value}
    assert moved
    for value in moved.values():
        assert f"{value:.2f}" in label
    assert len(jobs._desk()[1]) == known


def test_a_goal_is_answered_and_its_weights_taken(start):
    app = finished(start(ndcg_loss="40"))
    button(app, "Find the most").click().run()
    app = finished(app)
    said = texts(app)
    assert "Shown to keep every limit" in said or "by estimate only" in said
    taken = next(one for one in app.button if one.label.startswith("Take "))
    taken.click().run()
    assert not app.exception


def test_a_goal_that_cannot_be_met_says_what_would_have_to_give(start):
    app = finished(start(ndcg_loss="1", tail_least="100"))
    button(app, "Find the most").click().run()
    said = texts(finished(app))
    assert "No setting tried keeps every limit" in said
    assert "would have to give way" in said or "loosen two or more" in said


@pytest.mark.parametrize("limit", ["nonsense", "ndcg loss <= 1% for every moon", "gini loss <= 3%"])
def test_a_limit_typed_wrongly_is_a_sentence_and_the_page_stays(start, limit):
    app = finished(start(limit=limit))
    button(app, "Find the most").click().run()
    app = finished(app)
    assert not app.exception
    assert app.warning
    assert button(app, "Find the most")
    assert app.get("plotly_chart")


def test_methods_are_compared_at_equal_cost(start):
    app = finished(start(picture="Methods compared"))
    assert not app.exception
    table = app.dataframe[-1].value
    assert len(table) == 6
    assert "1 % of NDCG lost" in table.columns


def test_groups_can_stand_on_an_axis_and_a_third_figure_is_the_colour(start):
    app = finished(
        start(y="NDCG, worst served by gender", x="NDCG, gap by gender", colour="Coverage")
    )
    assert not app.exception
    assert "worst served by gender" in "".join(app.dataframe[-1].value.columns)
    assert "Coverage" in "".join(app.dataframe[-1].value.columns)


def test_the_button_on_tune_begins_the_usual_goal(tiny_home, monkeypatch):
    monkeypatch.setattr("dashboard.cached_sweeps.SETTINGS", 24)
    app = starter(tiny_home, monkeypatch, "tune")()
    button(app, "Most diversity for at most 1 % NDCG").click().run()
    assert any(key[0] == "goal" for key in jobs._desk()[1])
    finished(app)


def test_saved_scenarios_are_marked_on_the_map_where_they_stand(start, tiny_home):
    store = ScenarioStore(tiny_home / ".artifacts" / "scenarios.sqlite")
    for name, scenario in (
        ("Mine", Scenario(diversity=0.5)),
        ("Longer", Scenario(diversity=0.5, k=20)),
    ):
        store.save(scenario, data=name_of("tiny"), name=name)
    app = finished(start())
    (figure,) = [json.loads(one.proto.spec) for one in app.get("plotly_chart")]
    marked = [one for one in figure["data"] if one.get("marker", {}).get("symbol") == "star"]
    assert [one["text"] for one in marked] == [["saved: Mine"]]
    fitted = open_artifacts(tiny_home / ".artifacts" / name_of("tiny"))
    wanted = evaluate_scenario(fitted, Scenario(diversity=0.5)).figures
    assert marked[0]["x"][0] == pytest.approx(wanted["ild"].value)
    assert marked[0]["y"][0] == pytest.approx(wanted["ndcg"].value)
