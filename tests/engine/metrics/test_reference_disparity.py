"""Disparity to a reference: against scipy, identities, coverage by simulation, edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from engine.metrics.group_contrast import EVERYONE, REST
from engine.metrics.reference_disparity import Verdict, disparities, largest_group


def sample(seed: int, sizes: tuple[int, ...], means: tuple[float, ...]) -> tuple:
    """Right-skewed values with many zeros, as NDCG has, around the given means."""
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(len(sizes)), sizes)
    hit = rng.random(len(codes)) < 0.5
    values = hit * rng.beta(1.2, 2.5, len(codes)) * 2 * 3.7 / 1.2 * np.array(means)[codes]
    return values, codes


@pytest.mark.parametrize("reference", [0, 2, REST])
def test_the_difference_is_scipys_welch_test(reference: int):
    values, codes = sample(1, (40, 60, 90), (0.1, 0.12, 0.2))
    found = disparities(values, codes, 3, reference=reference)
    for group in range(3):
        if group == reference:
            assert np.isnan(found.difference.p[group])
            continue
        other = codes != group if reference == REST else codes == reference
        welch = stats.ttest_ind(values[codes == group], values[other], equal_var=False)
        interval = welch.confidence_interval(0.95)
        assert found.difference.p[group] == pytest.approx(welch.pvalue, rel=1e-9)
        assert found.difference.low[group] == pytest.approx(interval.low, rel=1e-9)
        assert found.difference.high[group] == pytest.approx(interval.high, rel=1e-9)
        expected = values[codes == group].mean() / values[other].mean()
        assert found.ratio.value[group] == pytest.approx(expected, rel=1e-12)


def test_against_everyone_is_the_share_of_the_others_times_against_the_rest():
    """M_g − M = (1 − n_g/n)(M_g − M_rest), so the test is the same test."""
    values, codes = sample(2, (40, 60, 90), (0.1, 0.12, 0.2))
    rest = disparities(values, codes, 3, reference=REST)
    everyone = disparities(values, codes, 3, reference=EVERYONE)
    share_of_others = 1 - np.array([40, 60, 90]) / 190
    assert everyone.difference.value == pytest.approx(rest.difference.value * share_of_others)
    assert everyone.difference.p == pytest.approx(rest.difference.p)
    assert everyone.reference_value == pytest.approx([values.mean()] * 3)


def test_the_ratio_to_everyone_has_the_spread_that_resampling_finds():
    values, codes = sample(3, (150, 250), (0.1, 0.2))
    found = disparities(values, codes, 2, reference=EVERYONE)
    rng = np.random.default_rng(4)
    parts = [values[codes == group] for group in range(2)]
    means = [rng.choice(part, (4000, len(part))).mean(axis=1) for part in parts]
    log_ratio = np.log(means[0] / (150 * means[0] + 250 * means[1]) * 400)
    low, high = np.log(found.ratio.low[0]), np.log(found.ratio.high[0])
    assert (high - low) / (2 * 1.96) == pytest.approx(log_ratio.std(), rel=0.06)


@given(seed=st.integers(0, 10**6), sizes=st.tuples(*[st.integers(20, 60)] * 2))
@settings(max_examples=30, deadline=None)
def test_turning_the_ratio_over_turns_its_interval_over(seed: int, sizes: tuple[int, int]):
    values, codes = sample(seed, sizes, (0.1, 0.15))
    one = disparities(values, codes, 2, reference=1).ratio
    other = disparities(values, codes, 2, reference=0).ratio
    assert one.value[0] * other.value[1] == pytest.approx(1)
    assert one.low[0] * other.high[1] == pytest.approx(1)
    assert one.p[0] == pytest.approx(other.p[1])


@pytest.mark.parametrize(("n_small", "truth"), [(20, 1.0), (20, 0.6), (50, 0.8), (200, 0.6)])
def test_the_ratios_interval_holds_the_truth_95_percent_of_the_time(n_small: int, truth: float):
    """2,000 simulated audits; 95 % ± 2 (three standard errors of a share of 2,000 are 1.5)."""
    n_large, n_audits = 300, 2000
    covered = 0
    sizes = (n_small, n_large)
    for audit in range(n_audits):
        values, codes = sample(audit, sizes, (0.1 * truth, 0.1))
        ratio = disparities(values, codes, 2, reference=1).ratio
        covered += bool(ratio.low[0] <= truth <= ratio.high[0])
    assert covered / n_audits == pytest.approx(0.95, abs=0.02)


def test_with_no_planted_gap_21_groups_raise_a_false_alarm_in_at_most_5_percent_of_audits():
    alarms = 0
    for audit in range(400):
        values, codes = sample(audit, (40,) * 21, (0.1,) * 21)
        found = disparities(values, codes, 21, reference=REST)
        alarms += any(verdict.is_clear for verdict in found.verdicts)
    # Three standard errors of a share of 400 at 5 % are 3.3 points.
    assert alarms / 400 <= 0.05 + 0.033


def test_small_groups_are_suppressed_and_people_without_a_value_counted():
    values, codes = sample(5, (25, 25, 60), (0.1, 0.1, 0.1))
    values[:6] = np.nan
    found = disparities(values, codes, 4, reference=2, min_n=20)
    assert found.n.tolist() == [19, 25, 60, 0]
    assert found.n_undefined.tolist() == [6, 0, 0, 0]
    assert found.verdicts[0] is Verdict.SUPPRESSED
    assert found.verdicts[3] is Verdict.SUPPRESSED
    for array in (found.value, found.low, found.ratio.value, found.difference.low, found.p_holm):
        assert np.isnan(array[[0, 3]]).all()
    assert not np.isnan(found.ratio.low[1])


def test_a_suppressed_reference_leaves_nothing_to_compare_with():
    values, codes = sample(6, (30, 5), (0.1, 0.1))
    found = disparities(values, codes, 2, reference=1)
    assert found.verdicts == (Verdict.UNTESTABLE, Verdict.SUPPRESSED)
    assert not np.isnan(found.value[0])


def test_groups_without_spread_and_means_of_zero_are_not_given_an_interval():
    codes = np.repeat([0, 1, 2], 30)
    constant = np.full(90, 0.5)
    found = disparities(constant, codes, 3, reference=0)
    assert found.verdicts[1] is Verdict.UNTESTABLE
    assert np.isnan(found.ratio.low[1])
    signed = np.random.default_rng(0).normal(0, 1, 90) - 3 * (codes == 1)
    found = disparities(signed, codes, 3, reference=0)
    assert np.isnan(found.ratio.value[1])
    assert found.verdicts[1] is Verdict.LOWER


def test_signed_values_are_judged_by_their_difference():
    values, codes = sample(9, (60, 90), (0.1, 0.2))
    found = disparities(values, codes, 2, reference=1, is_signed=True)
    assert np.isnan(found.ratio.value[0])
    welch = stats.ttest_ind(values[codes == 0], values[codes == 1], equal_var=False)
    assert found.p_holm[0] == pytest.approx(welch.pvalue)
    assert found.verdicts[0] is Verdict.LOWER


def test_a_reference_of_zero_leaves_the_difference():
    values, codes = sample(10, (60, 90), (0.1, 0.1))
    values[codes == 1] = 0.0
    found = disparities(values, codes, 2, reference=1)
    assert np.isnan(found.ratio.value[0])
    assert found.verdicts[0] is Verdict.HIGHER
    nothing = disparities(np.zeros(150), codes, 2, reference=1)
    assert nothing.verdicts[0] is Verdict.UNTESTABLE


def test_bands_and_holm_by_hand():
    """Holm over 3: the smallest p times 3, the next times 2, the last as it is, never falling."""
    values, codes = sample(7, (80, 80, 80, 400), (0.1, 0.13, 0.2, 0.2))
    found = disparities(values, codes, 4, reference=3)
    p = found.ratio.p[:3]
    order = np.argsort(p)
    expected = np.maximum.accumulate(p[order] * np.array([3, 2, 1]))
    assert found.p_holm[order] == pytest.approx(np.minimum(expected, 1))
    assert found.verdicts[0] is Verdict.BELOW_BAND
    wide = disparities(values, codes, 4, reference=3, band=(0.2, 5.0))
    assert wide.verdicts[0] is Verdict.LOWER
    up = disparities(values, codes, 4, reference=0)
    assert up.verdicts[3] is Verdict.ABOVE_BAND


def test_one_group_alone_has_nothing_to_differ_from():
    values, codes = sample(8, (50,), (0.1,))
    found = disparities(values, codes, 1, reference=REST)
    assert found.verdicts == (Verdict.UNTESTABLE,)
    assert np.isnan(found.reference_value[0])


def test_the_largest_group_counts_people_with_a_value():
    values = np.array([1.0, np.nan, np.nan, 1.0, 1.0])
    assert largest_group(values, np.array([0, 0, 0, 1, 1]), 2) == 1
