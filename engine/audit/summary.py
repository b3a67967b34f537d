"""The audit in a few sentences: what is clear, what could not be seen, what the setting did."""

from __future__ import annotations

import math

import numpy as np

from engine.audit.comparison import Comparison
from engine.audit.finding import Finding
from engine.audit.words import disparity_sentence, list_of
from engine.data.wording import counted
from engine.formats import count, share_apart, style_of
from engine.metrics.statistics.verdict import Word

__all__ = [
    "clear_findings",
    "conclusion",
    "detectable_ratio",
    "shift_sentence",
    "suppressed_sentence",
]

VERBS = {
    Word.WORSE: "sets back",
    Word.BETTER: "brings forward",
    Word.FURTHER: "takes further from the target",
    Word.NEARER: "brings nearer to the target",
    Word.LOWER: "lowers",
    Word.HIGHER: "raises",
}
"""What a setting does to a group, measured against the reference."""


def clear_findings(comparison: Comparison) -> list[Finding]:
    """Return the groups that clearly differ, the farthest from the reference first."""
    clear = [finding for finding in comparison.after if finding.is_clear]
    return sorted(clear, key=_distance, reverse=True)


def _distance(finding: Finding) -> float:
    if finding.ratio.value > 0:
        return abs(math.log(finding.ratio.value))
    return abs(finding.difference.value)


def detectable_ratio(finding: Finding) -> float:
    """Return the ratio, above 1, that a group of this size would have shown four times in five.

    By the test and the correction in force, of a group that is served less than the reference;
    infinite where even a mean of 0 would not have shown.
    """
    share = 1 - finding.detectable / finding.reference_value if finding.reference_value > 0 else 0
    return 1 / share if share > 0 else math.inf


def conclusion(comparison: Comparison) -> list[str]:
    """Say what is clear; where nothing is, say what could have been seen."""
    clear = clear_findings(comparison)
    if clear:
        style = style_of(comparison.metric)
        return [disparity_sentence(finding, comparison.label, style) for finding in clear]
    compared = [finding for finding in comparison.after if finding.is_judged]
    if not compared:
        return [_nothing_to_compare(comparison)]
    said = (
        f"No group's {comparison.label} clearly differs from that of {comparison.reference.words}."
    )
    known = [finding for finding in compared if finding.ratio.value > 0]
    if not known:
        return [said]
    return [said, _what_could_be_seen(known)]


def _nothing_to_compare(comparison: Comparison) -> str:
    shown = [finding for finding in comparison.shown if not finding.is_reference]
    if shown and all(one.verdict.word is Word.TOO_FEW_EVENTS for one in shown):
        return (
            f"Too few people have anything but the usual {comparison.label} for any group to be "
            "compared."
        )
    return "No group has enough people to be compared with the reference."


def _what_could_be_seen(known: list[Finding]) -> str:
    """Say which disparity would have been found, by the largest and by the smallest group."""
    fewest, most = min(known, key=lambda f: f.n), max(known, key=lambda f: f.n)
    size = detectable_ratio(most)
    if math.isinf(size):
        return "That is no proof of equality: with these few people no disparity would have shown."
    seen = (
        f"That is no proof of equality: with {counted(most.n, 'person')} ({most.group}) a mean "
        f"{share_apart(1 / size - 1)} would have been found four times in five"
    )
    if len(known) > 1:
        seen += f", {counted(len(known), 'comparison')} being corrected for"
    least = detectable_ratio(fewest)
    if fewest.n < most.n:
        only = "none at all" if math.isinf(least) else f"only one {share_apart(1 / least - 1)}"
        seen += f"; with {count(fewest.n)} ({fewest.group}) {only}"
    return seen + "."


def suppressed_sentence(comparison: Comparison, min_n: int) -> str:
    """Say how many groups are not shown; empty where all are."""
    hidden = [f for f in comparison.after if f.is_hidden and f.n > 0]
    if not hidden:
        return ""
    people = sum(finding.n for finding in hidden)
    besides = sum(finding.n >= min_n for finding in hidden)
    together = f" ({counted(people, 'person')} together)" if people >= min_n else ""
    said = (
        f"{counted(len(hidden), 'group')} with fewer than {min_n} people{together} "
        "suppressed: their means would say more about chance than about them."
    )
    if not besides:
        return said
    return (
        f"{counted(len(hidden), 'group')}{together} suppressed: "
        f"{len(hidden) - besides} with fewer than {min_n} people, whose means would say more about "
        f"chance than about them, and {besides} from which a smaller one could be worked out."
    )


def shift_sentence(comparison: Comparison) -> str:
    """Say for which groups the setting did clearly more, or less, than for the reference."""
    if all(
        finding.value.value == 0 or np.isnan(finding.value.value) for finding in comparison.shift
    ):
        return "The setting leaves every figure as it was in the baseline."
    moved = [finding for finding in comparison.shift if finding.is_clear]
    if not moved:
        return "The setting moves no group clearly more than it moves the reference."
    named = {word: [one.group for one in moved if one.verdict.word is word] for word in VERBS}
    parts = [f"{verb} {list_of(named[word])}" for word, verb in VERBS.items() if named[word]]
    return f"Measured against the reference, the setting clearly {' and '.join(parts)}."
