"""Which verdicts change when the same lists are judged by another definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.audit.finding import Finding, lowest
from engine.audit.words import list_of
from engine.data.wording import counted, verb

__all__ = ["Judged", "flips", "flips_sentence", "is_flip", "most_flips", "verdict_table"]

NOBODY = "none"


@dataclass(frozen=True)
class Judged:
    """The groups by another definition.

    ``findings`` are the groups against the reference; ``apart`` says of each group whether its
    disparity differs between the two definitions, paired over the same people (None where they
    are one).
    """

    findings: tuple[Finding, ...]
    apart: tuple[Finding | None, ...]


def is_flip(first: Finding, second: Finding, apart: Finding | None) -> bool:
    """Whether a group's standing differs between two definitions, and its disparity clearly so.

    Clear here and not clear there is by itself no difference: that takes a test of its own.
    """
    is_judged = first.is_judged and second.is_judged and apart is not None
    return bool(is_judged and first.standing != second.standing and apart and apart.is_clear)


def flips(chosen: tuple[Finding, ...], other: Judged) -> list[str]:
    """Say every group whose standing flips between two definitions.

    Groups that either definition suppresses or that are the reference are left out.
    """
    return [
        f"{first.group}: {first.standing} → {second.standing}"
        for first, second, apart in zip(chosen, other.findings, other.apart, strict=True)
        if is_flip(first, second, apart)
    ]


def verdict_table(chosen: tuple[Finding, ...], others: Mapping[str, Judged]) -> pd.DataFrame:
    """Return a row per definition: who is clearly below or above the reference, and what flips.

    Parameters
    ----------
    chosen : tuple of Finding
        By the metric of the page.
    others : mapping of str to Judged
        Definition → findings over the same groups.
    """
    rows = []
    for name, judged in others.items():
        findings = judged.findings
        least = lowest(findings)
        changed = flips(chosen, judged)
        rows.append(
            {
                "definition": name,
                "flips": len(changed),
                "which": "; ".join(changed) or NOBODY,
                "clearly below": _names(findings, is_lower=True),
                "clearly above": _names(findings, is_lower=False),
                "lowest group": ", ".join(one.group for one in least) or NOBODY,
                "its mean": least[0].value.value if least else np.nan,
                "ratio": least[0].ratio.value if least else np.nan,
                "ratio low": least[0].ratio.low if least else np.nan,
                "ratio high": least[0].ratio.high if least else np.nan,
            }
        )
    return pd.DataFrame(rows)


def most_flips(table: pd.DataFrame) -> int:
    """Return the row of the definition under which most verdicts flip, the first of equals."""
    return int(table["flips"].to_numpy().argmax())


def flips_sentence(table: pd.DataFrame, label: str) -> str:
    """Say how much hangs on the definition."""
    flipped = table.loc[table["flips"] > 0, "definition"].tolist()
    if not flipped:
        return (
            f"Under none of {counted(len(table), 'other definition')} does a group's disparity "
            f"differ clearly from the one by {label} and get another verdict."
        )
    return (
        f"{len(flipped)} of {len(table)} other definitions {verb(len(flipped), 'flips')} at least "
        f"one verdict of {label}, the disparity differing clearly: {list_of(flipped)}."
    )


def _names(findings: tuple[Finding, ...], *, is_lower: bool) -> str:
    found = [one.group for one in findings if one.is_clear and one.is_lower == is_lower]
    return ", ".join(found) or NOBODY
