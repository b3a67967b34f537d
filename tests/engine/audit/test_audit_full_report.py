"""The whole report of a fitted service: every section, its figures, and what reproduces it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.artifacts import Artifacts
from engine.audit.figures import AuditFigures
from engine.audit.full_report import full_report
from engine.audit.report import render
from engine.metrics.registry import METRICS
from engine.scenario import Scenario
from tests.engine.audit.audits import audit_in

NOON = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)


def test_it_says_what_was_audited_on_which_data_when_and_how(tiny_artifacts: Artifacts):
    text = render(full_report(AuditFigures(audit_in(tiny_artifacts)), now=NOON))
    for expected in (
        "2026-01-02 12:00 UTC",
        tiny_artifacts.manifest["fingerprint"],
        tiny_artifacts.fit_id,
        "Simulated. People and interactions were made up by a program.",
        METRICS["ndcg"].definition,
        "0.80 to 1.25 times the reference",
        "&#34;diversity&#34;: 0.6",
        "random groups of the same size",
        "Clear: p below 0.05",
        "&#34;least_n&#34;: 20",
        "&#34;reference&#34;: &#34;largest&#34;",
        "&lt;b&gt;bold&lt;/b&gt;: Diversity 0.60; in full at the end of this report",
    ):
        assert expected in text
    assert "<b>" not in text


def test_without_pictures_it_holds_every_section_and_table(tiny_artifacts: Artifacts):
    text = render(full_report(AuditFigures(audit_in(tiny_artifacts)), now=NOON))
    assert "<svg" not in text
    assert text.count("<table") == 11
    assert not re.findall(r"https?://[^\"'<> ]+", text)


def test_the_same_view_gives_the_same_bytes(tiny_artifacts: Artifacts):
    view = audit_in(tiny_artifacts)
    assert render(full_report(AuditFigures(view), now=NOON)) == render(
        full_report(AuditFigures(view), now=NOON)
    )


@pytest.mark.parametrize("metric", ["novelty", "miscalibration", "unjudged", "popularity_shift"])
@pytest.mark.parametrize("attributes", [("gender",), ("gender", "age band")])
def test_every_kind_of_metric_and_group_can_be_reported(tiny_artifacts, metric, attributes):
    view = audit_in(tiny_artifacts, metric=metric, attributes=attributes, min_n=5)
    assert METRICS[metric].label in render(full_report(AuditFigures(view), now=NOON))


def test_a_report_with_every_group_suppressed_still_stands(tiny_artifacts: Artifacts):
    view = audit_in(tiny_artifacts, min_n=400)
    assert "No group has enough people" in render(full_report(AuditFigures(view), now=NOON))


def test_a_neutral_setting_is_called_neutral(tiny_artifacts: Artifacts):
    view = replace(audit_in(tiny_artifacts), scenario=Scenario())
    assert "neutral: the same lists" in render(full_report(AuditFigures(view), now=NOON))


def test_every_ratio_stands_with_both_ends_of_its_interval(tiny_artifacts: Artifacts):
    report = full_report(AuditFigures(audit_in(tiny_artifacts, min_n=5)), now=NOON)
    tables = [table for section in report.sections for table in section.tables]
    stages = next(table for table in tables if "at every stage" in table.caption)
    place = stages.header.index("ratio 95 % interval")
    assert not [name for name in stages.header if name.endswith(("low", "high"))]
    ends = [row[place].text for row in stages.rows if row[place].text != "–"]
    assert len(ends) > 2
    for text in ends:
        low, high = map(float, text.split(" to "))
        assert low <= high
