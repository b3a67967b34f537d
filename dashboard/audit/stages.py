"""Where a disparity starts: each group against the reference at every stage, and each step."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.audit.choice import AuditChoice, Reference
from dashboard.audit.comparison import Groups, findings_of
from dashboard.audit.finding import Finding
from engine.metrics.metric import Metric

__all__ = [
    "MOST_LINES",
    "NO_CHANGE",
    "drawn_groups",
    "stage_findings",
    "stage_frame",
    "start_sentence",
    "step_frame",
    "step_verdict",
]

MOST_LINES = 6
"""Lines that can be told apart in one figure."""

NO_CHANGE = "no clear change"

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
    choice: AuditChoice,
    metric: Metric,
    reference: Reference,
) -> dict[str, tuple[Finding, ...]]:
    """Compare the groups at every stage.

    Parameters
    ----------
    values : mapping of str to float array of shape (n_users,)
        Stage, in the order of the pipeline → the metric per person.
    groups : Groups
    choice : AuditChoice
    metric : Metric
    reference : Reference
        The same at every stage.
    """
    return {
        stage: findings_of(one, groups, choice, metric, reference) for stage, one in values.items()
    }


def drawn_groups(found: Mapping[str, tuple[Finding, ...]]) -> list[str]:
    """Choose at most six groups to draw, in their own order.

    Those that are clear at the last stage come first, then the farthest from the reference there.
    """
    distance = {
        finding.group: (finding.verdict.is_clear, abs(np.log(finding.ratio.value)))
        for finding in list(found.values())[-1]
        if finding.ratio.is_known
    }
    chosen = sorted(distance, key=distance.__getitem__, reverse=True)[:MOST_LINES]
    return [group for group in distance if group in chosen]


def stage_frame(found: Mapping[str, tuple[Finding, ...]]) -> pd.DataFrame:
    """Return a row per stage and group: value, ratio, interval, verdict."""
    rows = [
        {
            "stage": stage,
            "group": finding.group,
            "n": finding.n,
            "value": finding.value.value,
            "ratio": finding.ratio.value,
            "ratio_low": finding.ratio.low,
            "ratio_high": finding.ratio.high,
            "p (Holm)": finding.p_holm,
            "verdict": finding.judgement,
        }
        for stage, findings in found.items()
        for finding in findings
        if finding.n > 0
    ]
    return pd.DataFrame(rows)


def step_frame(
    values: Mapping[str, NDArray[np.floating]],
    groups: Groups,
    choice: AuditChoice,
    metric: Metric,
    reference: Reference,
) -> pd.DataFrame:
    """Return what each step does to each group's distance from the reference.

    The step's change of each person is compared between the group and the reference, so people
    are their own control: a small step shows even where the groups themselves vary widely.
    """
    rows = []
    for before, after in itertools.pairwise(values):
        change = values[after].astype(np.float64) - values[before]
        found = findings_of(change, groups, choice, metric, reference, is_signed=True)
        rows += [_step_row(f"{before} → {after}", one) for one in found if one.difference.is_known]
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
        finding.p_holm,
        finding.value.value,
    )
    return dict(zip(STEP_COLUMNS, cells, strict=True))


def step_verdict(finding: Finding) -> str:
    """Say what a change did to a group, compared with what it did to the reference."""
    if not finding.verdict.is_clear:
        return NO_CHANGE
    if finding.higher_is_better is None:
        return "falls against the reference" if finding.is_lower else "rises against the reference"
    is_loss = finding.is_lower == finding.higher_is_better
    return "loses against the reference" if is_loss else "gains on the reference"


def start_sentence(
    found: Mapping[str, tuple[Finding, ...]], steps: pd.DataFrame, label: str
) -> str:
    """Say of each clear disparity of the last stage which steps clearly made it.

    A step is what is paired over the same people: that a disparity is clear at one stage and not
    at the one before is no difference between the two.

    Parameters
    ----------
    found : mapping of str to tuple of Finding
        From :func:`stage_findings`.
    steps : DataFrame
        From :func:`step_frame`.
    label : str
    """
    stages = list(found)
    said = [
        f"{last.group} ({last.judgement}): {_making(last, steps, stages)}"
        for last in found[stages[-1]]
        if last.verdict.is_clear
    ]
    if not said:
        return f"At the last stage no group's {label} is clearly different from the reference."
    return f"{label}, where the clear disparities start: " + "; ".join(said) + "."


def _making(last: Finding, steps: pd.DataFrame, stages: list[str]) -> str:
    """Name the steps that clearly moved a group further to its own side of the reference."""
    is_its = (steps["group"] == last.group) & (steps["verdict"] != NO_CHANGE)
    is_same_way = (steps["against the reference"] < 0) == last.is_lower
    named = list(steps.loc[is_its & is_same_way, "step"])
    if named:
        return "clearly wider by " + " and by ".join(named)
    first = next((stage for stage in stages if stage != "history"), stages[-1])
    return f"no step from the {first} list on widens it clearly"
