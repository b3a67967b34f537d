"""The Scenarios page: saved, compared, held against guardrails, promoted, recorded."""

from __future__ import annotations

import json

import pytest

from dashboard.scenarios.sections import SECTIONS
from engine.data.naming import name_of
from engine.decision.check import check_record
from engine.decision.comparison import compare_scenarios
from engine.decision.record import make_record, record_text
from engine.decision.settings import DecisionSettings
from engine.saved.records import Author
from engine.saved.standing import standing
from engine.saved.store import ScenarioStore
from engine.scenario import Cap, Scenario
from tests.pages.conftest import finished, opened, starter


@pytest.fixture
def store(tiny_home):
    return ScenarioStore(tiny_home / ".artifacts" / "scenarios.sqlite")


@pytest.fixture
def start(tiny_home, monkeypatch):
    return starter(tiny_home, monkeypatch, "scenarios")


def save(store, name, scenario, **more):
    return store.save(scenario, data=name_of("tiny"), name=name, **more)


def look_into(app, section):
    return app.segmented_control(key="beside").set_value(section).run()


def texts(app) -> str:
    shown = (*app.markdown, *app.caption, *app.warning, *app.info, *app.text)
    return "\n".join(str(one.value) for one in shown).replace("\\", "").replace("\u2060", "")


def button(app, words):
    return next(one for one in app.button if one.label == words)


def figures(app):
    return next(one.value for one in app.dataframe if "figure" in one.value)


def guardrails(app):
    return next(one.value for one in app.dataframe if "guardrail" in one.value)


def test_the_page_opens_on_an_answer_even_where_nothing_is_saved(start):
    app = start()
    assert list(app.multiselect(key="compare").value) == [
        "now", "preset:Discovery", "preset:Fresh", "preset:Lift the long tail"
    ]  # fmt: skip
    said = texts(app)
    assert "Preset Discovery" in said
    assert "guardrails" in said
    assert len(figures(app)) == 6 * 4
    assert app.get("plotly_chart")


@pytest.mark.parametrize("section", list(SECTIONS))
def test_every_section_opens(start, store, section):
    save(store, "A", Scenario(diversity=0.3))
    app = look_into(start(), section)
    assert not app.exception
    assert not app.error


def test_what_is_saved_on_another_page_is_compared_here(tiny_home, monkeypatch, store):
    app = starter(tiny_home, monkeypatch, "tune")()
    app.slider(key="div").set_value(0.4).run()
    opened(app, "Save")
    app.text_input(key="_save_name").set_value("Mine")
    app.text_input(key="_save_who").set_value("Ana")
    app.button(key="_save_new").click().run()
    (saved,) = store.all()
    assert (saved.name, saved.who, saved.scenario.diversity) == ("Mine", "Ana", 0.4)
    app.switch_page("../pages/scenarios.py").run()
    assert not app.exception
    assert "Mine" in set(figures(app)["scenario"])
    assert list(app.multiselect(key="compare").value)[:2] == ["now", saved.id]


def test_the_figures_are_those_of_the_engine(start, store, tiny_artifacts):
    one, other = Scenario(diversity=0.3), Scenario(freshness=0.5, caps=(Cap(at_most=3, top=5),))
    save(store, "A", one)
    save(store, "B", other)
    app = start(compare=["A", "B"])
    settings = DecisionSettings(
        guardrails=(
            "ndcg loss <= 1%",
            f"ndcg loss <= 2% for every {next(iter(tiny_artifacts.attributes))}",
            "top_item_share <= 40%",
        )
    )
    wanted = compare_scenarios(
        tiny_artifacts,
        [Scenario(**{**vars(one), "name": "A"}), Scenario(**{**vars(other), "name": "B"})],
        settings=settings,
    )
    shown = guardrails(app)
    for rival in wanted.rivals:
        said = shown[rival.name].tolist()
        assert len(said) == len(rival.guardrails)
        for text, guardrail in zip(said, rival.guardrails, strict=True):
            assert str(guardrail.answer) in text
            assert guardrail.reached in text
        own = figures(app)
        own = own[own["scenario"] == rival.name]
        words = own["as good as the baseline?"].tolist()
        assert words == [rival.equivalence[name].words for name in settings.metrics]
        changes = [rival.figures[name].difference for name in settings.metrics]
        assert own["change"].tolist() == pytest.approx(changes, nan_ok=True)


def test_the_baseline_can_be_a_saved_scenario_and_the_link_keeps_it(start, store):
    saved = save(store, "A", Scenario(diversity=0.3))
    app = start()
    app.selectbox(key="_vs").set_value(saved.id).run()
    assert not app.exception
    assert "Change against A" in str([chart.proto.spec for chart in app.get("plotly_chart")])
    assert "Against A, over the same" in texts(app)


def test_a_guardrail_is_asked_for_and_one_that_is_none_is_a_sentence(start):
    app = start()
    before = len(guardrails(app))
    app.text_input(key="rail_more").set_value("recall loss <= 90%").run().run()
    assert len(guardrails(app)) == before + 1
    app.text_input(key="rail_more").set_value("be good").run()
    assert not app.exception
    assert "is no limit" in str([one.value for one in app.error])


