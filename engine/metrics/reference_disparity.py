"""How far each group lies from a reference, and what can be said of it.

Source: Aequitas (Saleiro et al. 2018) for the disparity to a reference group and the band of 0.8
to 1.25 around it. The tests are those of :mod:`engine.metrics.statistics.group_test`, the verdicts
those of the policy in force.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan

import numpy as np
from numpy.typing import NDArray

from engine.metrics.statistics.group_evidence import evidence_of, n_deals_for
from engine.metrics.statistics.group_means import mean_intervals
from engine.metrics.statistics.group_test import REST, Contrast, contrasts
from engine.metrics.statistics.moments import moments, share_of_events
from engine.metrics.statistics.policy import POLICY, Policy
from engine.metrics.statistics.verdict import Verdict, judge

__all__ = [
    "BAND",
    "SEED",
    "Disparities",
    "Estimate",
    "disparities",
    "largest_groups",
]

BAND = (0.8, 1.25)
"""Default band around the reference, as ratios: four fifths and its inverse."""

SEED = 0
"""Of the random groups, where nothing else is asked for."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Estimate:
    """A figure per group with its interval; arrays of shape (n_groups,), NaN where undefined."""

    value: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False)
class Disparities:
    """Every group against the reference; arrays of shape (n_groups,), NaN where undefined.

    Attributes
    ----------
    n, n_undefined : int64 arrays
        People with a value, and without one.
    value, low, high : float64 arrays
        Group mean with its 95 % interval; NaN for suppressed groups, and the interval where too
        few would be expected to have anything but the usual value.
    reference_value : float64 array
        Mean of what the group is compared with; NaN for suppressed groups, whose own mean could
        be worked out from it.
    ratio, difference : Estimate
        Group mean over, and minus, the reference mean. Their intervals are those of the corrected
        test: they leave "equal" out exactly where the verdict is clear.
    detectable : float64 array
        The difference that would have been found four times in five by that corrected test, were
        it the only one.
    verdicts : tuple of Verdict
        The reference group's is undefined.
    is_hidden : bool array
        Suppressed: too few people, or what would give such a group away.
    is_beyond : bool array
        Clear, and the whole interval of the ratio lies outside of the band.
    """

    n: NDArray[np.int64]
    n_undefined: NDArray[np.int64]
    value: Floats
    low: Floats
    high: Floats
    reference_value: Floats
    ratio: Estimate
    difference: Estimate
    detectable: Floats
    verdicts: tuple[Verdict, ...]
    is_hidden: NDArray[np.bool_]
    is_beyond: NDArray[np.bool_]


def largest_groups(
    values: NDArray[np.floating], codes: NDArray[np.integer], n_groups: int
) -> list[int]:
    """Return the group with the most people who have a value; all of them where several tie."""
    is_counted = ~np.isnan(values) & (codes >= 0)
    n = np.bincount(codes[is_counted], minlength=n_groups)
    return np.flatnonzero(n == n.max(initial=0)).tolist()


