"""Each group's ratio to the reference under the page's metric and under another definition."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.audit.finding import Finding, Span
from dashboard.audit.flips import is_flip
from dashboard.audit.other_definitions import ATTENDED_PREFIX, other_findings
from dashboard.audit.view import AuditView
from dashboard.audit.words import disparity_sentence
from dashboard.charts.disparity import disparity_alt, disparity_dots
from dashboard.plain_text import shorten
from engine.metrics.reference_disparity import Verdict

__all__ = [
    "MOST_TIMES",
    "by_definition_figure",
    "by_definition_frame",
    "every_verdict",
    "most_flips",
]

MOST_TIMES = 3.0
"""Ratios beyond this lie on the edge of the figure: one wide interval would squeeze the others."""

FLIP = "⇄ "
"""Stands before the name of a group whose verdict flips."""


def by_definition_frame(
    chosen: tuple[Finding, ...], other: tuple[Finding, ...], label: str
) -> pd.DataFrame:
    """Return the frame of :func:`dashboard.charts.disparity.disparity_dots`, in ratios.

    Parameters
    ----------
    chosen, other : tuples of Finding
        By the page's metric, and by another definition; the same groups.
    label : str
        Name of the other definition.
    """
    rows = [
        (first, second, _times(first), _times(second))
        for first, second in zip(chosen, other, strict=True)
        if Verdict.SUPPRESSED not in (first.verdict, second.verdict)
    ]
    ends = np.array([[*_ends(first), *_ends(second)] for *_, first, second in rows])
    before = ends.reshape(len(rows), 6).T
    return pd.DataFrame(
        {
            "group": [FLIP * is_flip(first, second) + first.group for first, second, *_ in rows],
            "n": np.array([second.n for _, second, *_ in rows], dtype=np.int64),
            **dict(zip(("before", "before_low", "before_high"), before[:3], strict=True)),
            **dict(zip(("after", "after_low", "after_high"), before[3:], strict=True)),
            "shrunk": np.full(len(rows), np.nan),
            "reference_value": np.ones(len(rows)),
            "standing": [second.standing for _, second, *_ in rows],
            "in_words": [disparity_sentence(second, label) for _, second, *_ in rows],
        }
    )


def by_definition_figure(
    view: AuditView, label: str, findings: tuple[Finding, ...]
) -> tuple[go.Figure, str]:
    """Return the figure of every group's ratio under both definitions, and what it says in words.

    ``label`` and ``findings`` are those of the other definition.
    """
    frame = by_definition_frame(view.comparison.after, findings, label)
    title = f"The same lists judged by {view.comparison.label} and by another definition"
    figure = disparity_dots(
        frame,
        title=title,
        metric=f"times {view.comparison.reference.words}",
        band=view.choice.band,
        sides=(view.comparison.label, shorten(label.removeprefix(ATTENDED_PREFIX), 32)),
    )
    return figure, disparity_alt(frame, f"{title}: {label}")


def _times(finding: Finding) -> Span:
    """Return the ratio; the reference's own is 1, without an interval."""
    if finding.verdict is Verdict.REFERENCE:
        return Span(1.0, np.nan, np.nan)
    return finding.ratio


def _ends(span: Span) -> list[float]:
    return np.minimum([span.value, span.low, span.high], MOST_TIMES).tolist()


def most_flips(table: pd.DataFrame) -> int:
    """Return the row of the definition under which most verdicts flip, the first of equals."""
    return int(table["flips"].to_numpy().argmax())


def every_verdict(view: AuditView) -> pd.DataFrame:
    """Return a row per definition and group: figures, verdict, and whether it flips."""
    chosen = view.comparison.after
    rows = [
        {
            "definition": label,
            "group": one.group,
            "people": one.n,
            "mean": one.value.value,
            "ratio": one.ratio.value,
            "ratio low": one.ratio.low,
            "ratio high": one.ratio.high,
            "p (Holm)": one.p_holm,
            "verdict": one.judgement,
            "flips": is_flip(first, one),
        }
        for label, findings in {view.comparison.label: chosen, **other_findings(view)}.items()
        for first, one in zip(chosen, findings, strict=True)
        if one.n > 0
    ]
    return pd.DataFrame(rows)