def test_promote_roll_back_delete_and_restore(start, store):
    save(store, "A", Scenario(diversity=0.3), note="first")
    save(store, "B", Scenario(diversity=0.6))
    app = look_into(start(), "Saved and history")
    app.text_input(key="_who").set_value("Ana")
    app.text_input(key="_why").set_value("it holds")
    button(app, "Promote").click().run()
    stands = standing(store, name_of("tiny"))
    assert stands.champion.name == "A"
    assert (stands.steps[-1].who, stands.steps[-1].why) == ("Ana", "it holds")
    table = next(one.value for one in app.dataframe if "role" in one.value)
    assert table["role"].tolist() == ["champion", ""]
    button(app, "Roll back").click().run()
    assert standing(store, name_of("tiny")).champion is None
    button(app, "Delete").click().run()
    assert [one.name for one in store.all()] == ["B"]
    button(app, "Restore").click().run()
    assert sorted(one.name for one in store.all()) == ["A", "B"]
    button(app, "Duplicate").click().run()
    assert len(store.all()) == 3


def test_a_name_and_a_note_are_written_down(start, store):
    saved = save(store, "A", Scenario(diversity=0.3))
    app = look_into(start(), "Saved and history")
    app.text_input(key=f"_saved_note_{saved.id}").set_value("seen by legal").run()
    button(app, "Write down").click().run()
    assert store.get(saved.id).note == "seen by legal"


def test_two_people_at_once_the_second_is_told_and_keeps_both(start, store):
    saved = save(store, "A", Scenario(diversity=0.3))
    app = look_into(start(), "Saved and history")
    button(app, "Open").click().run()
    assert app.slider(key="div").value == 0.3
    theirs = store.change(saved, scenario=Scenario(diversity=0.9), by=Author("Bo"))
    opened(app, "Save").button(key="_save_over").click().run()
    assert "was changed by Bo" in texts(app)
    assert "Diversity 0.3 → 0.9" in texts(app)
    assert store.get(saved.id) == theirs
    assert app.text_input(key="_save_name").value == "A (2)"
    app.button(key="_save_new").click().run()
    weights = {one.name: one.scenario.diversity for one in store.all()}
    assert weights == {"A": 0.9, "A (2)": 0.3}


def test_a_scenario_with_a_genre_that_is_gone_goes_without_that_part_and_says_so(start, store):
    save(store, "Old", Scenario(diversity=0.3, caps=(Cap("genre", "Silent", 1, 5),)))
    app = start().run()
    assert not app.error
    assert "Silent" in texts(app)
    assert "Old" in set(figures(app)["scenario"])


def test_a_scenario_of_a_newer_version_is_said_and_the_rest_is_there(start, store, monkeypatch):
    with monkeypatch.context() as patch:
        newer = '{"version": 99, "telepathy": 1}'
        patch.setattr("engine.saved.store._content", lambda _scenario, _name: newer)
        save(store, "Tomorrow", Scenario())
    app = start().run()
    assert not app.exception
    assert "Tomorrow cannot be read here" in texts(app)
    app = look_into(app, "Saved and history")
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("content", [b"nothing of the kind, over and over " * 40])
def test_a_damaged_store_is_a_sentence_and_the_app_works_on(tiny_home, monkeypatch, store, content):
    store.path.write_bytes(content)
    app = starter(tiny_home, monkeypatch, "scenarios")()
    assert "is damaged" in texts(app)
    assert len(figures(app)) == 6 * 4
    opened(app, "Save").button(key="_save_new").click().run()
    assert not app.exception
    assert "is damaged" in texts(app)
    app = look_into(app, "Saved and history")
    assert not app.exception
    app.switch_page("../pages/tune.py").run()
    assert not app.exception
    assert store.path.read_bytes() == content


def test_the_record_of_the_page_is_that_of_the_engine_but_for_time_and_author(
    start, store, tiny_artifacts, monkeypatch
):
    made = []
    monkeypatch.setattr("dashboard.scenarios.decision_panel.file_button",
                        lambda label, make, *_a, **_k: made.append((label, make)))  # fmt: skip
    scenario, other = Scenario(name="A", diversity=0.3), Scenario(name="B", freshness=0.4)
    save(store, "B", other)
    save(store, "A", scenario)
    app = look_into(start(compare=["B", "A"]), "Decide")
    app.selectbox(key="_decided_for").select_index(1)
    app.text_input(key="_who").set_value("Ana").run()
    by_page = json.loads(dict(made)["Record (JSON)"]())
    first = next(iter(tiny_artifacts.attributes))
    settings = DecisionSettings(
        guardrails=(
            "ndcg loss <= 1%", f"ndcg loss <= 2% for every {first}", "top_item_share <= 40%"
        ),
        attribute=first,
    )  # fmt: skip
    by_engine = make_record(compare_scenarios(tiny_artifacts, [scenario, other], settings=settings))
    assert by_page["decided"]["who"] == "Ana"
    for record in (by_page, by_engine):
        record.pop("decided")
        record["data"].pop("fits")  # the tests' two homes of one fit
        record.pop("seal")
    assert record_text(by_page) == record_text(by_engine)
    whole = json.loads(dict(made)["Record (JSON)"]())
    assert not [
        one for one in check_record(whole, tiny_artifacts, accept_unknown=True).differences
        if "guardrail" not in one
    ]  # fmt: skip
    app = finished(app.multiselect(key="_decided_with").select("earned").run())
    assert not app.exception
    earned = json.loads(dict(made)["Record (JSON)"]())["feedback"]["earned"]
    assert (earned["settings"]["seed"], earned["found"]["n_visits"]) == (0, 20_000)
