"""The worst-group finder: every group and intersection tested, at a false-discovery rate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import nan

import pandas as pd

from engine.audit.audit import Audit
from engine.audit.words import list_of
from engine.data.wording import counted, verb
from engine.formats import Style, change
from engine.metrics.nested_groups import explained_by
from engine.metrics.statistics.policy import Policy
from engine.metrics.statistics.verdict import Word
from engine.metrics.worst_groups import Finding, worst_groups

__all__ = [
    "MOST_WORST",
    "WorstGroups",
    "find_worst",
    "worst_frame",
    "worst_rows",
    "worst_sentence",
    "worst_title",
    "worst_words",
]

MOST_NAMED = 4
MOST_WORST = 14
"""Groups that the figure draws; the table holds all."""


@dataclass(frozen=True, eq=False)
class WorstGroups:
    """Every group tested, worst first, and the larger found group that explains it, if any.

    ``policy`` corrects at a false-discovery rate over all groups tested; ``has_better`` tells
    whether the metric has a better direction: without one groups are found that differ either way.
    """

    findings: tuple[Finding, ...]
    explained: tuple[str, ...]
    policy: Policy
    has_better: bool

    @property
    def confidence(self) -> float:
        """Of the intervals; NaN where nothing was tested."""
        return next((one.verdict.confidence for one in self.findings if one.verdict.p >= 0), nan)

    @property
    def found(self) -> list[Finding]:
        """Groups found at the rate."""
        return [one for one in self.findings if one.is_found]

    @property
    def standing(self) -> list[Finding]:
        """Groups found that no larger found group explains."""
        pairs = zip(self.findings, self.explained, strict=True)
        return [one for one, why in pairs if one.is_found and not why]


def find_worst(audit: Audit) -> WorstGroups:
    """Test every group of one to three attributes under the setting."""
    evaluation, metric = audit.evaluation, audit.metric
    users = evaluation.measured.users
    policy = replace(audit.settings.policy, correction="fdr", family="every group and intersection")
    findings = worst_groups(
        evaluation.audience,
        audit.after,
        users=users,
        direction=metric.direction,
        target=metric.target,
        policy=policy,
    )
    explained = explained_by(evaluation.audience, audit.after, findings, users=users)
    return WorstGroups(tuple(findings), explained, policy, bool(metric.good_way))


def worst_title(worst: WorstGroups) -> str:
    """Say what the figure shows."""
    what = "Served worst" if worst.has_better else "Farthest from everyone else"
    return f"{what}, of all groups and intersections"


def worst_frame(worst: WorstGroups) -> pd.DataFrame:
    """Return every group tested as a table; those that stand by themselves first."""
    rows = [
        {
            "group": _name(one),
            "by": " × ".join(one.attributes),
            "n": one.n,
            "mean": one.mean,
            "everyone else": one.rest_mean,
            "difference": one.difference,
            "low": one.verdict.low,
            "high": one.verdict.high,
            "q": one.q,
            "verdict": _judgement(one),
            "found": one.is_found,
            "explained by": why,
        }
        for one, why in _standing_first(worst)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def worst_rows(worst: WorstGroups) -> list[tuple[tuple[str, ...], str]]:
    """Return the attributes and the group of each row of :func:`worst_frame`."""
    return [(one.attributes, one.label) for one, _ in _standing_first(worst)]


def worst_words(worst: WorstGroups, style: Style) -> list[str]:
    """Say the difference of each row of :func:`worst_frame`, in per cent of everyone else's too."""
    return [
        change(one.difference, one.rest_mean, style, (one.verdict.low, one.verdict.high))
        for one, _ in _standing_first(worst)
    ]


def _standing_first(worst: WorstGroups) -> list[tuple[Finding, str]]:
    """Return findings with what explains them: first what stands alone, then what was found."""
    pairs = zip(worst.findings, worst.explained, strict=True)
    return sorted(pairs, key=lambda one: -(one[0].is_found + (one[0].is_found and not one[1])))


COLUMNS = ["group", "by", "n", "mean", "everyone else", "difference", "low", "high", "q", "verdict",
           "found", "explained by"]  # fmt: skip


def worst_sentence(worst: WorstGroups, label: str) -> str:
    """Say how many groups were tested, found, and stand by themselves."""
    tested = len(worst.findings)
    if not tested:
        return "No group is large enough to be tested."
    found, standing = worst.found, worst.standing
    way = "worse" if worst.has_better else "farther from the others"
    if not found:
        return (
            f"None of {counted(tested, 'group')} and intersections is {way} by {label} than chance "
            f"makes some of so many (false-discovery rate {_percent(worst.policy.level)})."
        )
    names = [
        _name(one) if worst.has_better else f"{_name(one)}, {one.verdict.word}" for one in standing
    ]
    named = list_of(names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        named = f"{', '.join(names[:MOST_NAMED])} and {len(names) - MOST_NAMED} more"
    return (
        f"{_counted(len(found), tested, worst)} by {label} (false-discovery rate "
        f"{_percent(worst.policy.level)}). {len(standing):,} "
        f"{verb(len(standing), 'stands')} alone: {named}."
        + (" The others are parts of these." if len(found) > len(standing) else "")
    )


def _counted(n_found: int, n_tested: int, worst: WorstGroups) -> str:
    what = (
        f"{verb(n_found)} clearly worse than everyone else"
        if worst.has_better
        else f"clearly {verb(n_found, 'differs')} from everyone else"
    )
    return f"{n_found:,} of {n_tested:,} groups and intersections {what}"


def _judgement(finding: Finding) -> str:
    word = finding.verdict.word
    if word is Word.NOT_CLEAR:
        return "no clear difference"
    return f"clearly {word}" if word.is_clear else str(word)


def _name(finding: Finding) -> str:
    """Name a group so that it can be understood alone: ``light (activity)``."""
    return (
        finding.label
        if len(finding.attributes) > 1
        else f"{finding.label} ({finding.attributes[0]})"
    )


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"
