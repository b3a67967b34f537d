"""Disparity to a reference: exact by enumeration, identities, coverage, false alarms, edges."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.metrics.reference_disparity import Disparities, disparities, largest_groups
from engine.metrics.statistics.group_test import EVERYONE, REST
from engine.metrics.statistics.policy import POLICY, Policy
from engine.metrics.statistics.random_groups import LENT, dealt_nulls
from engine.metrics.statistics.verdict import Word

SMALL = Policy(least_n=5, least_events=0)


def words(found: Disparities) -> list[str]:
    return [str(one.word) for one in found.verdicts]


def sample(seed: int, sizes: tuple[int, ...], means: tuple[float, ...]) -> tuple:
    """Right-skewed values with many zeros, as NDCG has, around the given means."""
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(len(sizes)), sizes)
    hit = rng.random(len(codes)) < 0.5
    values = hit * rng.beta(1.2, 2.5, len(codes)) * 2 * 3.7 / 1.2 * np.array(means)[codes]
    return values, codes


def studentised(own: np.ndarray, other: np.ndarray, everyone: np.ndarray) -> float:
    """The statistic as its definition says, one group at a time."""
    errors = [
        (((part - part.mean()) ** 2).sum() + LENT * everyone.var())
        / ((len(part) - 1 + LENT) * len(part))
        for part in (own, other)
    ]
    return (own.mean() - other.mean()) / np.sqrt(sum(errors))


def test_p_is_that_of_all_the_ways_to_deal_people_to_the_group():
    """20 people, 6 in the group: all 38,760 deals, against 29,999 random ones."""
    values = np.random.default_rng(3).beta(0.5, 2, 20)
    codes = np.r_[np.zeros(6, int), np.ones(14, int)]
    values[:6] += 0.12
    own = studentised(values[:6], values[6:], values)
    deals = []
    for chosen in combinations(range(20), 6):
        is_in = np.isin(np.arange(20), chosen)
        deals.append(studentised(values[is_in], values[~is_in], values))
    below, above = np.mean(np.array(deals) <= own + 1e-9), np.mean(np.array(deals) >= own - 1e-9)
    exact = min(1.0, 2 * min(below, above))
    assert 0.01 < exact < 0.9
    found = dealt_nulls(values, [6], n_deals=29_999)[6].p(own)
    assert found == pytest.approx(exact, abs=4 * np.sqrt(exact / 29_999))
    judged = disparities(values, codes, 2, policy=SMALL, direction="higher")
    assert judged.verdicts[0].p == pytest.approx(exact, abs=4 * np.sqrt(exact / 4_999))


def test_nobody_of_23_has_a_hit_is_no_clear_disparity():
    """ "executive, n = 23: clearly worse (p < .001)", where the exact chance of that is .26."""
    rng = np.random.default_rng(0)
    values = np.zeros(660)
    values[23 + rng.choice(637, 37, replace=False)] = rng.beta(1, 3, 37) + 0.05
    codes = np.r_[np.zeros(23, int), 1 + np.arange(637) % 20]
    found = disparities(values, codes, 21, direction="higher", bounds=(0, 1))
    assert found.value[0] == 0
    assert found.verdicts[0].word is Word.TOO_FEW_EVENTS
    assert found.verdicts[0].p > 0.26
    assert np.isnan(found.low[0])
    assert not any(one.is_clear for one in found.verdicts)


def test_against_everyone_is_the_share_of_the_others_times_against_the_rest():
    """M_g − M = (1 − n_g/n)(M_g − M_rest), so the test is the same test."""
    values, codes = sample(2, (40, 60, 90), (0.1, 0.12, 0.2))
    rest = disparities(values, codes, 3, reference=REST)
    everyone = disparities(values, codes, 3, reference=EVERYONE)
    share_of_others = 1 - np.array([40, 60, 90]) / 190
    assert everyone.difference.value == pytest.approx(rest.difference.value * share_of_others)
    assert everyone.difference.low == pytest.approx(rest.difference.low * share_of_others)
    assert [one.p for one in everyone.verdicts] == [one.p for one in rest.verdicts]
    assert everyone.reference_value == pytest.approx([values.mean()] * 3)


@given(
    seed=st.integers(0, 10**6),
    sizes=st.tuples(*[st.integers(20, 60)] * 3),
    reference=st.sampled_from([REST, EVERYONE, 0]),
    gap=st.floats(0.2, 1.0),
)
@settings(max_examples=30)
def test_ratio_difference_and_verdict_never_disagree(
    seed: int, sizes: tuple[int, ...], reference: int, gap: float
):
    values, codes = sample(seed, sizes, (0.1, 0.1 * gap, 0.1))
    found = disparities(values, codes, 3, reference=reference, direction="higher")
    for g, verdict in enumerate(found.verdicts):
        if g == reference or np.isnan(verdict.p) or verdict.word is Word.TOO_FEW_EVENTS:
            continue
        apart = found.difference.low[g] > 0 or found.difference.high[g] < 0
        assert verdict.is_clear == apart
        if np.isfinite(found.ratio.low[g]):
            assert verdict.is_clear == (found.ratio.low[g] > 1 or found.ratio.high[g] < 1)
            assert found.ratio.low[g] <= found.ratio.value[g] <= found.ratio.high[g]
        assert verdict.confidence >= 0.95 - 1e-12


@given(seed=st.integers(0, 10**6), factor=st.floats(0.01, 100))
@settings(max_examples=20)
def test_units_do_not_matter(seed: int, factor: float):
    values, codes = sample(seed, (30, 50), (0.1, 0.15))
    one, other = (disparities(values * by, codes, 2) for by in (1.0, factor))
    assert [v.p for v in one.verdicts] == [v.p for v in other.verdicts]
    assert other.ratio.low == pytest.approx(one.ratio.low, rel=1e-6, nan_ok=True)
    assert other.low == pytest.approx(one.low * factor, rel=1e-6)


@pytest.mark.parametrize(("n_small", "truth"), [(20, 1.0), (20, 0.6), (50, 0.8), (200, 0.6)])
def test_the_ratios_interval_holds_the_truth_95_percent_of_the_time(n_small: int, truth: float):
    """600 simulated audits; 95 % within three standard errors (2.7 points)."""
    n_audits, covered = 600, 0
    for audit in range(n_audits):
        values, codes = sample(audit, (n_small, 300), (0.1 * truth, 0.1))
        ratio = disparities(values, codes, 2, reference=1).ratio
        covered += bool(ratio.low[0] <= truth <= ratio.high[0])
    assert covered / n_audits == pytest.approx(0.95, abs=0.03)


def test_with_no_planted_gap_21_groups_raise_a_false_alarm_in_at_most_5_percent_of_audits():
    alarms, values = 0, sample(0, (40,) * 21, (0.1,) * 21)[0]
    values[values < 0.25] = 0.0  # sparse and skewed: one in six has anything
    rng = np.random.default_rng(1)
    codes = np.repeat(np.arange(21), 40)
    for seed in range(150):
        found = disparities(values, rng.permutation(codes), 21, seed=seed)
        alarms += any(verdict.is_clear for verdict in found.verdicts)
    # Three standard errors of a share of 150 at 5 % are 5.3 points.
    assert alarms / 150 <= 0.05 + 0.053


def test_a_planted_gap_is_found_beyond_the_band():
    values, codes = sample(7, (80, 80, 80, 400), (0.1, 0.13, 0.2, 0.2))
    found = disparities(values, codes, 4, reference=3, direction="higher")
    assert found.verdicts[0].word is Word.WORSE
    assert found.is_beyond[0]
    wide = disparities(values, codes, 4, reference=3, band=(0.2, 5.0), direction="higher")
    assert wide.verdicts[0].word is Word.WORSE
    assert not wide.is_beyond[0]
    up = disparities(values, codes, 4, reference=0, direction="higher")
    assert up.verdicts[3].word is Word.BETTER
    assert up.is_beyond[3]


def test_small_groups_are_suppressed_and_people_without_a_value_counted():
    values, codes = sample(5, (25, 25, 60), (0.1, 0.1, 0.1))
    values[:6] = np.nan
    found = disparities(values, codes, 4, reference=2)
    assert found.n.tolist() == [19, 25, 60, 0]
    assert found.n_undefined.tolist() == [6, 0, 0, 0]
    assert found.is_hidden.tolist() == [True, False, False, True]
    assert found.verdicts[0].word is Word.TOO_FEW_PEOPLE
    for array in (found.value, found.low, found.ratio.value, found.difference.low):
        assert np.isnan(array[[0, 3]]).all()
    assert not np.isnan(found.difference.low[1])


def test_the_reference_of_a_suppressed_group_does_not_give_it_away():
    """Everyone else's mean and everyone's together give the mean of those left out."""
    values, codes = sample(5, (12, 12, 60), (0.1, 0.2, 0.1))
    for reference in (REST, EVERYONE):
        found = disparities(values, codes, 3, reference=reference)
        assert np.isnan(found.reference_value[:2]).all()


def test_a_suppressed_reference_leaves_nothing_to_compare_with():
    values, codes = sample(6, (30, 5), (0.1, 0.1))
    found = disparities(values, codes, 2, reference=1)
    assert words(found) == ["undefined", "too few people"]
    assert not np.isnan(found.value[0])


def test_groups_without_spread_do_not_differ_and_have_no_interval():
    codes = np.repeat([0, 1, 2], 30)
    found = disparities(np.full(90, 0.5), codes, 3, reference=0)
    assert found.verdicts[1].word is Word.AS_BEFORE
    assert np.isnan(found.low[1])
    # All of one group at 0 and all of another at 1 is as clear as can be, without any spread.
    apart = disparities((codes == 1).astype(float), codes, 3, reference=0, direction="higher")
    assert apart.verdicts[1].word is Word.BETTER
    assert np.isfinite(apart.difference.low[1])


def test_signed_values_and_means_of_zero_are_judged_by_their_difference():
    values, codes = sample(9, (60, 90), (0.1, 0.25))
    found = disparities(values - 0.1, codes, 2, reference=1, is_signed=True)
    assert np.isnan(found.ratio.value[0])
    assert found.verdicts[0].word is Word.LOWER
    values[codes == 1] = 0.0
    found = disparities(values, codes, 2, reference=1)
    assert np.isnan(found.ratio.value[0])
    assert found.verdicts[0].word is Word.HIGHER


def test_one_group_alone_has_nothing_to_differ_from():
    values, codes = sample(8, (50,), (0.1,))
    found = disparities(values, codes, 1, reference=REST)
    assert words(found) == ["undefined"]
    assert np.isnan(found.reference_value[0])


def test_the_same_seed_gives_the_same_figures_and_another_nearly():
    values, codes = sample(11, (40, 60, 90), (0.1, 0.12, 0.14))
    one, again, other = (disparities(values, codes, 3, seed=seed) for seed in (0, 0, 1))
    assert [v.p for v in one.verdicts] == [v.p for v in again.verdicts]
    assert one.low.tolist() == again.low.tolist()
    assert other.low == pytest.approx(one.low, rel=0.05)
    assert [v.p for v in other.verdicts] != [v.p for v in one.verdicts]


def test_the_largest_group_counts_people_with_a_value_and_ties_are_told():
    values = np.array([1.0, np.nan, np.nan, 1.0, 1.0])
    assert largest_groups(values, np.array([0, 0, 0, 1, 1]), 2) == [1]
    assert largest_groups(np.ones(4), np.array([0, 0, 1, 1]), 2) == [0, 1]


def test_power_is_that_of_the_corrected_test():
    """More comparisons, and it takes a larger disparity to be found four times in five."""
    values, codes = sample(12, (100,) * 12, (0.1,) * 12)
    many = disparities(values, codes, 12)
    alone = disparities(values, codes, 12, policy=Policy(correction="none"))
    assert many.detectable[0] > 1.2 * alone.detectable[0]
    assert POLICY.correction == "holm"
