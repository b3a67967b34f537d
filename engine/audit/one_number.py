"""How far apart the groups are, in one number, beside what chance alone makes of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.audit.audit import Audit
from engine.metrics.between_groups import GROUP_MEASURES
from engine.metrics.gap_null import GapNull, gap_null
from engine.metrics.statistics.policy import POLICY

__all__ = ["FEWER_DEALS", "LEVEL", "gap_in_words", "measures_frame", "null_of"]

LEVEL = POLICY.level
DEALS, FEWER_DEALS = 1000, 500
LEFT_OUT = "worst"
"""The lowest mean has no value under "all equal", and so no distance."""


def null_of(
    audit: Audit,
    values: NDArray[np.floating] | None = None,
    *,
    measure: str = "gap",
    n_deals: int = DEALS,
) -> GapNull:
    """Measure how far apart the groups are, and what random deals of the same values make of it.

    Parameters
    ----------
    audit : Audit
    values : float array of shape (n_users,), optional
        A metric per person; the audited one under the setting by default.
    measure : str
        Key of ``GROUP_MEASURES``.
    n_deals : int
    """
    used = audit.after if values is None else values
    return gap_null(
        used,
        audit.groups.shown_codes(used, audit.settings.min_n),
        len(audit.groups.labels),
        measure=measure,
        min_n=audit.settings.min_n,
        n_shuffles=n_deals,
    )


def gap_in_words(null: GapNull) -> str:
    """Say whether the gap is more than chance makes of it."""
    if np.isnan(null.p):
        return "fewer than two groups"
    return "wider than chance makes it" if null.p < LEVEL else "within what chance makes"


def measures_frame(audit: Audit) -> pd.DataFrame:
    """Return a row per measure: before, after, chance, p, and the formula."""
    rows = []
    for name, measure in GROUP_MEASURES.items():
        if name == LEFT_OUT:
            continue
        before = null_of(audit, audit.before, measure=name, n_deals=1)
        after = null_of(audit, measure=name, n_deals=FEWER_DEALS)
        rows.append(
            {
                "measure": measure.label,
                "before": before.value,
                "after": after.value,
                "all equal": measure.even,
                "by chance": after.expected,
                "95 % of chance": after.limit,
                "p": after.p,
                "verdict": gap_in_words(after),
                "formula": measure.formula,
                "source": measure.source,
            }
        )
    return pd.DataFrame(rows)
