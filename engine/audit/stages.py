"""Where a disparity starts: each group against the reference at every stage, and each step."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.audit.comparison import Groups, findings_of
from engine.audit.finding import Finding
from engine.audit.reference import Reference
from engine.audit.settings import AuditSettings
from engine.audit.words import list_of
from engine.metrics.metric import Metric
from engine.metrics.statistics.verdict import Word

__all__ = [
    "MOST_LINES",
    "drawn_groups",
    "stage_findings",
    "stage_frame",
    "start_sentence",
    "step_findings",
    "step_frame",
    "step_verdict",
]

MOST_LINES = 6
"""Lines that can be told apart in one figure."""

STEP_COLUMNS = (
    "step",
    "group",
    "people",
    "verdict",
    "against the reference",
    "low",
    "high",
    "p (Holm)",
    "change in the group",
)


def stage_findings(
    values: Mapping[str, NDArray[np.floating]],
    groups: Groups,
    settings: AuditSettings,
    metric: Metric,
    reference: Reference,
) -> dict[str, tuple[Finding, ...]]:
    """Compare the groups at every stage.

    Parameters
    ----------
    values : mapping of str to float array of shape (n_users,)
        Stage, in the order of the pipeline → the metric per person.
    groups : Groups
    settings : AuditSettings
    metric : Metric
    reference : Reference
        The same at every stage.
    """
    return {
        stage: findings_of(one, groups, settings, metric, reference)
        for stage, one in values.items()
    }


def drawn_groups(found: Mapping[str, tuple[Finding, ...]]) -> list[str]:
    """Choose at most six groups to draw, in their own order.

    Those that are clear at the last stage come first, then the farthest from the reference there.
    """
    distance = {
        finding.group: (finding.is_clear, abs(np.log(finding.ratio.value)))
        for finding in list(found.values())[-1]
        if finding.ratio.value > 0
    }
    chosen = sorted(distance, key=distance.__getitem__, reverse=True)[:MOST_LINES]
    return [group for group in distance if group in chosen]


def stage_frame(found: Mapping[str, tuple[Finding, ...]]) -> pd.DataFrame:
    """Return a row per stage and group: value, ratio, interval, verdict."""
    rows = [
        {
            "stage": stage,
            "group": finding.group,
            "n": finding.people,
            "value": finding.value.value,
            "ratio": finding.ratio.value,
            "ratio_low": finding.ratio.low,
            "ratio_high": finding.ratio.high,
            "p (Holm)": finding.verdict.p_adjusted,
            "verdict": finding.judgement,
        }
        for stage, findings in found.items()
        for finding in findings
        if finding.n > 0
    ]
    return pd.DataFrame(rows).astype({"n": "Int64"} if rows else {})


def step_findings(
    values: Mapping[str, NDArray[np.floating]],
    groups: Groups,
    settings: AuditSettings,
    metric: Metric,
    reference: Reference,
) -> dict[str, tuple[Finding, ...]]:
    """Compare what each step does to a group with what it does to the reference.

    The step's change of each person is compared, so people are their own control: a small step
    shows even where the groups themselves vary widely.

    Returns
    -------
    dict
        ``stage → stage`` in the order of the pipeline → findings about the change.
    """
    return {
        f"{before} → {after}": findings_of(
            values[after].astype(np.float64) - values[before],
            groups,
            settings,
            metric,
            reference,
            is_signed=True,
        )
        for before, after in itertools.pairwise(values)
    }


def step_frame(steps: Mapping[str, tuple[Finding, ...]]) -> pd.DataFrame:
    """Return a row per step and group: the change against the reference's, and its verdict."""
    rows = [_step_row(step, one) for step, found in steps.items() for one in found if one.is_judged]
    return pd.DataFrame(rows, columns=list(STEP_COLUMNS))


def _step_row(step: str, finding: Finding) -> dict[str, object]:
    cells = (
        step,
        finding.group,
        finding.n,
        step_verdict(finding),
        finding.difference.value,
        finding.difference.low,
        finding.difference.high,
        finding.verdict.p_adjusted,
        finding.value.value,
    )
    return dict(zip(STEP_COLUMNS, cells, strict=True))


STEP_WORDS = {
    Word.WORSE: "loses against the reference",
    Word.BETTER: "gains on the reference",
    Word.LOWER: "falls against the reference",
    Word.HIGHER: "rises against the reference",
    Word.FURTHER: "moves away from the target, against the reference",
    Word.NEARER: "moves nearer to the target, against the reference",
}


def step_verdict(finding: Finding) -> str:
    """Say what a change did to a group, compared with what it did to the reference."""
    return STEP_WORDS.get(finding.verdict.word, str(finding.verdict.word))


def start_sentence(
    found: Mapping[str, tuple[Finding, ...]], steps: Mapping[str, tuple[Finding, ...]], label: str
) -> str:
    """Say of each clear disparity of the last stage where it comes from.

    That a disparity is clear at one stage and not at another is no difference between the two: a
    step is named only where the paired test of its changes is clear.
    """
    stages = list(found)
    start = next((stage for stage in stages if stage != "history"), stages[-1])
    first = start, found[start]
    said = [
        f"{last.group} ({last.judgement}): {_course(place, last, first, steps)}"
        for place, last in enumerate(found[stages[-1]])
        if last.is_clear
    ]
    if not said:
        return f"At the last stage no group's {label} is clearly different from the reference."
    return f"{label}, where the clear disparities start: " + "; ".join(said) + "."


def _course(
    place: int,
    last: Finding,
    first: tuple[str, tuple[Finding, ...]],
    steps: Mapping[str, tuple[Finding, ...]],
) -> str:
    """Say where one group's disparity comes from."""
    clear = {step: one[place] for step, one in steps.items() if one[place].is_clear}
    wider = [step for step, one in clear.items() if one.is_lower == last.is_lower]
    narrower = [step for step, one in clear.items() if one.is_lower != last.is_lower]
    stage, start = first[0], first[1][place]
    parts = []
    if start.is_clear and start.is_lower == last.is_lower:
        parts.append(f"clear in the {stage} list already")
    if wider:
        parts.append(f"clearly wider by {list_of(wider)}")
    if narrower:
        parts.append(f"clearly narrower by {list_of(narrower)}")
    if not wider:
        parts.append(f"no step from the {stage} list on widens it clearly")
    return ", ".join(parts)
