"""The audit in a few sentences: what is clear, what could not be seen, what the setting did."""

from __future__ import annotations

import math

import numpy as np

from dashboard.audit.comparison import Comparison
from dashboard.audit.finding import Finding
from dashboard.audit.words import disparity_sentence, list_of
from dashboard.formats import count, style_of
from engine.metrics.reference_disparity import Verdict

__all__ = [
    "clear_findings",
    "conclusion",
    "detectable_ratio",
    "shift_sentence",
    "suppressed_sentence",
]

POWER = 2.8 / 1.96
"""From the half-width of an interval to the difference that is found four times in five."""


def clear_findings(comparison: Comparison) -> list[Finding]:
    """Return the groups that clearly differ, the farthest from the reference first."""
    clear = [finding for finding in comparison.after if finding.verdict.is_clear]
    return sorted(clear, key=_distance, reverse=True)


def _distance(finding: Finding) -> float:
    if finding.ratio.is_known:
        return abs(math.log(finding.ratio.value))
    return abs(finding.difference.value)


def detectable_ratio(finding: Finding) -> float:
    """Return the ratio that a group of this size would have shown four times in five, above 1.

    Before any correction for several groups; NaN where the ratio has no interval.
    """
    if not finding.ratio.is_known:
        return float("nan")
    half = (math.log(finding.ratio.high) - math.log(finding.ratio.low)) / 2
    return math.exp(half * POWER)


def conclusion(comparison: Comparison) -> list[str]:
    """Say what is clear; where nothing is, say what could have been seen."""
    clear = clear_findings(comparison)
    if clear:
        style = style_of(comparison.metric)
        return [disparity_sentence(finding, comparison.label, style) for finding in clear]
    compared = [finding for finding in comparison.after if not np.isnan(finding.p_holm)]
    if not compared:
        return ["No group has enough people to be compared with the reference."]
    said = (
        f"No group's {comparison.label} clearly differs from that of {comparison.reference.words}."
    )
    known = [finding for finding in compared if finding.ratio.is_known]
    if not known:
        return [said]
    fewest, most = min(known, key=lambda f: f.n), max(known, key=lambda f: f.n)
    seen = (
        f"That is no proof of equality: with {count(most.n)} people ({most.group}) a disparity of "
        f"{detectable_ratio(most):.2f} times would have been found four times in five"
    )
    if fewest.n < most.n:
        seen += (
            f", with {count(fewest.n)} ({fewest.group}) only one of {detectable_ratio(fewest):.2f}"
        )
    return [said, seen + "."]


def suppressed_sentence(comparison: Comparison, min_n: int) -> str:
    """Say how many groups are not shown; empty where all are."""
    hidden = [f for f in comparison.after if f.verdict is Verdict.SUPPRESSED and f.n > 0]
    if not hidden:
        return ""
    people = sum(finding.n for finding in hidden)
    noun = "group" if len(hidden) == 1 else "groups"
    return (
        f"{len(hidden)} {noun} with fewer than {min_n} people ({count(people)} people together) "
        "suppressed: their means would say more about chance than about them."
    )


def shift_sentence(comparison: Comparison) -> str:
    """Say for which groups the setting did clearly more, or less, than for the reference."""
    if all(
        finding.value.value == 0 or np.isnan(finding.value.value) for finding in comparison.shift
    ):
        return "The setting leaves every figure as it was in the baseline."
    moved = [finding for finding in comparison.shift if finding.verdict.is_clear]
    if not moved:
        return "The setting moves no group clearly more than it moves the reference."
    worse = [finding.group for finding in moved if finding.standing == "clearly worse"]
    better = [finding.group for finding in moved if finding.standing == "clearly better"]
    other = [finding.group for finding in moved if finding.higher_is_better is None]
    parts = [
        f"{verb} {list_of(names)}"
        for verb, names in (("sets back", worse), ("brings forward", better), ("moves", other))
        if names
    ]
    return f"Measured against the reference, the setting clearly {' and '.join(parts)}."
