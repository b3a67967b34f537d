"""The headline: one record of what it holds, judged as the one family that it is."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

from engine.evaluation import Evaluation, GroupComparison
from engine.metrics.figures import Figure, judge_together
from engine.metrics.group_gap import GroupGap, group_gap
from engine.metrics.group_headline import (
    change_of_each,
    evidence_of_worst,
    worst_group,
    worst_groups_tied,
)
from engine.metrics.registry import HEADLINE, METRICS
from engine.metrics.statistics.evidence import Evidence
from engine.metrics.statistics.policy import POLICY, Policy
from engine.metrics.statistics.verdict import Verdict, judge

__all__ = ["GROUP_METRIC", "Headline", "headline_of"]

GROUP_METRIC = "ndcg"
"""Metric of the two figures of groups."""


@dataclass(frozen=True, eq=False)
class Headline:
    """What the headline shows, judged together.

    Attributes
    ----------
    figures : dict
        The metrics of ``HEADLINE``.
    groups : GroupComparison
    worst : int or None
        Group served worst now, by :data:`GROUP_METRIC`.
    n_worst : int
        Groups that stand as low, it included: it is the one with most people, then by name.
    worst_figure : Figure
        Of that group; its change holds for whichever group is chosen.
    gap : GroupGap or None
        ``None`` with fewer than two groups that are large enough.
    gap_figure : Figure
    each : tuple of Verdict
        On the paired change of each group, as a family of their own.
    n_judged : int
        Changes corrected together.
    """

    figures: dict[str, Figure]
    groups: GroupComparison
    worst: int | None
    n_worst: int
    worst_figure: Figure
    gap: GroupGap | None
    gap_figure: Figure
    each: tuple[Verdict, ...]
    n_judged: int

    @property
    def n_groups(self) -> int:
        """Groups with enough people for their change to be looked at."""
        at = self.groups.change.column(GROUP_METRIC)
        return int((self.groups.change.n_defined[:, at] >= POLICY.least_n).sum())


def headline_of(evaluation: Evaluation, attribute: str, *, policy: Policy = POLICY) -> Headline:
    """Judge the metrics of ``HEADLINE``, the worst group and the gap as one family.

    Parameters
    ----------
    evaluation : Evaluation
    attribute : str
        By which people are grouped.
    policy : Policy
    """
    groups, metric = evaluation.groups(attribute), METRICS[GROUP_METRIC]
    tables = (groups.now, groups.before, groups.change)
    worst = worst_group(groups.now, groups.labels, metric, least_n=policy.least_n)
    gap = group_gap(*tables, GROUP_METRIC, least_n=policy.least_n)
    beside = []
    if worst is not None:
        beside.append(evidence_of_worst(groups.change, groups.before, worst, metric, policy=policy))
    if gap is not None:
        beside.append(_of_gap(gap))
    figures, verdicts = judge_together(evaluation.unjudged, HEADLINE, beside=beside, policy=policy)
    left = iter(verdicts)
    return Headline(
        figures=figures,
        groups=groups,
        worst=worst,
        n_worst=len(worst_groups_tied(groups.now, metric, least_n=policy.least_n)),
        worst_figure=_unknown() if worst is None else _of_group(groups, worst, next(left)),
        gap=gap,
        gap_figure=_unknown() if gap is None else _gap_figure(gap, next(left)),
        each=tuple(judge(change_of_each(groups.change, groups.before, metric), policy)),
        n_judged=len(HEADLINE) + len(beside),
    )


def _of_gap(gap: GroupGap) -> Evidence:
    return Evidence(gap.difference, gap.p, gap.ends, gap.n, before=gap.before)


def _of_group(groups: GroupComparison, row: int, verdict: Verdict) -> Figure:
    at = groups.now.column(GROUP_METRIC)
    now = groups.now
    ends = (float(now.low[row, at]), float(now.high[row, at]))
    sizes = (int(now.n_defined[row, at]), int(now.n_undefined[row, at]))
    return _figure((float(now.mean[row, at]), *ends), sizes, verdict, groups.before.mean[row, at])


def _gap_figure(gap: GroupGap, verdict: Verdict) -> Figure:
    return _figure((gap.value, gap.low, gap.high), (gap.n, 0), verdict, gap.before)


def _figure(
    span: tuple[float, float, float], sizes: tuple[int, int], verdict: Verdict, before: float
) -> Figure:
    return Figure(
        GROUP_METRIC,
        *span,
        *sizes,
        verdict.value,
        verdict.low,
        verdict.high,
        verdict.confidence,
        verdict.word,
        verdict.p,
        verdict.p_adjusted,
        change_reason=verdict.reason,
        before=float(before),
    )


def _unknown() -> Figure:
    why = "The groups are too small, or only one is large enough."
    return Figure(GROUP_METRIC, nan, nan, nan, 0, 0, reason=why, change_reason=why)
