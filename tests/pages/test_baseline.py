"""vs: the baseline in the header of every page, and every page's changes taken from it."""

from __future__ import annotations

import pytest

from dashboard.page_registry import PAGES
from engine.artifacts import open_artifacts
from engine.data.naming import name_of
from engine.evaluation import evaluate_scenario
from engine.formats import of_baseline
from engine.saved.store import ScenarioStore
from engine.scenario import Cap, Scenario
from tests.pages.conftest import starter, stop_jobs

OWN = Scenario(name="Own", diversity=0.5)


@pytest.fixture
def store(tiny_home):
    return ScenarioStore(tiny_home / ".artifacts" / "scenarios.sqlite")


@pytest.fixture
def saved(store):
    return store.save(OWN, data=name_of("tiny"), name="Own")


def said(app) -> str:
    shown = (*app.markdown, *app.caption, *app.warning, *app.info, *app.error)
    return "\n".join(str(one.value) for one in shown)


def warned(app) -> str:
    return "\n".join(str(one.value) for one in app.warning).replace("\\", "")


@pytest.mark.parametrize("page", list(PAGES))
def test_every_page_has_the_baseline_in_its_header_and_keeps_it(
    tiny_home, monkeypatch, saved, page
):
    app = starter(tiny_home, monkeypatch, "" if page == "tune" else page)(vs=saved.id)
    assert not app.exception
    assert app.selectbox(key="_vs").value == saved.id
    assert app.query_params["vs"] in (saved.id, [saved.id])
    assert app.session_state["_baseline"].diversity == OWN.diversity
    stop_jobs()


def test_the_figures_of_tune_are_changes_from_the_saved_scenario(
    tiny_home, monkeypatch, saved, tiny_folder
):
    app = starter(tiny_home, monkeypatch)(vs=saved.id, div="0.1")
    found = evaluate_scenario(
        open_artifacts(tiny_folder), Scenario(diversity=0.1), baseline=OWN
    ).figures["ild"]
    neutral = evaluate_scenario(open_artifacts(tiny_folder), Scenario(diversity=0.1)).figures["ild"]
    assert found.difference < 0 < neutral.difference
    card = next(one for one in app.metric if one.label == "Diversity")
    assert of_baseline(found.difference, found.before) in card.delta


def test_a_setting_that_is_its_own_baseline_changes_nothing(tiny_home, monkeypatch, saved):
    app = starter(tiny_home, monkeypatch)(vs=saved.id, div="0.5")
    assert not app.exception
    assert app.session_state["_baseline"].name == "Own"
    frame = next(one.value for one in app.dataframe if "before" in one.value)
    assert frame["before"].tolist() == frame["after"].tolist()


def test_a_baseline_of_another_store_is_said_and_the_ranker_stands_in(tiny_home, monkeypatch):
    app = starter(tiny_home, monkeypatch)(vs="0123456789abcdef")
    assert "0123456789abcdef" in warned(app)
    assert "the ranker's order" in warned(app)
    assert app.selectbox(key="_vs").value == "ranker"
    assert "vs" not in app.query_params


def test_a_baseline_that_is_deleted_meanwhile_is_said(tiny_home, monkeypatch, store, saved):
    app = starter(tiny_home, monkeypatch)(vs=saved.id)
    store.delete(saved)
    app.run()
    assert not app.exception
    assert "is not to be had here" in warned(app)
    assert app.session_state["_baseline"].is_neutral


def test_a_baseline_can_be_named_in_a_link_by_what_it_is_called(tiny_home, monkeypatch, saved):
    app = starter(tiny_home, monkeypatch)(vs="Own")
    assert app.selectbox(key="_vs").value == saved.id
    assert not app.warning


def test_a_baseline_with_a_genre_that_is_gone_goes_without_it_and_says_so(
    tiny_home, monkeypatch, store
):
    gone = Scenario(diversity=0.2, caps=(Cap("genre", "Sitcom from Mars", 1, 5),))
    saved = store.save(gone, data=name_of("tiny"), name="Old")
    app = starter(tiny_home, monkeypatch)(vs=saved.id)
    assert not app.exception
    assert "Sitcom from Mars" in warned(app)
    assert app.session_state["_baseline"].caps == ()


def test_a_damaged_store_takes_the_baseline_away_in_a_sentence_and_the_app_works_on(
    tiny_home, monkeypatch, store, saved
):
    store.path.write_bytes(b"nothing of the kind, over and over " * 40)
    app = starter(tiny_home, monkeypatch)(vs=saved.id, div="0.3")
    assert not app.exception
    assert not app.error
    assert "is damaged" in warned(app)
    assert app.selectbox(key="_vs").value == "ranker"
    assert app.metric


def test_a_baseline_of_a_newer_version_is_said_and_the_ranker_stands_in(
    tiny_home, monkeypatch, store
):
    with monkeypatch.context() as patch:
        newer = '{"version": 99, "telepathy": 1}'
        patch.setattr("engine.saved.store._content", lambda _scenario, _name: newer)
        saved = store.save(Scenario(), data=name_of("tiny"), name="Tomorrow")
    app = starter(tiny_home, monkeypatch)(vs=saved.id)
    assert not app.exception
    assert "Tomorrow cannot be read here" in warned(app)
    assert app.session_state["_baseline"].is_neutral


def test_a_baseline_of_other_data_is_not_taken(tiny_home, monkeypatch, store):
    theirs = store.save(OWN, data="another shop", name="Theirs")
    app = starter(tiny_home, monkeypatch)(vs=theirs.id)
    assert "is not to be had here" in warned(app)
    assert app.session_state["_baseline"].is_neutral
