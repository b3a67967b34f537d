"""The live figures of an evaluation stand up to resampling, and to permutation."""

from __future__ import annotations

import numpy as np
import pytest

from engine.evaluation import evaluate_scenario
from engine.metrics.crossing import cross
from engine.metrics.gap_null import gap_null
from engine.metrics.registry import COLUMN, METRICS, USER_METRICS
from engine.metrics.worst_groups import DISCOVERIES, worst_groups
from engine.scenario import Scenario
from tests.engine.metrics.bootstrap import bootstrap
from tests.engine.metrics.random_service import random_artifacts
from tests.engine.metrics.sign_flip import sign_flip_p


@pytest.fixture(scope="module")
def evaluation():
    artifacts = random_artifacts(300, 80, n_candidates=30, n_held=6, seed=2)
    return evaluate_scenario(artifacts, Scenario(k=6, diversity=0.5, freshness=0.1))


def resampled(evaluation, attribute, **how):
    labels, codes = cross(evaluation.audience, (attribute,))
    own = codes[evaluation.measured.users]
    return bootstrap(evaluation.measured, evaluation.baseline, own, len(labels), **how)


def gap_between(evaluation, *attributes):
    labels, codes = cross(evaluation.audience, attributes)
    values = evaluation.measured.column("ild")
    own = codes[evaluation.measured.users]
    return gap_null(values, own, len(labels), measure="gap", n_shuffles=99)


def worst_of(evaluation, name, depth):
    return worst_groups(
        evaluation.audience,
        evaluation.measured.column(name),
        users=evaluation.measured.users,
        direction=METRICS[name].direction,
        target=METRICS[name].target,
        depth=depth,
        policy=DISCOVERIES,
    )


def test_the_live_change_stands_up_to_bootstrap_and_sign_flips(evaluation):
    found = resampled(evaluation, "gender", n_resamples=2000)
    change = evaluation.measured.values - evaluation.baseline.values
    p = dict(zip(USER_METRICS, sign_flip_p(change, n_flips=2000), strict=True))
    for name in ("ndcg", "ild", "freshness", "aplt", "novelty"):
        figure, column = evaluation.figures[name], COLUMN[name]
        low, high = evaluation.unjudged[name].evidence(METRICS[name]).ends(0.05)
        width = high - low
        assert found.change_low[-1, column] == pytest.approx(low, abs=0.12 * width)
        assert found.change_high[-1, column] == pytest.approx(high, abs=0.12 * width)
        assert p[name] == pytest.approx(figure.p, abs=0.04)


def test_the_same_seed_gives_the_same_intervals(evaluation):
    one, same, other = (
        resampled(evaluation, "age", n_resamples=50, seed=seed) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one.low, same.low)
    assert (one.low[0] != other.low[0]).any()


def test_gaps_and_worst_groups_are_those_of_the_groups(evaluation):
    table = evaluation.groups("age").now
    means = table.mean[:3, table.column("ild")]
    gap = gap_between(evaluation, "age")
    assert gap.value == pytest.approx(means.max() - means.min())
    assert gap.n_groups == 3
    crossed = gap_between(evaluation, "gender", "age")
    assert crossed.n_groups == 6
    findings = worst_of(evaluation, "ild", depth=3)
    alone = {finding.label: finding for finding in findings if finding.attributes == ("age",)}
    for label, mean in zip(("young", "middle", "old"), means, strict=True):
        assert alone[label].mean == pytest.approx(mean)
    # Where lower is better, the group with the highest mean is the worst.
    high = worst_of(evaluation, "miscalibration", depth=1)[0]
    assert high.difference > 0
