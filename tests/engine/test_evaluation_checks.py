"""The checks behind the live figures, asked for through an evaluation."""

from __future__ import annotations

import numpy as np
import pytest

from engine.evaluation import evaluate_scenario
from engine.evaluation_checks import bootstrap_of, gap_of, sign_flip_of, worst_groups_of
from engine.metrics.registry import COLUMN, METRICS, USER_METRICS
from engine.scenario import Scenario
from tests.engine.metrics.random_service import random_artifacts


@pytest.fixture(scope="module")
def evaluation():
    artifacts = random_artifacts(300, 80, n_candidates=30, n_held=6, seed=2)
    return evaluate_scenario(artifacts, Scenario(k=6, diversity=0.5, freshness=0.1))


def test_the_live_change_stands_up_to_bootstrap_and_sign_flips(evaluation):
    found = bootstrap_of(evaluation, "gender", n_resamples=2000)
    p = sign_flip_of(evaluation, n_flips=2000)
    assert set(p) == set(USER_METRICS)
    for name in ("ndcg", "ild", "freshness", "aplt", "novelty"):
        figure, column = evaluation.figures[name], COLUMN[name]
        low, high = evaluation.unjudged[name].evidence(METRICS[name]).ends(0.05)
        width = high - low
        assert found.change_low[-1, column] == pytest.approx(low, abs=0.12 * width)
        assert found.change_high[-1, column] == pytest.approx(high, abs=0.12 * width)
        assert p[name] == pytest.approx(figure.p, abs=0.04)


def test_the_same_seed_gives_the_same_intervals(evaluation):
    one, same, other = (
        bootstrap_of(evaluation, "age", n_resamples=50, seed=seed) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one.low, same.low)
    assert (one.low[0] != other.low[0]).any()


def test_gaps_and_worst_groups_are_those_of_the_groups(evaluation):
    table = evaluation.groups("age").now
    means = table.mean[:3, table.column("ild")]
    gap = gap_of(evaluation, "ild", "age", n_shuffles=99)
    assert gap.value == pytest.approx(means.max() - means.min())
    assert gap.n_groups == 3
    crossed = gap_of(evaluation, "ild", "gender", "age", n_shuffles=99)
    assert crossed.n_groups == 6
    findings = worst_groups_of(evaluation, "ild")
    alone = {finding.label: finding for finding in findings if finding.attributes == ("age",)}
    for label, mean in zip(("young", "middle", "old"), means, strict=True):
        assert alone[label].mean == pytest.approx(mean)
    # Where lower is better, the group with the highest mean is the worst.
    high = worst_groups_of(evaluation, "miscalibration", depth=1)[0]
    assert high.difference > 0