def disparities(
    values: NDArray[np.floating],
    codes: NDArray[np.integer],
    n_groups: int,
    *,
    reference: int = REST,
    band: tuple[float, float] = BAND,
    policy: Policy = POLICY,
    direction: str = "neither",
    target: float = nan,
    is_signed: bool = False,
    bounds: tuple[float, float] | None = None,
    hidden: NDArray[np.bool_] | None = None,
    seed: int = SEED,
) -> Disparities:
    """Compare every group with the reference. O(deals · n_users).

    Parameters
    ----------
    values : float array of shape (n_users,)
        A metric, one value per person; NaN where undefined, counted and left out.
    codes : integer array of shape (n_users,)
        Group of each person in [0, n_groups); -1 for a person in none, who counts nowhere.
    n_groups : int
    reference : int
        A group's code, ``REST`` (everyone outside the group) or ``EVERYONE``.
    band : (float, float)
        Ratios between which a disparity counts as small; 1 lies between them.
    policy : Policy
        Groups with fewer people than its least n are suppressed.
    direction : str
        Of the metric: which words a clear difference gets.
    target : float
        Of a metric with one.
    is_signed : bool
        Values may be negative (changes, say): ratios have no meaning and stay undefined.
    bounds : (float, float), optional
        The metric's range, which the intervals of the means keep to.
    hidden : bool array of shape (n_groups,), optional
        Groups to suppress besides.
    seed : int
        Of the random deals.

    Examples
    --------
    >>> codes = np.repeat([0, 1], 200)
    >>> values = np.random.default_rng(0).uniform(0, 1, 400) / (1 + codes)
    >>> found = disparities(values, codes, 2, reference=0, direction="higher")
    >>> str(found.verdicts[1]), bool(found.is_beyond[1])
    ('worse', True)
    """
    is_counted = ~np.isnan(values) & (codes >= 0)
    kept, own_codes = values[is_counted].astype(np.float64), codes[is_counted]
    own = moments(kept, own_codes, n_groups)
    is_hidden = own.n < policy.least_n
    if hidden is not None:
        is_hidden = is_hidden | hidden
    tested = ~is_hidden & (np.arange(n_groups) != reference)
    if reference >= 0:
        tested &= ~is_hidden[reference]
    held = contrasts(
        kept,
        own_codes,
        own,
        tested,
        reference,
        n_deals=n_deals_for(int(tested.sum())),
        seed=seed,
    )
    expected = own.n * share_of_events(kept)
    family = [
        evidence_of(
            held.get(g),
            (int(own.n[g]), float(expected[g])),
            direction,
            target,
            is_small=bool(own.n[g] < policy.least_n),
        )
        for g in range(n_groups)
    ]
    verdicts = judge(family, policy)
    alphas = [1 - one.confidence for one in verdicts]
    n_tests = sum(not isnan(one.p) for one in verdicts)
    first = policy.alpha(np.ones(n_tests), np.ones(n_tests))
    ratio = _ratios(held, alphas, n_groups, is_signed=is_signed)
    low, high = mean_intervals(kept, own, policy=policy, bounds=bounds, seed=seed + 1)
    blank = _filled(is_hidden)
    return Disparities(
        n=own.n,
        n_undefined=np.bincount(codes[np.isnan(values) & (codes >= 0)], minlength=n_groups),
        value=np.where(is_hidden, np.nan, own.mean),
        low=blank(low),
        high=blank(high),
        reference_value=blank([held[g].reference if g in held else nan for g in range(n_groups)]),
        ratio=ratio,
        difference=Estimate(
            blank([held[g].difference if g in held else nan for g in range(n_groups)]),
            blank([one.low for one in verdicts]),
            blank([one.high for one in verdicts]),
        ),
        detectable=blank(
            [held[g].detectable(first) if g in held else nan for g in range(n_groups)]
        ),
        verdicts=tuple(verdicts),
        is_hidden=is_hidden,
        is_beyond=np.array(
            [
                one.is_clear and (ratio.high[g] < band[0] or ratio.low[g] > band[1])
                for g, one in enumerate(verdicts)
            ],
            dtype=bool,
        ),
    )


def _filled(is_hidden: NDArray[np.bool_]) -> Callable[[Sequence[float] | Floats], Floats]:
    return lambda given: np.where(is_hidden, np.nan, np.array(given, dtype=np.float64))


def _ratios(
    held: Mapping[int, Contrast], alphas: list[float], n_groups: int, *, is_signed: bool
) -> Estimate:
    rows = np.full((3, n_groups), np.nan)
    for g, one in held.items():
        if not is_signed and one.mean > 0 and one.reference > 0:
            rows[0, g] = one.mean / one.reference
            ends = (nan, nan) if isnan(alphas[g]) else one.ratio_ends(alphas[g])
            rows[1:, g] = ends if np.isfinite(ends).all() else (nan, nan)
    return Estimate(*rows)
