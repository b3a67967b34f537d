"""The Tune page: controls, links, the person, and what is shown when things go wrong."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.presets import PRESETS
from dashboard.session import KEYS
from engine.checksums import checksums_of
from engine.data.naming import name_of
from engine.evaluation import evaluate_scenario
from engine.formats import SHARE, change, number
from engine.reranking import effort_curve, relevance_kept, rerank
from engine.reranking.effort import TOLERANCE
from engine.scenario import Cap, Scenario
from engine.terms import WEIGHTS, WITH_EFFORT
from tests.pages.conftest import starter, titles

EVIL = "*a* $b$ <b>c</b> [d](http://e.f) :red[g] :smile:"


@pytest.fixture
def tune(tiny_home, monkeypatch):
    """Start the page on the tiny service, with what a link's query says."""
    return starter(tiny_home, monkeypatch)


def metric(app: AppTest, label: str) -> str:
    return next(found.value for found in app.metric if found.label == label)


def shown_list(app: AppTest) -> pd.DataFrame:
    return app.dataframe[0].value


def test_neutral_shows_the_rankers_lists_unchanged(tune):
    app = tune()
    assert not app.error
    assert [header.value for header in app.header] == ["What happens if I change this?"]
    frame = shown_list(app)
    assert frame["before"].tolist() == frame["after"].tolist()
    assert len(app.get("plotly_chart")) == 4


def test_the_list_shows_genres_at_their_own_width_and_the_year_last(tune):
    app = tune(div="0.6")
    settings = json.loads(app.dataframe[0].proto.columns)
    shown = [name for name in shown_list(app) if not settings[name].get("hidden")]
    assert shown == ["place", "after", "move", "genres", "year"]
    assert settings["genres"].get("width") is None


@pytest.mark.parametrize("label", ["Diversity", "Freshness", "Fairness (items)"])
def test_the_sliders_have_their_names(tune, label):
    assert label in [slider.label for slider in tune().slider]


def test_the_figures_are_the_engines(tune, tiny_artifacts):
    app = tune(div="0.4", fair="0.2")
    found = evaluate_scenario(tiny_artifacts, Scenario(diversity=0.4, item_fairness=0.2))
    assert metric(app, "NDCG@10") == number(found.figures["ndcg"].value)
    assert metric(app, "Diversity") == number(found.figures["ild"].value)
    coverage = found.figures["coverage"].value
    assert metric(app, "Coverage") == f"{100 * coverage:.1f} %"


def test_a_slider_moves_list_figures_and_charts(tune):
    app = tune(person="u7")
    before = metric(app, "Diversity"), [c.proto.spec for c in app.get("plotly_chart")]
    shown = shown_list(app)["after"].tolist()
    app.slider(key="div").set_value(0.9).run()
    assert metric(app, "Diversity") != before[0]
    assert shown_list(app)["after"].tolist() != shown
    specs = [chart.proto.spec for chart in app.get("plotly_chart")]
    assert all(now != then for now, then in zip(specs, before[1], strict=True))


def test_a_link_restores_the_view(tune, tiny_artifacts):
    app = tune(k="7", div="0.3", method="DPP", caps="1/4,genre", person="u5")
    scenario = Scenario(
        k=7, diversity=0.3, diversity_method="dpp", caps=(Cap("genre", None, 1, 4),)
    )
    row = tiny_artifacts.user_index["u5"]
    items = rerank(tiny_artifacts, scenario).items[row]
    assert shown_list(app)["after"].tolist() == [
        tiny_artifacts.items["title"].iloc[item] for item in items
    ]
    assert "At most 1 per genre in the top 4" in [text.value for text in app.text]


def test_a_link_out_of_range_is_left_out(tune):
    assert tune(div="7", method="magic").slider(key="div").value == 0


@pytest.mark.parametrize("query", [{"caps": "2/5"}, {"rules": "eat,genre,War,0.2"}])
def test_a_bad_limit_is_said_in_one_sentence(tune, query):
    app = tune(**query)
    assert not app.error
    assert any("left out" in warning.value for warning in app.warning)


def test_an_unknown_person_is_said_and_somebody_is_shown(tune):
    app = tune(person="nobody")
    assert any("nobody" in warning.value for warning in app.warning)
    assert len(shown_list(app)) == 10


def test_reset_puts_every_control_back(tune):
    app = tune(div="0.5", caps="2/5,genre", k="5")
    next(button for button in app.button if button.label == "Reset").click().run()
    assert app.slider(key="div").value == 0
    assert app.slider(key="k").value == 10
    assert shown_list(app)["before"].tolist() == shown_list(app)["after"].tolist()


def test_a_cap_is_added_and_taken_off(tune):
    app = tune()
    app.number_input(key="_cap_most").set_value(1).run()
    app.button(key="_add_cap").click().run()
    assert "At most 1 per genre in the top 5" in [text.value for text in app.text]
    app.button(key="_drop_cap_0").click().run()
    assert not [text.value for text in app.text if "At most" in text.value]


def test_what_each_control_does(tune):
    app = tune(div="0.4", fresh="0.2", view="What each control does")
    frame = app.dataframe[1].value
    assert set(frame["control"]) == {"Diversity", "Freshness"}


