"""The pictures of the audit's report: every section has its own, none asks for anything."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from dashboard.audit.report_pictures import PICTURES
from engine.artifacts import Artifacts
from engine.audit.figures import AuditFigures
from engine.audit.full_report import full_report
from engine.audit.report import render
from engine.metrics.registry import METRICS
from tests.engine.audit.audits import audit_in

NOON = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)


def drawn(artifacts: Artifacts, **chosen) -> str:
    figures = AuditFigures(audit_in(artifacts, **chosen))
    return render(full_report(figures, pictures=PICTURES, now=NOON))


def test_it_holds_every_section_and_works_offline(tiny_artifacts: Artifacts):
    text = drawn(tiny_artifacts)
    assert text.count("<svg") == 6
    assert text.count("<table") == 11
    assert "<script" not in text
    assert "<b>" not in text
    assert set(re.findall(r"https?://[^\"'<> ]+", text)) == {"http://www.w3.org/2000/svg"}
    assert len(text) < 300_000


def test_but_for_its_pictures_it_is_the_report_of_the_command(tiny_artifacts: Artifacts):
    plain = render(full_report(AuditFigures(audit_in(tiny_artifacts)), now=NOON))
    text = re.sub(r"<figure>.*?</figure>|<svg.*?</svg>", "", drawn(tiny_artifacts), flags=re.S)
    assert text.split() == plain.split()


@pytest.mark.parametrize("metric", ["novelty", "miscalibration", "unjudged", "popularity_shift"])
@pytest.mark.parametrize("attributes", [("gender",), ("gender", "age band")])
def test_every_kind_of_metric_and_group_can_be_drawn(tiny_artifacts, metric, attributes):
    text = drawn(tiny_artifacts, metric=metric, attributes=attributes, min_n=5)
    assert METRICS[metric].label in text
    assert text.count("<svg") >= 5


def test_a_report_with_every_group_suppressed_can_be_drawn(tiny_artifacts: Artifacts):
    assert "No group has enough people" in drawn(tiny_artifacts, min_n=400)
