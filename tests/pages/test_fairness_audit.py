"""The Fairness audit page: its choices, what it shows of them, what it hands out."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.audit.sections import SECTIONS
from dashboard.plain_text import as_markdown
from engine.evaluation import evaluate_scenario
from engine.fit_words import reading_sentences, split_brief
from engine.metrics.reference_disparity import disparities
from engine.scenario import Scenario
from tests.pages.conftest import starter


@pytest.fixture
def audit_page(tiny_home, monkeypatch):
    """Start the page on the tiny service, with what a link's query says."""
    start_page = starter(tiny_home, monkeypatch, "fairness_audit")

    def start(**query):
        app = start_page(**query)
        assert not app.error
        return app

    return start


def words(app: AppTest) -> str:
    return " ".join(element.value for kind in (app.markdown, app.caption) for element in kind)


def figures(app: AppTest) -> list[str]:
    return [chart.proto.spec for chart in app.get("plotly_chart")]


def test_the_page_answers_its_question(audit_page):
    app = audit_page()
    assert [header.value for header in app.header] == ["Who is served worse, and is it real?"]
    assert "How to read this" in words(app)
    assert "Simulated" in words(app)


def test_the_groups_stand_with_their_size_and_the_engines_figures(audit_page, tiny_artifacts):
    app = audit_page(section="All figures", least="10")
    table = app.dataframe[1].value.set_index("group")
    evaluation = evaluate_scenario(tiny_artifacts, Scenario())
    groups = evaluation.groups("gender")
    column = groups.now.column("ndcg")
    assert table.index.tolist() == list(groups.labels)
    assert table["people"].tolist() == groups.now.n_defined[:, column].tolist()
    np.testing.assert_allclose(table["after"], groups.now.mean[:, column])
    values = evaluation.measured.column("ndcg")
    found = disparities(values, groups.codes, len(groups.labels), bounds=(0, 1))
    np.testing.assert_allclose(table["after low"], found.low)
    np.testing.assert_allclose(table["after high"], found.high)


def test_neutral_changes_nothing_and_says_so(audit_page):
    assert "leaves every figure as it was" in words(audit_page())


def test_a_control_moves_the_figures(audit_page):
    app = audit_page(section="All figures")
    before = app.dataframe[1].value
    app.slider(key="div").set_value(0.8).run()
    after = app.dataframe[1].value
    assert (after["after"] != before["after"]).any()
    np.testing.assert_allclose(after["before"], before["before"])


def test_groups_below_the_least_size_are_suppressed_and_counted(audit_page):
    app = audit_page(groups="age band", least="30", section="All figures")
    table = app.dataframe[1].value
    small = table["people"].isna()
    assert small.any()
    assert table.loc[small, "after"].isna().all()
    assert (table.loc[small, "verdict"] == "too few people").all()
    assert "suppressed" in words(app)
    for name in table.loc[small, "group"]:
        assert f"{name}  <i>" not in figures(app)[0]


def test_two_attributes_are_crossed(audit_page):
    app = audit_page(least="5", section="All figures")
    app.multiselect(key="groups").set_value(["gender", "age band"]).run()
    labels = app.dataframe[1].value["group"].tolist()
    assert "man · 25-34" in labels
    assert app.dataframe[1].value["people"].sum() > 60
    assert not app.exception


def test_a_reference_that_the_new_groups_do_not_have_gives_way_to_everyone_else(audit_page):
    app = audit_page()
    app.selectbox(key="reference").select("woman").run()
    assert "the reference (woman)" in figures(app)[0]
    app.run()  # the whole page again: a redraw of its live part leaves only that in the tree
    app.multiselect(key="groups").set_value(["age band"]).run()
    assert not app.exception
    assert "against everyone else" in figures(app)[0]


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_draws(audit_page, section: str):
    app = audit_page(section=section, div="0.6", least="10")
    assert not app.exception
    assert not app.error
    assert len(figures(app)) + len(app.dataframe) > 1


@pytest.mark.parametrize("metric", ["Novelty (MIUF)", "Unjudged share", "Miscalibration"])
def test_metrics_of_every_direction_can_be_audited(audit_page, metric: str):
    app = audit_page(measure=metric, div="0.6", least="10")
    assert not app.exception
    assert not app.error


def test_an_unknown_link_falls_back_to_the_defaults(audit_page):
    app = audit_page(groups="no such", measure="no such", reference="no such", band="7")
    assert not app.exception
    assert app.multiselect(key="groups").value == ["gender"]


def test_no_group_large_enough_is_said(audit_page):
    app = audit_page(least="500")
    assert "No group has enough people" in words(app)


def test_another_definition_can_be_chosen_and_stands_in_the_link(audit_page):
    app = audit_page(section="Other definitions", div="0.6", least="10")
    box = app.selectbox(key="definition")
    assert any("attention: reciprocal" in option for option in box.options)
    before = figures(app)[1]
    box.select("Hits by attention: reciprocal").run()
    assert figures(app)[1] != before
    assert "reciprocal" in figures(app)[1]
    linked = audit_page(section="Other definitions", definition="Recall@10")
    assert linked.selectbox(key="definition").value == "Recall@10"


def test_the_lowest_group_leads_to_its_people(audit_page):
    app = audit_page(groups="age band", least="10", reference="everyone else")
    table = audit_page(groups="age band", least="10", section="All figures").dataframe[1].value
    lowest = table.loc[table["after"].idxmin(), "group"]
    (link,) = app.get("page_link")
    assert as_markdown(lowest) in link.proto.label
    assert "people" in link.proto.page


def test_what_the_ranker_reads_of_people_is_said_with_its_effect(audit_page, tiny_artifacts):
    app = audit_page(section="What it reads")
    said = words(app)
    sentences = reading_sentences(tiny_artifacts.manifest)
    assert len(sentences) == 3
    for sentence in sentences:
        assert as_markdown(sentence) in said
    shown = app.dataframe[1].value.set_index("attribute")
    for flip in tiny_artifacts.manifest["attribute_flips"]:
        assert shown.loc[flip["attribute"], "lists with other items"] == flip["changed"]
        assert shown.loc[flip["attribute"], "people"] == flip["n"]


def test_the_split_is_said_beside_the_figures(audit_page, tiny_artifacts):
    said = words(audit_page())
    assert as_markdown(split_brief(tiny_artifacts.manifest)) in said
    assert "Per person" in said


def test_the_scan_comes_first_with_its_verdict_and_every_group_of_every_attribute(audit_page):
    app = audit_page()
    frame = app.dataframe[0].value
    assert set(frame["by"]) == set(app.multiselect(key="groups").options)
    assert {"group", "n", "NDCG@10", "Recall@10", "starts at", "the setting"} <= {*frame.columns}
    said = [one.value.replace("\\", "") for one in app.markdown]
    assert any("than everyone else by NDCG@10 or Recall@10" in one for one in said)
    assert app.selectbox(key="reference").value == "rest"
