"""The page about feedback: a year comes by itself, parts are asked for, nothing is left unsaid."""

from __future__ import annotations

import pytest

from dashboard import jobs
from dashboard.feedback.sections import (
    AFTER_THE_YEAR,
    ASSUMED,
    BEND,
    EARNED,
    SECTIONS,
    SHOWN,
    TRY,
    UNSEEN,
)
from engine.simulate.measures import MEASURES
from tests.pages.conftest import finished, starter, stop_jobs

SHORT = {"rounds": "10", "repeats": "2"}


@pytest.fixture
def start(tiny_home, monkeypatch):
    return starter(tiny_home, monkeypatch, "feedback")


def texts(app) -> str:
    return "\n".join(str(element.value) for element in (*app.markdown, *app.caption, *app.warning))


def test_a_year_comes_by_itself_with_every_curve_and_says_what_it_assumes(start):
    app = finished(start(**SHORT))
    assert not app.exception
    assert len(app.get("plotly_chart")) == len(MEASURES)
    said = texts(app).replace("\\", "")
    assert "Left alone for 10 rounds" in said
    assert "Nobody knows the true ones" in said
    assert any("visit once a round" in caption.proto.help for caption in app.caption)
    assert len(app.dataframe[-1].value) == len(MEASURES)


def test_the_question_of_each_curve_fits_four_abreast():
    """At 1,024 pixels that of coverage was cut: a curve has room for 31 letters there."""
    assert max(len(one.question) for one in MEASURES.values()) <= 31


def test_while_the_first_year_is_simulated_each_curve_has_its_place_and_question(start):
    """The page was empty until the first repetition had ended, which can take a minute."""
    app = start(rounds="100", repeats="10")
    stop_jobs()
    said = texts(app).replace("\\", "")
    assert not app.get("plotly_chart")
    assert "in each of 100 rounds everybody gets a list" in said
    assert "the first of 10 repetitions" in said
    assert "the bar is in the corner below" in said
    for measure in MEASURES.values():
        assert f"**{measure.label}" in said
        assert measure.question in said
    assert AFTER_THE_YEAR in said


def test_a_moved_control_runs_another_year_and_the_one_before_stays_until_then(start):
    app = finished(start(**SHORT))
    years = [key for key in jobs._desk()[1] if key[0] == "year"]
    app.slider(key="div").set_value(0.4).run()
    assert len([key for key in jobs._desk()[1] if key[0] == "year"]) == len(years) + 1
    assert len(app.get("plotly_chart")) == len(MEASURES)
    app = finished(app)
    assert "Diversity 0.40" in texts(app).replace("\\", "").replace("\u2060", "")


def test_a_year_that_was_left_is_stopped(start):
    app = start(repeats="10")
    first = next(job for key, job in jobs._desk()[1].items() if key[0] == "year")
    app.selectbox(key="rounds").set_value(10).run()
    assert first.was_cancelled
    app = finished(app)
    assert not app.exception
    assert "Left alone for 10 rounds" in texts(app)


def test_a_year_stopped_by_hand_says_so_and_runs_again_when_asked(start):
    app = start(rounds="100", repeats="10")
    next(job for key, job in jobs._desk()[1].items() if key[0] == "year").cancel()
    app = finished(app)
    assert any("Stopped" in one.value for one in app.warning)
    app.button(key="_again").click().run()
    assert not app.exception
    assert len(jobs._desk()[1]) == 1
    next(iter(jobs._desk()[1].values())).cancel()
    finished(app)


def test_controls_are_tried_when_asked_for_and_the_curve_can_be_chosen(start):
    app = finished(start(**SHORT, loop=BEND))
    app.button(key="_ask_section").click().run()
    app = finished(app)
    table = app.dataframe[-1].value
    assert "Popularity penalty 0.2" in set(table["control"])
    app.selectbox(key="bend").set_value("tail").run()
    assert any("Long-tail share" in name for name in app.dataframe[-1].value.columns)
    said = [one.value for one in app.markdown if "tail share" in one.value]
    assert any("for its NDCG" in one or "no control tried" in one for one in said)


def test_true_likes_never_shown_are_by_group(start):
    app = finished(start(**SHORT, loop=UNSEEN))
    assert set(app.dataframe[-1].value["group"]) == {"man", "woman"}
    app.selectbox(key="year_by").set_value("age band").run()
    assert "under 18" in set(app.dataframe[-1].value["group"])


def test_the_answer_is_shown_under_every_assumption(start):
    app = finished(start(**SHORT, loop=ASSUMED))
    app.button(key="_ask_section").click().run()
    app = finished(app)
    table = app.dataframe[-1].value
    assert len(table) == 6
    assert "Popular because shown" in set(table["preferences"])


@pytest.mark.parametrize("section", SECTIONS)
def test_each_section_opens_by_a_link(start, section):
    app = finished(start(**SHORT, loop=section))
    assert not app.exception
    assert not app.error


def test_a_link_with_nonsense_is_no_error(start):
    app = finished(start(rounds="7", repeats="x", noticing="eyes", assume="true"))
    assert not app.exception
    assert not app.error


def test_what_it_would_have_earned_begins_with_support_and_shows_every_estimator(start):
    app = finished(start(**SHORT, loop=EARNED, div="0.4"))
    said = texts(app)
    assert "Support first" in said
    names = set(app.dataframe[-2].value["estimator"])
    assert {"IPW", "SNIPW", "DM", "DR", "SNDR", "Switch-DR", "DRos", "Independent IPS"} <= names
    assert set(app.dataframe[-1].value["group"]) == {"man", "woman"}
    app.selectbox(key="heat").set_value(2.0).run()
    app = finished(app)
    assert not app.exception


def test_bandits_learn_side_by_side_and_arms_and_floor_can_be_chosen(start, monkeypatch):
    monkeypatch.setattr("dashboard.feedback.trial_panel.STEPS", 200)
    app = finished(start(**SHORT, loop=TRY))
    assert "Least was lost by" in texts(app)
    names = set(app.dataframe[-1].value["policy"])
    assert {"Even", "UCB1", "LinUCB", "Thompson (Beta)"} <= names
    app.selectbox(key="arms").set_value("settings").run()
    app = finished(app)
    assert any("Discovery" in one for one in app.dataframe[-1].value["shown most"].dropna()) or any(
        "Neutral" in one for one in app.dataframe[-1].value["shown most"].dropna()
    )
    app.selectbox(key="floor").set_value(0.05).run()
    assert not finished(app).exception


def test_what_was_shown_is_checked_and_rated_and_attention_is_offered(start):
    app = finished(start(**SHORT, loop=SHOWN))
    assert "2 policies" in texts(app)
    checks = app.dataframe[-1].value
    assert "Propensities in (0, 1]" in set(checks["what"])
    app = finished(app.selectbox(key="rate_by").set_value("group").run())
    assert set(app.dataframe[-2].value["gender"]) == {"man", "woman"}
    app = finished(app.selectbox(key="rate").set_value("view time").run())
    assert "View time" in app.dataframe[-2].value.columns
    app = finished(app.selectbox(key="noticing").set_value("log").run())
    assert not app.exception
    assert any("noticed as the log says" in caption.proto.help for caption in app.caption)


def test_the_log_of_the_data_is_asked_what_a_setting_would_have_earned(start):
    app = finished(
        start(**SHORT, loop=EARNED, log_of="The log of these data", heat="Temperature 5")
    )
    assert not app.exception
    said = texts(app)
    assert "what these data say was shown" in said
    assert "Support first" in said
