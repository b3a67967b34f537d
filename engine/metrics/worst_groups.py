"""Which groups of people are served worst, over all intersections, at a false-discovery rate.

Looking at hundreds of intersections finds a low mean somewhere by chance alone. Here each group's
mean is held against random groups of its size, and the Benjamini-Hochberg step keeps the expected
share of false findings at the rate asked for. The interval beside a finding is that of the same
test at the same error, so that what was picked out of hundreds is not shown with an interval of
one alone (Benjamini & Yekutieli 2005).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from math import nan

import numpy as np
from numpy.typing import NDArray

from engine.metrics.audience import Audience
from engine.metrics.crossing import cross, margins_of
from engine.metrics.statistics.disclosure import hidden_groups
from engine.metrics.statistics.evidence import Evidence
from engine.metrics.statistics.group_evidence import n_deals_for
from engine.metrics.statistics.group_test import Contrast, against_rest
from engine.metrics.statistics.moments import moments, share_of_events
from engine.metrics.statistics.policy import POLICY, Policy
from engine.metrics.statistics.random_groups import dealt_nulls
from engine.metrics.statistics.verdict import Verdict, Word, judge

__all__ = ["DISCOVERIES", "Finding", "worst_groups"]

Floats = NDArray[np.float64]

DISCOVERIES = replace(POLICY, correction="fdr", family="every group and intersection")
"""Of so many groups, the expected share of false findings is kept, not the chance of any."""

BAD = (Word.WORSE, Word.FURTHER)


@dataclass(frozen=True)
class Finding:
    """One group of people against everyone else.

    Attributes
    ----------
    attributes : tuple of str
        One to three.
    label : str
        The group in words.
    n : int
        People with a value in it.
    mean, rest_mean : float
        Of the group, and of everyone else.
    verdict : Verdict
        Of the difference, with its interval; corrected at the false-discovery rate.
    is_found : bool
        Clear, and not for the better; where the metric has no better direction, clear.
    """

    attributes: tuple[str, ...]
    label: str
    n: int
    mean: float
    rest_mean: float
    verdict: Verdict
    is_found: bool

    @property
    def difference(self) -> float:
        """Mean minus everyone else's."""
        return self.mean - self.rest_mean

    @property
    def q(self) -> float:
        """The least false-discovery rate at which it is a finding."""
        return self.verdict.p_adjusted


@dataclass(frozen=True)
class _Group:
    attributes: tuple[str, ...]
    label: str
    n: int
    mean: float
    squares: float


def worst_groups(
    audience: Audience,
    values: NDArray[np.floating],
    *,
    users: NDArray[np.int64] | None = None,
    direction: str = "higher",
    target: float = nan,
    depth: int = 3,
    policy: Policy = DISCOVERIES,
    seed: int = 0,
    n_deals: int = 0,
) -> list[Finding]:
    """Test every group of one to ``depth`` attributes; O(intersections · users), worst first.

    Parameters
    ----------
    audience : Audience
    values : float array of shape (n_rows,)
        One metric; NaN left out.
    users : int64 array of shape (n_rows,), optional
        Whose values they are; everyone's by default.
    direction : str
        Of the metric; without a better one, groups that differ either way are found, and the words
        are "higher" and "lower".
    target : float
        Of a metric with one.
    depth : int
        1 to 3.
    policy : Policy
        Groups below its least n are not looked at.
    seed : int
        Of the random groups.
    n_deals : int
        Random groups of each size; 0 for as many as the number of tests asks for.

    Returns
    -------
    list of Finding
        Every group tested: those served worse (or that differ) first, by ``p``.
    """
    rows = np.arange(audience.n_users) if users is None else users
    has = ~np.isnan(values)
    known = np.asarray(values[has], dtype=np.float64)
    groups = _groups(audience, rows[has], known, depth, policy.least_n)
    if not groups:
        return []
    sizes = sorted({one.n for one in groups})
    deals = n_deals or n_deals_for(len(groups))
    nulls = dealt_nulls(known, sizes, n_deals=deals, seed=seed)
    centre = float(known.mean())
    everyone = len(known), centre, float(((known - centre) ** 2).sum())
    held = [
        against_rest((one.n, one.mean, one.squares), everyone, nulls.get(one.n)) for one in groups
    ]
    share = share_of_events(known)
    family = [
        _evidence(contrast, one, share, direction, target)
        for contrast, one in zip(held, groups, strict=True)
    ]
    findings = [
        Finding(
            one.attributes,
            one.label,
            one.n,
            one.mean,
            contrast.reference,
            verdict,
            verdict.is_clear and (verdict.word in BAD or verdict.word.tone == "moved"),
        )
        for one, contrast, verdict in zip(groups, held, judge(family, policy), strict=True)
    ]
    far = [0.0 if one.null is None else abs(one.difference / one.error) for one in held]
    pairs = zip(findings, far, strict=True)
    return [one for one, _ in sorted(pairs, key=lambda pair: _order(pair[0], pair[1], direction))]


def _groups(
    audience: Audience,
    rows: NDArray[np.int64],
    values: Floats,
    depth: int,
    min_n: int,
) -> list[_Group]:
    """Every group that may be shown, and that somebody is outside of."""
    found = []
    for size in range(1, depth + 1):
        for chosen in combinations(audience.attributes, size):
            labels, codes = cross(audience, chosen)
            known = codes[rows] >= 0
            own = moments(values[known], codes[rows][known], len(labels))
            hidden = hidden_groups(own.n, min_n, margins_of(audience, chosen))
            is_tested = ~hidden & (len(values) - own.n >= 2)
            found += [
                _Group(
                    chosen,
                    labels[g],
                    int(own.n[g]),
                    float(own.mean[g]),
                    float(own.squares[g]),
                )
                for g in np.flatnonzero(is_tested)
            ]
    return found


def _evidence(held: Contrast, one: _Group, share: float, direction: str, target: float) -> Evidence:
    if held.null is None:  # nobody differs from anybody
        return Evidence(0.0, 1.0, lambda _alpha: (0.0, 0.0), one.n)
    return Evidence(
        held.difference,
        held.p,
        held.ends,
        one.n,
        one.n * share,
        direction,
        before=held.reference,
        target=target,
        is_exact=True,
    )


def _order(one: Finding, far: float, direction: str) -> tuple[bool, bool, float, float, str]:
    """Found first, then the badly served, by p; below the least p there is, by the statistic."""
    is_good = one.verdict.word.tone == "good" or (
        {"higher": one.difference > 0, "lower": one.difference < 0}.get(direction, False)
    )
    return not one.is_found, is_good, float(np.nan_to_num(one.verdict.p, nan=2.0)), -far, one.label
