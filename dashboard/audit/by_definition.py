"""Each group's ratio to the reference under the page's metric and under another definition."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.disparity import disparity_alt, disparity_dots
from dashboard.charts.standings import standings_of
from dashboard.plain_text import shorten
from engine.audit.audit import Audit
from engine.audit.definitions import ATTENDED_PREFIX
from engine.audit.finding import Finding, Span
from engine.audit.flips import Judged, is_flip
from engine.audit.words import disparity_sentence

__all__ = [
    "MOST_TIMES",
    "by_definition_figure",
    "by_definition_frame",
]

MOST_TIMES = 3.0
"""Ratios beyond this lie on the edge of the figure: one wide interval would squeeze the others."""

FLIP = "⇄ "
"""Stands before the name of a group whose verdict flips."""


def by_definition_frame(chosen: tuple[Finding, ...], other: Judged, label: str) -> pd.DataFrame:
    """Return the frame of :func:`dashboard.charts.disparity.disparity_dots`, in ratios.

    Parameters
    ----------
    chosen : tuple of Finding
        By the page's metric.
    other : Judged
        By another definition; the same groups.
    label : str
        Name of the other definition.
    """
    rows = [
        (first, second, apart, _times(first), _times(second))
        for first, second, apart in zip(chosen, other.findings, other.apart, strict=True)
        if not (first.is_hidden or second.is_hidden)
    ]
    ends = np.array([[*_ends(first), *_ends(second)] for *_, first, second in rows])
    before = ends.reshape(len(rows), 6).T
    return pd.DataFrame(
        {
            "group": [FLIP * is_flip(*row[:3]) + row[0].group for row in rows],
            "n": np.array([second.n for _, second, *_ in rows], dtype=np.int64),
            **dict(zip(("before", "before_low", "before_high"), before[:3], strict=True)),
            **dict(zip(("after", "after_low", "after_high"), before[3:], strict=True)),
            "shrunk": np.full(len(rows), np.nan),
            "reference_value": np.ones(len(rows)),
            "standing": [second.standing for _, second, *_ in rows],
            "in_words": [disparity_sentence(second, label) for _, second, *_ in rows],
        }
    )


def by_definition_figure(view: Audit, label: str, judged: Judged) -> tuple[go.Figure, str]:
    """Return the figure of every group's ratio under both definitions, and what it says in words.

    ``label`` and ``judged`` are those of the other definition.
    """
    frame = by_definition_frame(view.comparison.after, judged, label)
    title = f"The same lists judged by {view.comparison.label} and by another definition"
    figure = disparity_dots(
        frame,
        title=title,
        metric=f"times {view.comparison.reference.words}",
        band=view.settings.band,
        standings=standings_of(view.metric.change_words),
        sides=(view.comparison.label, shorten(label.removeprefix(ATTENDED_PREFIX), 32)),
    )
    return figure, disparity_alt(frame, f"{title}: {label}")


def _times(finding: Finding) -> Span:
    """Return the ratio; the reference's own is 1, without an interval."""
    if finding.is_reference:
        return Span(1.0, np.nan, np.nan)
    return finding.ratio


def _ends(span: Span) -> list[float]:
    return np.minimum([span.value, span.low, span.high], MOST_TIMES).tolist()
