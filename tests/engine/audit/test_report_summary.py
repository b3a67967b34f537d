"""The report's top: verdict, three figures, who pays; contents; pages; PDF."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from engine.audit.audit import audit_scenario
from engine.audit.figures import AuditFigures
from engine.audit.full_report import full_report
from engine.audit.report import render
from engine.audit.report_summary import payers_sentence, summary_of
from engine.audit.settings import AuditSettings
from engine.audit.summary import conclusion
from engine.errors import OutputError
from engine.formats import number, style_of
from engine.paper import chromium, to_pdf
from engine.scenario import Scenario
from tests.engine.audit.audits import audit_in

NOON = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def figures(tiny_artifacts):
    return AuditFigures(audit_in(tiny_artifacts, min_n=5))


def test_the_summary_holds_the_verdict_three_figures_and_who_pays(figures):
    audit, found = figures.audit, summary_of(figures)
    assert found.verdict == conclusion(audit.comparison)[0]
    assert len(found.figures) == 3
    every = audit.evaluation.figures["ndcg"]
    assert found.figures[0].value == number(every.value, style_of(audit.metric))
    assert f"n = {every.n:,}" in found.figures[0].note
    values = audit.after - audit.before
    worse = np.nansum(values < 0) / np.isfinite(values).sum()
    assert f"worse than in the baseline for {100 * worse:.1f} %" in found.who_pays


def test_the_summary_stands_before_everything_else_then_the_contents(figures):
    text = render(full_report(figures, now=NOON))
    places = [text.index(part) for part in ("In short", "Contents", "Data hash", 'id="part-1"')]
    assert places == sorted(places)


def test_every_part_is_in_the_contents_and_every_link_leads_to_its_part(figures):
    report = full_report(figures, now=NOON)
    text = render(report)
    links = re.findall(r'<a href="#(part-\d+)">([^<]+)</a>', text)
    heads = re.findall(r'<h2 id="(part-\d+)">([^<]+)</h2>', text)
    assert links == heads
    assert len(links) == len(report.sections)


def test_pages_are_numbered_on_paper(figures):
    assert 'content: "Page " counter(page) " of " counter(pages)' in render(full_report(figures))


def test_the_report_names_the_baseline_that_it_is_about(tiny_artifacts):
    settings = AuditSettings(attributes=("gender",), reference="largest")
    baseline = Scenario(name="Fresh", freshness=0.4)
    view = audit_scenario(tiny_artifacts, Scenario(diversity=0.3), settings, baseline=baseline)
    text = render(full_report(AuditFigures(view), now=NOON))
    assert "Fresh: Freshness 0.40, same list length" in text
    same = replace(view, scenario=replace(baseline, k=10))
    assert "the same lists as the baseline" in render(full_report(AuditFigures(same), now=NOON))


ROWS = [
    {"group": "everybody", "n": 40, "worse": 0.25, "same": 0.5, "better": 0.25},
    {"group": "men", "n": 20, "worse": 0.4, "same": 0.5, "better": 0.1},
    {"group": "women", "n": 20, "worse": 0.1, "same": 0.5, "better": 0.4},
]


def test_who_pays_is_said_with_the_group_that_pays_most():
    said = payers_sentence(ROWS, "NDCG@10", "ndcg")
    assert "of 40 people, NDCG@10 is worse than in the baseline for 25.0 %" in said
    assert "highest in men (40.0 % of 20)" in said
    assert "not tested" in said


def test_where_nobody_pays_that_is_said():
    same = [{"group": "everybody", "n": 40, "worse": 0.0, "same": 1.0, "better": 0.0}]
    assert "nobody's NDCG@10 is another" in payers_sentence(same, "NDCG@10", "ndcg")
    for nothing in ([], [{**same[0], "worse": None}], [{**same[0], "worse": float("nan")}]):
        assert "nobody can be said to pay" in payers_sentence(nothing, "NDCG@10", "ndcg")


@pytest.mark.browser
@pytest.mark.skipif(chromium() is None, reason="no Chromium at hand")
def test_the_report_is_printed_where_a_chromium_is_at_hand(figures):
    pdf = to_pdf(render(full_report(figures, now=NOON)))
    assert pdf.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 3


def test_without_a_chromium_the_way_out_is_said(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(OutputError, match="write --html"):
        to_pdf("<p>hello</p>")
