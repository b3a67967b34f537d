"""The finder of groups that are served worst: its null, its error rate, its power."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.metrics.audience import describe
from engine.metrics.gap_null import gap_null
from engine.metrics.groups import by_group
from engine.metrics.nested_groups import random_group_p
from engine.metrics.small_groups import is_suppressed, shrink, suppressed
from engine.metrics.statistics.verdict import Word
from engine.metrics.worst_groups import DISCOVERIES, worst_groups
from tests.engine.metrics.random_service import random_artifacts

N = 1200


@pytest.fixture(scope="module")
def audience():
    """Three attributes with 2, 5 and 7 groups."""
    audience = describe(random_artifacts(N, 20, n_past=2, n_held=1, seed=0))
    rng = np.random.default_rng(0)
    groups = np.stack([rng.integers(0, size, N) for size in (2, 5, 7)], axis=1).astype(np.int16)
    attributes = {
        name: tuple(f"{name} {code}" for code in range(size))
        for name, size in (("gender", 2), ("age", 5), ("job", 7))
    }
    return replace(audience, user_groups=groups, attributes=attributes)


def skewed(rng):
    """NDCG-like: many zeros, a long right tail."""
    return (rng.binomial(1, 0.6, N) * rng.beta(1.2, 5, N)).astype(np.float32)


@pytest.mark.parametrize("values", ["right-skewed", "left-skewed", "two-valued"])
def test_random_group_p_is_that_of_random_groups(values):
    rng = np.random.default_rng(1)
    population = {
        "right-skewed": rng.exponential(1, 500) ** 1.3,
        "left-skewed": 1 - rng.beta(1, 6, 500),
        "two-valued": rng.binomial(1, 0.75, 500).astype(float),
    }[values]
    size = 25
    means = np.array([rng.permutation(population)[:size].mean() for _ in range(40_000)])
    for tail in (0.2, 0.05, 0.01, 0.002):
        cut = np.quantile(means, tail)
        share = ((means < cut).mean() + (means <= cut).mean()) / 2
        found = random_group_p(population, np.array([cut]), np.array([size]))[0]
        assert found == pytest.approx(share, rel=0.35, abs=0.0015)


def test_a_group_of_everybody_or_of_equals_is_never_found():
    p = random_group_p(np.ones(10), np.array([1.0]), np.array([4]))
    assert p[0] == 1
    everyone = random_group_p(np.arange(10.0), np.array([4.5]), np.array([10]))
    assert everyone[0] == 1


def test_no_planted_gap_gives_false_alarms_at_the_stated_rate(audience):
    """Where no group differs, any finding is false: at most 5 in 100 audits may have one.

    With 200 audits, a rate of 5 % gives at most 17 alarms in all but 1 of 200 repetitions.
    """
    rng = np.random.default_rng(2)
    alarms = 0
    for _ in range(200):
        findings = worst_groups(audience, skewed(rng))
        alarms += any(finding.is_found for finding in findings)
    assert alarms <= 17


def test_the_gap_null_alarms_at_its_level(audience):
    """Over 200 audits without a gap, p < 0.05 in 5 %: from 3 to 19 times, but for 1 in 200."""
    rng = np.random.default_rng(3)
    codes = audience.codes("age")
    alarms = sum(
        gap_null(skewed(rng), codes, 5, n_shuffles=199, seed=run).p <= 0.05 for run in range(200)
    )
    assert 2 <= alarms <= 19


def test_a_planted_gap_is_found_and_named(audience):
    rng = np.random.default_rng(4)
    found = 0
    for _ in range(20):
        values = skewed(rng)
        worse = (audience.codes("gender") == 1) & (audience.codes("age") == 3)
        values[worse] *= 0.4
        first = worst_groups(audience, values)[0]
        found += first.is_found and first.label == "gender 1 · age 3"
        assert first.difference < 0
        assert first.verdict.low < first.difference < first.verdict.high
        assert gap_null(values, worse.astype(int), 2, n_shuffles=199).p < 0.02
    assert found >= 18


def test_lower_is_better_looks_at_the_other_end(audience):
    values = skewed(np.random.default_rng(5))
    values[audience.codes("job") == 2] += 0.2
    first = worst_groups(audience, values, direction="lower")[0]
    assert first.label == "job 2"
    assert first.is_found
    assert first.difference > 0
    assert first.mean == pytest.approx(values[audience.codes("job") == 2].mean(), rel=1e-6)


def test_without_a_direction_the_words_are_higher_and_lower_and_both_ends_are_found(audience):
    values = skewed(np.random.default_rng(5))
    values[audience.codes("job") == 2] += 0.2
    values[audience.codes("job") == 4] = 0.0
    found = [one for one in worst_groups(audience, values, direction="neither") if one.is_found]
    words = {one.label: one.verdict.word for one in found}
    assert words["job 2"] is Word.HIGHER
    assert words["job 4"] is Word.LOWER
    assert set(words.values()) == {Word.HIGHER, Word.LOWER}


def test_intervals_after_selection_leave_0_out_only_where_found(audience):
    """Unadjusted, those of the farthest of hundreds of groups left 0 out nearly always."""
    for seed in range(10):
        for one in worst_groups(audience, skewed(np.random.default_rng(seed)), direction="neither"):
            leaves_out = one.verdict.low > 0 or one.verdict.high < 0
            assert leaves_out == one.is_found


def test_small_groups_and_the_undefined_are_left_out(audience):
    values = skewed(np.random.default_rng(6))
    values[: N // 2] = np.nan
    findings = worst_groups(audience, values, policy=replace(DISCOVERIES, least_n=40))
    assert findings
    assert min(finding.n for finding in findings) >= 40
    nothing = worst_groups(audience, np.full(N, np.nan, np.float32))
    assert nothing == []


def table_of(values, codes, n_groups):
    return by_group(values[:, None].astype(np.float32), codes, n_groups, names=("ndcg",))


def test_suppression_counts_people_with_a_value():
    values = np.full(70, 0.5)
    values[10:30] = np.nan
    table = table_of(values, np.repeat([0, 1, 2], [30, 40, 0]), 3)
    np.testing.assert_array_equal(is_suppressed(table)[:, 0], [True, False, True])
    means = suppressed(table, "ndcg")
    assert np.isnan(means[[0, 2]]).all()
    assert means[1] == 0.5


def test_shrinkage_is_nearer_to_the_truth_than_the_raw_means():
    rng = np.random.default_rng(0)
    raw, shrunk = 0.0, 0.0
    for _ in range(60):
        sizes = rng.integers(3, 60, 15)
        truth = rng.normal(0.3, 0.05, 15)
        codes = np.repeat(np.arange(15), sizes)
        values = truth[codes] + rng.normal(0, 0.25, len(codes))
        table = table_of(values, codes, 15)
        raw += ((table.mean[:, 0] - truth) ** 2).sum()
        shrunk += ((shrink(table, "ndcg").value - truth) ** 2).sum()
    assert shrunk < 0.6 * raw


def test_shrinkage_is_its_formula():
    rng = np.random.default_rng(1)
    sizes = np.array([5, 30, 80])
    codes = np.repeat(np.arange(3), sizes)
    values = (np.array([0.1, 0.5, 0.3])[codes] + rng.normal(0, 0.1, 115)).astype(np.float32)
    groups = [values[codes == g].astype(float) for g in range(3)]
    pooled = sum(((g - g.mean()) ** 2).sum() for g in groups) / (115 - 3)
    overall = values.astype(float).mean()
    weight = sizes / pooled
    q = sum(w * (g.mean() - overall) ** 2 for w, g in zip(weight, groups, strict=True))
    between = (q - 2) / (weight.sum() - (weight**2).sum() / weight.sum())
    found = shrink(table_of(values, codes, 4), "ndcg")
    assert found.between == pytest.approx(between, rel=1e-5)
    for g, (size, group) in enumerate(zip(sizes, groups, strict=True)):
        kept = between / (between + pooled / size)
        assert found.kept[g] == pytest.approx(kept, rel=1e-5)
        assert found.value[g] == pytest.approx(kept * group.mean() + (1 - kept) * overall, rel=1e-5)
    assert found.value[3] == pytest.approx(overall)


def test_groups_that_differ_by_chance_only_shrink_all_the_way():
    values = np.tile([0.1, 0.9], 60)
    found = shrink(table_of(values, np.repeat([0, 1, 2], 40), 3), "ndcg")
    assert found.between == 0
    np.testing.assert_allclose(found.value, 0.5, rtol=1e-6)
