"""FA*IR's counts against the published table and by enumeration."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.stats import binom

from engine.reranking.fair_star import adjusted_alpha, failure_probability, minimum_targets

PUBLISHED = {  # Zehlike et al., CIKM 2017, table 2: α = 0.1, k = 1 … 12
    0.1: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    0.2: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1],
    0.3: [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2],
    0.4: [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 3],
    0.5: [0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 3, 4],
    0.6: [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5],
    0.7: [0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6],
}


@pytest.mark.parametrize("p", PUBLISHED)
def test_published_table(p):
    assert minimum_targets(12, p, 0.1)[1:].tolist() == PUBLISHED[p]


@pytest.mark.parametrize(("p", "k"), [(0.5, 6), (0.3, 9), (0.7, 8)])
def test_failure_probability_over_every_list(p, k):
    targets = minimum_targets(k, p, 0.1)
    total = 0.0
    for marks in itertools.product([0, 1], repeat=k):
        counts = np.cumsum(marks)
        if (counts < targets[1:]).any():
            total += p ** sum(marks) * (1 - p) ** (k - sum(marks))
    assert failure_probability(targets, p) == pytest.approx(total, abs=1e-12)


@pytest.mark.parametrize(("p", "k"), [(0.5, 100), (0.3, 10), (0.6, 40)])
def test_adjusted_significance_is_the_largest_that_holds(p, k):
    """Uncorrected, long lists fail far more often than α; corrected, at most α, and only just."""
    adjusted = adjusted_alpha(k, p, 0.1)
    assert failure_probability(minimum_targets(k, p, adjusted), p) <= 0.1
    if adjusted < 0.1:
        assert failure_probability(minimum_targets(k, p, adjusted + 1e-9), p) > 0.1
    assert (adjusted < 0.1) == (failure_probability(minimum_targets(k, p, 0.1), p) > 0.1)


@pytest.mark.parametrize("p", [0.03, 0.35, 0.9])
@pytest.mark.parametrize("alpha", [0.013, 0.11, 0.43])  # no probability equals these
def test_counts_are_binomial_quantiles(p, alpha):
    expected = binom.ppf(alpha, np.arange(1, 51), p)
    assert minimum_targets(50, p, alpha)[1:].tolist() == expected.tolist()


@pytest.mark.parametrize(
    ("p", "alpha", "j"), [(0.9, 0.1, 1), (0.5, 0.25, 2), (0.5, 0.125, 3), (0.75, 0.0625, 2)]
)
def test_a_chance_of_just_alpha_does_not_pass(p, alpha, j):
    """Definition 3.1 asks for more than α; a quantile would let a list of none pass."""
    assert binom.cdf(0, j, p) == pytest.approx(alpha, abs=1e-15)
    assert binom.ppf(alpha - 1e-9, j, p) == 0
    assert minimum_targets(j, p, alpha)[j] == 1


@pytest.mark.parametrize("p", [0.13, 0.3, 0.62])
@pytest.mark.parametrize("k", [7, 10, 20])
def test_a_list_that_passes_may_hold_far_fewer_than_the_share(p, k):
    """Each count is the smallest that passes, by the definition, and is below p of the places."""
    counts = minimum_targets(k, p, 0.1)
    for j in range(1, k + 1):
        assert binom.cdf(counts[j], j, p) > 0.1
        assert counts[j] == 0 or binom.cdf(counts[j] - 1, j, p) <= 0.1
        assert counts[j] <= np.ceil(p * j)


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_none_or_all(p):
    assert minimum_targets(5, p, 0.1).tolist() == [int(p * j) for j in range(6)]
