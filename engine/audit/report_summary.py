"""The top of the audit's report: the verdict in a sentence, three figures, and who pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.audit.figures import AuditFigures
from engine.audit.losers import EVERYBODY
from engine.audit.one_number import gap_in_words
from engine.audit.report import KeyFigure, Summary
from engine.audit.summary import clear_findings, conclusion
from engine.data.wording import counted
from engine.formats import SHARE, change, interval, number, style_of
from engine.metrics.registry import METRICS

__all__ = ["payers_sentence", "summary_of"]


def summary_of(figures: AuditFigures) -> Summary:
    """Return the summary of an audit."""
    audit, gap = figures.audit, figures.gap
    style, label = style_of(audit.metric), audit.comparison.label
    every = audit.evaluation.figures[audit.metric.name]
    clear = clear_findings(audit.comparison)
    compared = sum(one.is_judged for one in audit.comparison.after)
    before = sum(one.is_clear for one in audit.comparison.before)
    return Summary(
        conclusion(audit.comparison)[0],
        (
            KeyFigure(
                f"{label}, everyone",
                number(every.value, style),
                f"{interval(every.low, every.high, style)}, n = {every.n:,}; "
                f"change {change(every.difference, every.before, style)}, {every.verdict}",
            ),
            KeyFigure(
                "Groups that clearly differ",
                f"{len(clear)} of {compared}",
                f"by {audit.by}, from {audit.comparison.reference.words}; {before} in the baseline",
            ),
            KeyFigure(
                "Gap, highest less lowest",
                number(gap.value, style),
                f"by chance below {number(gap.limit, style)} in 95 of 100: {gap_in_words(gap)}",
            ),
        ),
        payers_sentence(figures.losers.to_dict("records"), label, audit.metric.name),
    )


def payers_sentence(rows: Sequence[Mapping[Any, Any]], label: str, metric: str) -> str:
    """Say how many are worse and better off, and in which group most are worse.

    Parameters
    ----------
    rows : sequence of mappings
        Of :func:`engine.audit.losers.losers_frame`, everybody first.
    label : str
        What the metric is called.
    metric : str
        Its name: what a change for the worse is called.
    """
    worse, better = METRICS[metric].change_words
    everybody = next((row for row in rows if row["group"] == EVERYBODY), None)
    if everybody is None or everybody["worse"] is None or everybody["worse"] != everybody["worse"]:
        return f"Nobody has a value of {label}, so nobody can be said to pay."
    if everybody["same"] == 1:
        return f"Who pays: nobody's {label} is another than in the baseline."
    said = (
        f"Who pays: of {counted(int(everybody['n']), 'person')}, {label} is {worse} than in the "
        f"baseline for {_share(everybody['worse'])}, {better} for {_share(everybody['better'])}, "
        f"and as before for {_share(everybody['same'])}."
    )
    groups = [row for row in rows if row["group"] != EVERYBODY and row["worse"]]
    if not groups:
        return said
    most = max(groups, key=lambda row: row["worse"])
    return (
        f"{said} The share of {worse} is highest in {most['group']} ({_share(most['worse'])} of "
        f"{int(most['n']):,}); that the groups differ in it was not tested."
    )


def _share(value: float) -> str:
    return number(value, SHARE)
