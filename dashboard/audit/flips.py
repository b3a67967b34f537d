"""Which verdicts change when the same lists are judged by another definition."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from dashboard.audit.finding import Finding, lowest
from dashboard.audit.words import list_of

__all__ = ["flips", "flips_sentence", "is_flip", "verdict_table"]

NOBODY = "none"


def is_flip(first: Finding, second: Finding) -> bool:
    """Whether a group's standing differs between two definitions that both judge it."""
    is_judged = not np.isnan(first.p_holm) and not np.isnan(second.p_holm)
    return is_judged and first.standing != second.standing


def flips(chosen: tuple[Finding, ...], other: tuple[Finding, ...]) -> list[str]:
    """Say every group whose standing differs between two definitions.

    Groups that either definition suppresses or that are the reference are left out.
    """
    said = []
    for first, second in zip(chosen, other, strict=True):
        if is_flip(first, second):
            said.append(f"{first.group}: {first.standing} → {second.standing}")
    return said


def verdict_table(
    chosen: tuple[Finding, ...], others: Mapping[str, tuple[Finding, ...]]
) -> pd.DataFrame:
    """Return a row per definition: who is clearly worse or better, and what flips.

    Parameters
    ----------
    chosen : tuple of Finding
        By the metric of the page.
    others : mapping of str to tuple of Finding
        Definition → findings over the same groups.
    """
    rows = []
    for name, findings in others.items():
        worst = lowest(findings)
        changed = flips(chosen, findings)
        rows.append(
            {
                "definition": name,
                "flips": len(changed),
                "which": "; ".join(changed) or NOBODY,
                "clearly worse": _names(findings, "clearly worse"),
                "clearly better": _names(findings, "clearly better"),
                "lowest group": worst.group if worst else NOBODY,
                "ratio": worst.ratio.value if worst else np.nan,
                "ratio low": worst.ratio.low if worst else np.nan,
                "ratio high": worst.ratio.high if worst else np.nan,
            }
        )
    return pd.DataFrame(rows)


def flips_sentence(table: pd.DataFrame, label: str) -> str:
    """Say how much hangs on the definition."""
    flipped = table.loc[table["flips"] > 0, "definition"].tolist()
    if not flipped:
        return (
            f"Under all {len(table)} other definitions every group keeps the verdict that it has "
            f"by {label}."
        )
    return (
        f"{len(flipped)} of {len(table)} other definitions change at least one verdict of "
        f"{label}: {list_of(flipped)}."
    )


def _names(findings: tuple[Finding, ...], standing: str) -> str:
    found = [finding.group for finding in findings if finding.standing == standing]
    return ", ".join(found) or NOBODY
