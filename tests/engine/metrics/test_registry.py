"""The registry of metrics and of attention models: complete, consistent, in order."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import ScenarioError
from engine.metrics.rank_weights import ATTENTION_MODELS, attention_weights
from engine.metrics.registry import AUDIENCE_METRICS, HEADLINE, METRICS, USER_METRICS


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_says_all_that_it_should(name):
    metric = METRICS[name]
    assert metric.name == name
    for text in (metric.label, metric.formula, metric.unit, metric.source):
        assert text.strip()
    assert metric.definition.endswith(".")
    assert metric.undefined.endswith(".")
    assert len(metric.label) <= 34
    honest = f"{metric.label} {metric.definition}".lower()
    assert "unbiased" not in honest
    assert "fair" not in honest.replace("fairness", "")


def test_labels_and_names_are_unique():
    assert len({metric.label for metric in METRICS.values()}) == len(METRICS)
    assert tuple(METRICS) == USER_METRICS + AUDIENCE_METRICS
    assert set(HEADLINE) <= set(METRICS)


@pytest.mark.parametrize("model", ATTENTION_MODELS)
def test_attention_never_grows_with_the_place(model):
    weights = attention_weights(model, 20, patience=0.7, top=4)
    assert weights.shape == (20,)
    assert (np.diff(weights) <= 0).all()
    assert (weights >= 0).all()
    np.testing.assert_array_equal(weights[:6], attention_weights(model, 6, patience=0.7, top=4))


def test_attention_is_its_formula():
    expected = {
        "log": 1 / np.log2(4),
        "geometric": 0.7**2,
        "reciprocal": 1 / 3,
        "top_k": 0.0,
        "cascade": 0.3 * 0.7**2,
    }
    found = {name: attention_weights(name, 3, patience=0.7, top=2)[2] for name in ATTENTION_MODELS}
    assert found == pytest.approx(expected)


def test_geometric_attention_adds_up_to_its_series():
    assert attention_weights("geometric", 400, patience=0.9).sum() == pytest.approx(1 / (1 - 0.9))
    assert attention_weights("cascade", 400, patience=0.9).sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("gaze", 5, 0.8, 3), "one of log, geometric"),
        (("log", 0, 0.8, 3), "at least 1"),
        (("geometric", 5, 1.0, 3), "between 0 and 1"),
        (("top_k", 5, 0.8, 0), "at least 1"),
    ],
)
def test_bad_attention_is_refused(arguments, words):
    model, k, patience, top = arguments
    with pytest.raises(ScenarioError, match=words):
        attention_weights(model, k, patience=patience, top=top)
