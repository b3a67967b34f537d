"""Every group before and after: the findings, and the frames that charts and tables read."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.audit.finding import Finding, Span
from engine.audit.reference import Reference, reference_of
from engine.audit.settings import AuditSettings
from engine.audit.words import disparity_sentence
from engine.formats import style_of
from engine.metrics.groups import by_group
from engine.metrics.metric import Metric
from engine.metrics.reference_disparity import Disparities, Estimate, disparities
from engine.metrics.small_groups import shrink
from engine.metrics.statistics.disclosure import Margin, hidden_groups

__all__ = ["Comparison", "Groups", "compare", "dots_frame", "findings_of", "table_frame"]

MOST_DRAWN = 40
"""Groups that a figure draws; the table holds all."""


@dataclass(frozen=True, eq=False)
class Groups:
    """People divided: ``codes`` index ``labels``, -1 for a person in none.

    ``margins`` are the coarser divisions of an intersection.
    """

    labels: tuple[str, ...]
    codes: NDArray[np.integer]
    margins: tuple[Margin, ...] = ()

    def hidden(self, values: NDArray[np.floating], least_n: int) -> NDArray[np.bool_]:
        """Tell which groups may not be shown by a metric of everyone, bool of (n_groups,)."""
        is_counted = ~np.isnan(values) & (self.codes >= 0)
        n = np.bincount(self.codes[is_counted], minlength=len(self.labels))
        return hidden_groups(n, least_n, self.margins)

    def shown_codes(self, values: NDArray[np.floating], least_n: int) -> NDArray[np.integer]:
        """Return the codes, -1 for people of groups that may not be shown."""
        codes = np.where(self.codes >= 0, self.codes, 0)
        is_shown = (self.codes >= 0) & ~self.hidden(values, least_n)[codes]
        return np.where(is_shown, self.codes, -1)


@dataclass(frozen=True, eq=False)
class Comparison:
    """One metric by group, before and after the change, against the same reference.

    ``shift`` holds each person's change by group: its ``value`` is the mean change, its
    ``difference`` says whether the group moved more than the reference did. ``shrunk`` holds the
    group means after the change, drawn towards the overall mean by their noise (empirical Bayes).
    """

    metric: Metric
    label: str
    reference: Reference
    before: tuple[Finding, ...]
    after: tuple[Finding, ...]
    shift: tuple[Finding, ...]
    shrunk: NDArray[np.float64]

    @property
    def shown(self) -> tuple[Finding, ...]:
        """Findings after the change of the groups that are not suppressed."""
        return tuple(f for f in self.after if not f.is_hidden)

    @property
    def n_suppressed(self) -> int:
        """Groups with people, but too few to be shown."""
        return sum(f.is_hidden and f.n > 0 for f in self.after)


def compare(
    before: NDArray[np.floating],
    after: NDArray[np.floating],
    groups: Groups,
    settings: AuditSettings,
    metric: Metric,
    *,
    label: str,
) -> Comparison:
    """Compare every group with the reference, before and after.

    Parameters
    ----------
    before, after : float arrays of shape (n_users,)
        The metric per person.
    groups : Groups
    settings : AuditSettings
    metric : Metric
    label : str
        The metric's name on the page: ``NDCG@10``.
    """
    reference = reference_of(settings.reference, groups.labels, after, groups.codes)
    old, new = (
        findings_of(values, groups, settings, metric, reference) for values in (before, after)
    )
    change = after.astype(np.float64) - before
    shift = findings_of(change, groups, settings, metric, reference, is_signed=True)
    sums = by_group(
        np.asarray(after, dtype=np.float32)[:, None],
        groups.codes,
        len(groups.labels),
        names=(metric.name,),
    )
    shrunk = shrink(sums, metric.name).value
    return Comparison(metric, label, reference, old, new, shift, shrunk)


def findings_of(
    values: NDArray[np.floating],
    groups: Groups,
    settings: AuditSettings,
    metric: Metric,
    reference: Reference,
    *,
    is_signed: bool = False,
) -> tuple[Finding, ...]:
    """Compare every group with the reference once; ``is_signed`` where values may be negative."""
    found = disparities(
        values,
        groups.codes,
        len(groups.labels),
        reference=reference.code,
        band=settings.band,
        policy=settings.policy,
        hidden=groups.hidden(values, settings.min_n),
        direction=(metric.good_way or "neither") if is_signed else metric.direction,
        target=metric.target,
        is_signed=is_signed or metric.low < 0,
        bounds=None if is_signed else (metric.low, metric.high),
    )
    n_compared = sum(not isnan(one.p) for one in found.verdicts)
    return tuple(
        Finding(
            group=name,
            reference=reference.words,
            n=int(found.n[code]),
            n_undefined=int(found.n_undefined[code]),
            value=_own_span(found, code),
            reference_value=float(found.reference_value[code]),
            ratio=_span(found.ratio, code),
            difference=_span(found.difference, code),
            verdict=found.verdicts[code],
            n_compared=n_compared,
            detectable=float(found.detectable[code]),
            is_reference=code == reference.code,
            is_hidden=bool(found.is_hidden[code]),
            is_beyond=bool(found.is_beyond[code]),
        )
        for code, name in enumerate(groups.labels)
    )


def _own_span(found: Disparities, code: int) -> Span:
    return Span(float(found.value[code]), float(found.low[code]), float(found.high[code]))


def _span(estimate: Estimate, code: int) -> Span:
    return Span(float(estimate.value[code]), float(estimate.low[code]), float(estimate.high[code]))


def dots_frame(comparison: Comparison) -> pd.DataFrame:
    """Return the groups to draw as dots, each with its interval before and after.

    Groups stand in their own order; of more than forty that may be shown, the largest forty.
    """
    rows = [
        (old, new, float(shrunk))
        for old, new, shrunk in zip(
            comparison.before, comparison.after, comparison.shrunk, strict=True
        )
        if not new.is_hidden
    ]
    least = sorted((new.n for _, new, _ in rows), reverse=True)[:MOST_DRAWN]
    drawn = [row for row in rows if row[1].n >= least[-1]][:MOST_DRAWN] if rows else []
    style = style_of(comparison.metric)
    after = [new for _, new, _ in drawn]
    return pd.DataFrame(
        {
            "group": [new.group for new in after],
            "n": np.array([new.n for new in after], dtype=np.int64),
            **_ends("before", [old.value for old, _, _ in drawn]),
            **_ends("after", [new.value for new in after]),
            "shrunk": np.array([shrunk for _, _, shrunk in drawn]),
            "reference_value": np.array([new.reference_value for new in after]),
            "standing": [new.standing for new in after],
            "in_words": [disparity_sentence(new, comparison.label, style) for new in after],
        }
    )


def table_frame(comparison: Comparison) -> pd.DataFrame:
    """Return the whole comparison as a table, a row per group with people in it."""
    rows = [
        (old, new, shift)
        for old, new, shift in zip(
            comparison.before, comparison.after, comparison.shift, strict=True
        )
        if new.n + new.n_undefined > 0
    ]
    is_shown = [not f.is_hidden for f in comparison.after]
    has_people = [f.n + f.n_undefined > 0 for f in comparison.after]
    shrunk = np.where(is_shown, comparison.shrunk, np.nan)[has_people]
    after = [new for _, new, _ in rows]
    return pd.DataFrame(
        {
            "group": [new.group for new in after],
            "people": pd.array([new.people for new in after], dtype="Int64"),
            "without a value": pd.array([new.without_value for new in after], dtype="Int64"),
            **_ends("before", [old.value for old, _, _ in rows], " "),
            **_ends("after", [new.value for new in after], " "),
            "after, shrunk (estimate)": shrunk,
            "reference": [new.reference_value for new in after],
            "ratio before": [old.ratio.value for old, _, _ in rows],
            **_ends("ratio", [new.ratio for new in after], " "),
            **_ends("difference", [new.difference for new in after], " "),
            "p (Holm)": [new.verdict.p_adjusted for new in after],
            "verdict before": [old.judgement for old, _, _ in rows],
            "verdict": [new.judgement for new in after],
            **_ends("change", [shift.value for _, _, shift in rows], " "),
            **_ends("change against reference", [shift.difference for _, _, shift in rows], " "),
        }
    )


def _ends(name: str, spans: list[Span], joint: str = "_") -> dict[str, NDArray[np.float64]]:
    return {
        name: np.array([span.value for span in spans], dtype=np.float64),
        f"{name}{joint}low": np.array([span.low for span in spans], dtype=np.float64),
        f"{name}{joint}high": np.array([span.high for span in spans], dtype=np.float64),
    }
