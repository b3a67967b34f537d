"""The weights of other objectives in the sidebar: they move lists where a fit has their ranker."""

from __future__ import annotations

import pytest

from dashboard.pipeline.keys import SECTION
from dashboard.session import KEYS
from dashboard.trade_offs.choices import CONTROL_SETS, OTHER_AIMS, USUAL_WEIGHTS
from engine.analysis.space import MOST_AXES
from engine.data.naming import name_of
from engine.objectives import OBJECTIVES
from tests.pages.conftest import starter


@pytest.fixture
def home(eventful_folder, tmp_path_factory):
    """Home of the fit of the tiny service with finishes, under the tiny service's name."""
    folder = tmp_path_factory.mktemp("eventful_home")
    (folder / ".artifacts").mkdir()
    (folder / ".artifacts" / name_of("tiny")).symlink_to(eventful_folder)
    return folder


def captions(app) -> list[str]:
    return [one.value.replace("\\", "") for one in app.sidebar.caption]


def aims(app):
    """The part of the sidebar that folds up."""
    (part,) = [one for one in app.sidebar.expander if one.label == "Other aims"]
    return part


def test_a_weight_moves_lists_and_says_what_it_costs_and_buys(home, monkeypatch):
    app = starter(home, monkeypatch)()
    assert aims(app).proto.expanded
    slider = app.slider(key=KEYS["finished"])
    assert slider.label == "Finished"
    assert not slider.disabled
    assert not [one for one in captions(app) if "of the ranker's score" in one]
    slider.set_value(0.6).run()
    assert not app.exception
    (said,) = [one for one in captions(app) if "of the ranker's score" in one]
    assert said.startswith("Costs ")
    linked = starter(home, monkeypatch)(finish="0.6")
    assert said in captions(linked)


def test_what_the_data_lack_is_grey_with_its_reason(home, monkeypatch):
    app = starter(home, monkeypatch)()
    for name in ("bought", "shared", "came_back"):
        assert app.slider(key=KEYS[name]).disabled
    assert "The log has no event that says what people bought or rented." in captions(app)
    assert [one for one in captions(app) if "it takes 100 of 60" in one]


def test_where_the_data_have_none_the_part_is_folded_up(tiny_home, monkeypatch):
    app = starter(tiny_home, monkeypatch)()
    assert not aims(app).proto.expanded
    assert all(app.slider(key=KEYS[name]).disabled for name in OBJECTIVES)
    given = starter(tiny_home, monkeypatch)(finish="0.5")  # by a link: it can be taken back to 0
    assert aims(given).proto.expanded
    assert not given.slider(key=KEYS["finished"]).disabled
    assert [one for one in captions(given) if "Can do nothing here." in one]


def test_people_opens_on_lists_by_an_objective_with_its_reason(home, monkeypatch):
    app = starter(home, monkeypatch, "people")(finish="1.0")
    assert not app.exception
    assert not [one.value for one in app.error]


def test_a_map_can_move_them_where_there_are_any(home, tiny_home, monkeypatch):
    assert not set(USUAL_WEIGHTS) & set(OBJECTIVES)
    assert all(len(controls) <= MOST_AXES for controls in CONTROL_SETS.values())
    for folder, is_offered in ((home, True), (tiny_home, False)):
        app = starter(folder, monkeypatch, "trade_offs")()
        (box,) = [one for one in app.selectbox if one.label == "Controls that move"]
        assert (OTHER_AIMS in box.options) == is_offered
        (up,) = [one for one in app.selectbox if one.label == "Up"]
        assert ("NDCG, finished" in up.options) == is_offered
        assert "NDCG, shared" not in up.options


def test_the_pipeline_says_how_their_rankers_do(home, tiny_home, monkeypatch):
    for folder, is_there in ((home, True), (tiny_home, False)):
        app = starter(folder, monkeypatch, "pipeline")(**{SECTION: "Ranker"})
        said = " ".join(one.value.replace("\\", "") for one in app.main.caption)
        assert ("Finished: a ranker of its own, learned from" in said) == is_there
