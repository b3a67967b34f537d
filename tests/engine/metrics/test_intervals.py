"""Intervals keep their stated coverage on simulated people; verdicts their stated error."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from engine.metrics.concentration import concentration
from engine.metrics.intervals import jackknife, t_p_value
from engine.metrics.kernels.exposure_blocks import N_BLOCKS, Exposure
from engine.metrics.statistics.policy import holm


def simulated_exposure(rng, n_users, appeal, k=5):
    """Lists by the Gumbel top-k trick: each person draws k different items by appeal."""
    keys = np.log(appeal) + rng.gumbel(size=(n_users, len(appeal)))
    lists = np.argpartition(-keys, k, axis=1)[:, :k]
    slots = np.zeros((N_BLOCKS, len(appeal)), np.int64)
    np.add.at(slots, (np.repeat(np.arange(n_users) % N_BLOCKS, k), lists.ravel()), 1)
    people = np.bincount(np.arange(n_users) % N_BLOCKS, minlength=N_BLOCKS)
    nothing = np.zeros_like(slots)
    return Exposure(slots.astype(float), nothing * 1.0, slots, nothing, slots, nothing, people, k)


def test_the_jackknife_of_audience_figures_covers_their_expectation():
    """What is covered is the figure's expectation for audiences of this size."""
    rng = np.random.default_rng(0)
    appeal = 1.0 / np.arange(1, 121) ** 1.2
    found = [jackknife(concentration(simulated_exposure(rng, 400, appeal))) for _ in range(400)]
    value, low, high, _ = (np.array(part) for part in zip(*found, strict=True))
    expected = value.mean(axis=0)
    coverage = ((low <= expected) & (expected <= high)).mean(axis=0)
    names = ("coverage", "gini", "n90", "top_item_share", "personalisation")
    shares = dict(zip(names, coverage, strict=False))
    # Figures that jump as items come and go have intervals on the safe side.
    assert min(shares["coverage"], shares["n90"]) >= 0.95
    for name in ("gini", "top_item_share", "personalisation"):
        assert shares[name] == pytest.approx(0.95, abs=0.03), name


def test_p_values_are_those_of_the_t_test():
    values = np.random.default_rng(0).normal(0.1, 1, (30, 4))
    n = np.full(4, 30)
    p = t_p_value(n, values.mean(axis=0), values.std(axis=0, ddof=1))
    np.testing.assert_allclose(p, stats.ttest_1samp(values, 0).pvalue)


def test_p_at_the_edges():
    n = np.array([9, 9, 1, 0])
    p = t_p_value(n, np.array([0.0, 0.3, 0.3, np.nan]), np.array([0.0, 0.0, np.nan, np.nan]))
    assert p[0] == 1
    assert p[1] == 0
    assert np.isnan(p[2:]).all()


def test_holm_is_the_stepwise_rule():
    rng = np.random.default_rng(0)
    for _ in range(50):
        p = rng.random(6) ** 3
        adjusted = holm(p)
        rejected, ordered = set(), np.argsort(p)
        for step, test in enumerate(ordered):
            if p[test] > 0.05 / (6 - step):
                break
            rejected.add(int(test))
        assert rejected == set(np.flatnonzero(adjusted <= 0.05).tolist())


def test_holm_keeps_false_alarms_at_five_in_a_hundred():
    p = np.random.default_rng(0).random((2000, 8))
    alarms = np.mean([(holm(row) < 0.05).any() for row in p])
    assert alarms == pytest.approx(0.05, abs=0.015)
