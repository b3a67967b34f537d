"""The worst-group finder: every group and intersection tested, at a false-discovery rate."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dashboard.audit.view import AuditView
from dashboard.audit.words import list_of
from engine.metrics.nested_groups import explained_by
from engine.metrics.worst_groups import Finding, worst_groups

__all__ = ["MOST_WORST", "RATE", "WorstGroups", "find_worst", "worst_frame", "worst_sentence"]

RATE = 0.05
"""Expected share of false findings among the findings."""

MOST_NAMED = 4
MOST_WORST = 14
"""Groups that the figure draws; the table holds all."""


@dataclass(frozen=True, eq=False)
class WorstGroups:
    """Every group tested, worst first, and the larger found group that explains it, if any."""

    findings: tuple[Finding, ...]
    explained: tuple[str, ...]

    @property
    def found(self) -> list[Finding]:
        """Groups found at the rate."""
        return [one for one in self.findings if one.is_found]

    @property
    def standing(self) -> list[Finding]:
        """Groups found that no larger found group explains."""
        pairs = zip(self.findings, self.explained, strict=True)
        return [one for one, why in pairs if one.is_found and not why]


def find_worst(view: AuditView) -> WorstGroups:
    """Test every group of one to three attributes under the setting."""
    evaluation = view.evaluation
    higher_is_better = view.metric.good_way != "lower"
    users = evaluation.measured.users
    findings = worst_groups(
        evaluation.audience,
        view.after,
        users=users,
        higher_is_better=higher_is_better,
        min_n=view.choice.min_n,
        rate=RATE,
    )
    explained = explained_by(
        evaluation.audience,
        view.after,
        findings,
        users=users,
        higher_is_better=higher_is_better,
    )
    return WorstGroups(tuple(findings), explained)


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
            "low": one.low,
            "high": one.high,
            "q": one.q,
            "found": one.is_found,
            "explained by": why,
        }
        for one, why in zip(worst.findings, worst.explained, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    stands = frame["found"] & (frame["explained by"] == "")
    order = (~stands).astype(int) * 2 - frame["found"].astype(int)
    return frame.iloc[order.argsort(kind="stable")].reset_index(drop=True)


COLUMNS = ["group", "by", "n", "mean", "everyone else", "difference", "low", "high", "q", "found",
           "explained by"]  # fmt: skip


def worst_sentence(worst: WorstGroups, label: str) -> str:
    """Say how many groups were tested, found, and stand by themselves."""
    tested = len(worst.findings)
    if not tested:
        return "No group is large enough to be tested."
    found, standing = worst.found, worst.standing
    if not found:
        return (
            f"None of {tested:,} groups and intersections is worse by {label} than chance makes "
            f"some of so many (false-discovery rate {_percent(RATE)})."
        )
    names = [_name(one) for one in standing]
    named = list_of(names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        named = f"{', '.join(names[:MOST_NAMED])} and {len(names) - MOST_NAMED} more"
    return (
        f"{len(found):,} of {tested:,} groups and intersections are clearly worse by {label} than "
        f"everyone else (false-discovery rate {_percent(RATE)}). {len(standing):,} stand by "
        f"themselves: {named}. The others are parts of these, and no worse than the rest of them."
    )


def _name(finding: Finding) -> str:
    """Name a group so that it can be understood alone: ``light (activity)``."""
    return (
        finding.label
        if len(finding.attributes) > 1
        else f"{finding.label} ({finding.attributes[0]})"
    )


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"
