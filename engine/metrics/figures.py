"""Figures: a value with its interval, its group size, its change from the baseline, a verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan

from engine.metrics.registry import METRICS
from engine.metrics.statistics.evidence import Evidence
from engine.metrics.statistics.policy import POLICY, Policy
from engine.metrics.statistics.verdict import Verdict, Word, judge
from engine.metrics.unjudged import Unjudged

__all__ = ["Figure", "figure_of", "figures_of", "judge_each", "judge_together"]

POWER = 0.8416
"""Normal quantile of 80 %: so many standard errors beyond the critical value."""


@dataclass(frozen=True)
class Figure:
    """One metric for one audience.

    Attributes
    ----------
    name : str
        Key of ``METRICS``.
    value, low, high : float
        Value and its 95 % interval; NaN where undefined.
    n, n_undefined : int
        People for whom it is defined, and is not.
    difference, difference_low, difference_high : float
        Mean change from the baseline over the same people; its interval is that of the corrected
        test behind ``verdict``, so it leaves 0 out exactly where the verdict is clear.
    confidence : float
        Of the interval of the difference.
    verdict : Word
        What can be said of the change, by the policy in force.
    p, p_adjusted : float
        Of no change; as it stands, and corrected over the metrics looked at.
    detectable : float
        The smallest change that would have been found four times in five by that corrected test.
    reason : str
        Why the value is undefined; empty where it is not.
    change_reason : str
        Why the change is undefined or not judged; empty where it is judged.
    before : float
        Value in the baseline; NaN where undefined.
    target : float
        What the metric aims at; NaN without a target.
    overshoot : str
        What has gone past its target, as a clause; empty where nothing has.
    """

    name: str
    value: float
    low: float
    high: float
    n: int
    n_undefined: int
    difference: float = nan
    difference_low: float = nan
    difference_high: float = nan
    confidence: float = nan
    verdict: Word = Word.UNDEFINED
    p: float = nan
    p_adjusted: float = nan
    detectable: float = nan
    reason: str = ""
    change_reason: str = ""
    before: float = nan
    target: float = nan
    overshoot: str = ""


def figures_of(
    found: Mapping[str, Unjudged], *, shown: tuple[str, ...], policy: Policy = POLICY
) -> dict[str, Figure]:
    """Return every metric as a figure.

    Parameters
    ----------
    found : mapping of str to Unjudged
        Name of a metric → what is known of it.
    shown : tuple of str
        Metrics looked at together: their changes are judged as one family, those of all other
        metrics as another.
    policy : Policy
    """
    others = tuple(name for name in found if name not in shown)
    figures: dict[str, Figure] = {}
    for family in (shown, others):
        figures.update(judge_together(found, family, policy=policy)[0])
    return {name: figures[name] for name in found}


def judge_together(
    found: Mapping[str, Unjudged],
    shown: tuple[str, ...],
    *,
    beside: Sequence[Evidence] = (),
    policy: Policy = POLICY,
) -> tuple[dict[str, Figure], list[Verdict]]:
    """Judge some metrics, and whatever else is looked at beside them, as one family.

    Returns
    -------
    figures : dict
        Name of each metric in ``shown`` → its figure.
    verdicts : list of Verdict
        One for each of ``beside``.
    """
    family = [found[name].evidence(METRICS[name]) for name in shown]
    verdicts = judge([*family, *beside], policy)
    figures = {
        name: figure_of(name, found[name], verdict)
        for name, verdict in zip(shown, verdicts, strict=False)
    }
    return figures, verdicts[len(shown) :]


def judge_each(name: str, rows: Sequence[Unjudged], *, policy: Policy = POLICY) -> list[Figure]:
    """Judge one metric of several comparisons that are looked at together, as one family."""
    verdicts = judge([row.evidence(METRICS[name]) for row in rows], policy)
    return [figure_of(name, row, verdict) for row, verdict in zip(rows, verdicts, strict=True)]


def figure_of(name: str, row: Unjudged, verdict: Verdict) -> Figure:
    """Return what is known of a metric, with the verdict on its change, as a figure."""
    return Figure(
        name=name,
        value=row.value,
        low=row.low,
        high=row.high,
        n=row.n,
        n_undefined=row.n_undefined,
        difference=verdict.value,
        difference_low=verdict.low,
        difference_high=verdict.high,
        confidence=verdict.confidence,
        verdict=verdict.word,
        p=verdict.p,
        p_adjusted=verdict.p_adjusted,
        detectable=(verdict.high - verdict.low) / 2 + POWER * row.error,
        reason=row.reason,
        change_reason=verdict.reason,
        before=row.before,
        target=row.target,
        overshoot=row.overshoot,
    )
