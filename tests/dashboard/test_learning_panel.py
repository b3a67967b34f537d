"""The learning curve and the reliability of scores, from what a fit wrote down."""

from __future__ import annotations

import dataclasses

import pytest

from dashboard.pipeline.learning_panel import (
    learning_drawing,
    learning_finding,
    learning_frame,
    reliability_drawing,
    reliability_frame,
)
from dashboard.pipeline.stability_panel import stability_drawing, stability_frame

LEARNING = [
    {
        "name": name,
        "share": share,
        "n_taught": int(600 * share),
        "ndcg_at_10": 0.2 - loss,
        "half_width": 0.02,
        "loss": loss,
        "loss_half_width": 0.008,
        "n": 300,
    }
    for name, losses in (("logistic", (0.03, 0.004, 0.0)), ("listwise", (0.05, 0.012, 0.0)))
    for share, loss in zip((0.25, 0.5, 1.0), losses, strict=True)
]
RELIABILITY = [
    {"said": 0.01, "came": 0.012, "half_width": 0.004, "n_rows": 900, "n": 90},
    {"said": 0.2, "came": 0.1, "half_width": 0.02, "n_rows": 900, "n": 88},
]


@pytest.fixture
def artifacts(tiny_artifacts):
    metrics = {
        **tiny_artifacts.manifest["metrics"],
        "learning": LEARNING,
        "reliability": RELIABILITY,
    }
    manifest = {**tiny_artifacts.manifest, "metrics": metrics}
    return dataclasses.replace(tiny_artifacts, manifest=manifest)


def test_what_the_second_half_of_the_people_brought_is_said_of_each_ranker(artifacts):
    said = learning_finding(learning_frame(artifacts))
    assert "“logistic” +2.0 % (+0.004, −0.004 to 0.012), no clear change" in said
    assert "“listwise” +6.4 % (+0.012, 0.004 to 0.020), clear" in said
    assert "n = 300 people" in said


def test_every_point_is_drawn_with_its_interval(artifacts):
    figure = learning_drawing(learning_frame(artifacts)).figure
    assert [trace.name for trace in figure.data] == ["logistic", "listwise"]
    assert figure.data[1].x.tolist() == [150, 300, 600]
    assert figure.data[1].y.tolist() == pytest.approx([0.15, 0.188, 0.2])
    assert figure.data[0].error_y.array.tolist() == pytest.approx([0.02] * 3)


def test_chances_are_drawn_beside_the_line_of_perfect_ones(artifacts):
    line, came = reliability_drawing(reliability_frame(artifacts)).figure.data
    assert line.x.tolist() == line.y.tolist() == [0.01, 0.2]
    assert came.y.tolist() == [0.012, 0.1]
    assert came.error_y.array.tolist() == pytest.approx([0.004, 0.02])


def test_a_fit_that_compared_no_rankers_has_neither(tiny_artifacts):
    assert learning_frame(tiny_artifacts).empty
    assert reliability_frame(tiny_artifacts).empty


def test_accuracy_is_drawn_against_the_share_of_lists_that_change(tiny_artifacts):
    said = [
        {
            "stay": stay,
            "ndcg_at_10": 0.2 - 0.01 * stay,
            "half_width": 0.01,
            "correlation": 0.6 + 0.3 * stay,
            "correlation_half_width": 0.02,
            "changed": 0.9 - 0.4 * stay,
            "changed_half_width": 0.03,
            "n": 300,
        }
        for stay in (0.0, 0.5)
    ]
    metrics = {**tiny_artifacts.manifest["metrics"], "stability": said}
    manifest = {**tiny_artifacts.manifest, "metrics": metrics}
    frame = stability_frame(dataclasses.replace(tiny_artifacts, manifest=manifest))
    (line,) = stability_drawing(frame).figure.data
    assert line.x.tolist() == pytest.approx([90, 70])
    assert line.y.tolist() == pytest.approx([0.2, 0.195])
    assert stability_frame(tiny_artifacts).empty