def test_what_each_cap_does(tune, tiny_artifacts):
    app = tune(caps="1/5,genre", view="What each control does")
    caps = app.dataframe[2].value
    assert caps["cap"].tolist() == ["At most 1 per genre in the top 5"]
    capped = Scenario(caps=(Cap("genre", None, 1, 5),))
    with_cap = rerank(tiny_artifacts, capped).items
    without = rerank(tiny_artifacts, Scenario()).items
    assert caps["binding"][0] == pytest.approx(100 * (with_cap != without).any(axis=1).mean())
    found = evaluate_scenario(tiny_artifacts, capped).figures["ndcg"]
    assert caps["price"][0].startswith(change(-found.difference, found.value)[:-1])
    assert not [box for box in app.selectbox if box.label == "NDCG against"]


@pytest.mark.parametrize("control", WITH_EFFORT)
def test_a_weight_is_set_by_effort(tune, tiny_artifacts, control):
    app = tune()
    app.number_input(key=f"_effort_{control}").set_value(3.0)
    form = next(b for b in app.button if b.form_id == f"by_effort_{control}")
    form.click().run()
    weight = app.slider(key=KEYS[control]).value
    lists = rerank(tiny_artifacts, Scenario(**{control: weight}))
    cost = 1 - np.nanmean(relevance_kept(tiny_artifacts, lists).astype(float))
    curve = effort_curve(tiny_artifacts, Scenario(), control)
    (said,) = [as_plain(warning.value) for warning in app.warning]
    assert (
        f"alone costs {number(cost, SHARE)} of the ranker's score at {weight:g}, measured over"
        in said
    )
    assert np.abs(curve.efforts - 0.03).min() >= abs(cost - 0.03) - 1e-9
    assert ("3.0 % was asked for" in said) == (abs(cost - 0.03) > TOLERANCE)


def test_fair_star_is_a_switch_and_says_what_it_asks(tune):
    """Its slider did nothing from .05 to .95, and nothing said so."""
    app = tune(lift="FA*IR", fair="0.4", target="0.6").run()
    slider = app.slider(key=KEYS["item_fairness"])
    assert (slider.step, slider.value) == (1.0, 1.0), "what another method left between is on"
    assert slider.label.endswith("0 off, 1 on")
    notes = [as_plain(caption.value) for caption in app.caption]
    assert [note for note in notes if "Every list must hold" in note]
    app.selectbox(key=KEYS["item_fairness_method"]).set_value("weight").run()
    assert app.slider(key=KEYS["item_fairness"]).step == 0.05


def test_a_control_that_can_do_nothing_says_so_beside_it(tune):
    """At weight .4 it said nothing."""
    app = tune(people="0.4")
    notes = [as_plain(caption.value) for caption in app.caption]
    assert [note for note in notes if "Can do nothing here." in note]
    app.slider(key=KEYS["people_fairness"]).set_value(0.0).run()
    assert not [caption for caption in app.caption if "Can do nothing" in caption.value]


def test_lifting_past_the_aim_is_said_at_the_control(tune):
    app = tune(fair="1.0")
    notes = [as_plain(caption.value) for caption in app.caption]
    assert [note for note in notes if "Past the aim: the long tail gets" in note]


def as_plain(markdown):
    """Sentence as it is read: escapes and joiners taken out."""
    return markdown.replace("\\", "").replace("\u2060", "")


@pytest.mark.parametrize("attribute", ["gender", "age band"])
def test_groups_by_any_attribute(tune, attribute):
    assert f"NDCG by {attribute}" in titles(tune(by=attribute))


@pytest.mark.parametrize("preset", PRESETS)
def test_the_controls_of_a_preset_make_that_preset(tune, tiny_artifacts, preset):
    app = tune()
    for field, key in KEYS.items():
        if field in WEIGHTS:
            app.session_state[key] = getattr(PRESETS[preset], field)
    app.run()
    found = evaluate_scenario(tiny_artifacts, PRESETS[preset])
    assert metric(app, "NDCG@10") == number(found.figures["ndcg"].value)
    assert metric(app, "Diversity") == number(found.figures["ild"].value)


def test_markup_in_the_data_is_text(tiny_folder, tmp_path, monkeypatch):
    target = tmp_path / ".artifacts" / name_of("tiny")
    shutil.copytree(tiny_folder, target)
    fit = target / (target / "CURRENT").read_text().strip()
    manifest = json.loads((fit / "manifest.json").read_text())
    manifest["title"] = EVIL
    manifest["genre_names"][0] = EVIL
    items = pd.read_parquet(fit / "tables" / "items.parquet")
    items["title"] = [f"{EVIL} {number}" for number in range(len(items))]
    items.to_parquet(fit / "tables" / "items.parquet", index=False)
    (fit / "manifest.json").write_text(json.dumps(manifest))
    (fit / "CHECKSUMS").write_text(checksums_of(fit))
    app = starter(tmp_path, monkeypatch)()
    assert shown_list(app)["after"].str.startswith(EVIL).all()
    for kind in (app.markdown, app.caption):
        for element in kind:
            assert EVIL not in element.value
            assert "<b>" not in element.value
    assert not [chart for chart in app.get("plotly_chart") if "<b>" in chart.proto.spec]


def test_nothing_fitted_is_an_invitation(tmp_path, monkeypatch):
    app = starter(tmp_path, monkeypatch)()
    assert not app.error
    assert [header.value for header in app.subheader] == ["Nothing is fitted yet"]
    assert "make run" in [code.value for code in app.code]


def test_our_own_mistakes_show_one_sentence_and_no_trace(tune, monkeypatch):
    def fail(*_args, **_kwargs):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("dashboard.cached_engine.evaluate_scenario", fail)
    app = tune(div="0.77")
    assert len(app.error) == 1
    assert "server's log" in app.error[0].value
    assert "secret" not in app.error[0].value
