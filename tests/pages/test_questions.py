"""Every chart of every page says under its title what it answers; how it is read is folded."""

from __future__ import annotations

import pytest

from dashboard.charts.question import check_question
from dashboard.page_registry import PAGES
from dashboard.pipeline.sections import SECTIONS as PIPELINE
from tests.pages.conftest import finished, specs, starter
from tests.pages.test_words import HAVE_JOBS, SECTIONS

LONGEST_LINE = 240
"""Characters of a grey line: a sentence that stands in view, not how a chart is read."""

PLACES = {**SECTIONS, "pipeline": ("part", list(PIPELINE))}


@pytest.mark.parametrize("page", PAGES)
def test_every_chart_asks_a_question_and_no_reading_line_is_long(page, tiny_home, monkeypatch):
    start = starter(tiny_home, monkeypatch, "" if page == "tune" else page)
    key, names = PLACES.get(page, ("", [""]))
    wrong = []
    for name in names:
        app = start(div="0.6", **({key: name} if name else {}))
        if page in HAVE_JOBS:
            app = finished(app)
        for chart, spec in zip(app.get("plotly_chart"), specs(app), strict=True):
            question = chart.proto.alt.rpartition(" Question: ")[2]
            check_question(question)
            title = spec["layout"]["title"]
            drawn = f"{title.get('text', '')}{title['subtitle'].get('text', '')}"
            if question not in drawn.replace("&#39;", "'"):
                wrong.append(f"{name}: {question} is not in {drawn}")
        for one in app.caption:
            said = one.value.replace("\\", "")
            if len(said) > LONGEST_LINE or "How to read:" in one.value:
                wrong.append(f"{name}: {len(one.value)}: {one.value}")
    assert "\n".join(wrong) == ""
