"""The audit's report, section by section, from the same view that the page shows."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from dashboard.audit.comparison import dots_frame, table_frame
from dashboard.audit.flips import flips_sentence, verdict_table
from dashboard.audit.one_number import gap_in_words, measures_frame, null_of
from dashboard.audit.other_definitions import other_findings
from dashboard.audit.payers import OUTER_NAMES, change_of, drawn_payers, payers_frame
from dashboard.audit.pipeline import stage_view
from dashboard.audit.report import Report, Section, facts, picture, table_of
from dashboard.audit.stages import drawn_groups, start_sentence
from dashboard.audit.summary import conclusion, shift_sentence, suppressed_sentence
from dashboard.audit.view import AuditView
from dashboard.audit.words import p_value
from dashboard.audit.worst import MOST_WORST, find_worst, worst_frame, worst_sentence
from dashboard.charts.disparity import disparity_alt, disparity_dots
from dashboard.charts.stage_disparity import stage_lines, stage_lines_alt
from dashboard.charts.who_pays import (
    tenths_bars,
    tenths_bars_alt,
    who_pays_bars,
    who_pays_bars_alt,
)
from dashboard.charts.worst_groups import worst_groups_alt, worst_groups_dots
from dashboard.formats import count, number, style_of
from engine.metrics.who_pays import tenths_of_change

__all__ = ["full_report"]

MOST_LISTED = 60
"""Groups of the worst-group finder that the report lists; the CSV holds all."""


def full_report(view: AuditView, *, now: datetime | None = None) -> Report:
    """Gather every section; ``now`` is the date that it carries, the present by default."""
    manifest = view.artifacts.manifest
    label = view.comparison.label
    moment = (now or datetime.now(UTC)).strftime("%Y-%m-%d %H:%M UTC")
    about = facts(
        [
            ("Date", moment),
            ("Data", f"{manifest['title']} ({manifest.get('source', '')})"),
            ("Data hash (SHA-256)", manifest.get("fingerprint")),
            ("Fit", view.artifacts.fit_id),
            ("People", count(view.evaluation.n_users)),
            ("Groups by", view.by),
            ("Metric", f"{label}: {view.metric.definition}"),
            ("Reference", view.comparison.reference.words),
            ("Band", f"{view.choice.band[0]:.2f} to {view.choice.band[1]:.2f} times the reference"),
            ("Suppressed below", f"{view.choice.min_n} people with a value"),
            ("Setting", _setting(view)),
            ("Baseline", "the ranker's own order, same list length"),
        ]
    )
    return Report(
        title=f"Fairness audit: {label} by {view.by}",
        subtitle="Who is served worse, and is it real?",
        badge="Simulated: people and interactions were generated"
        if manifest["is_simulated"]
        else "",
        facts=about,
        sections=(
            _groups(view),
            _worst(view),
            _one_number(view),
            _payers(view),
            _stages(view),
            _definitions(view),
            _meanings(view),
            _scenario(view),
        ),
        footer=f"Made by Rerank Studio from the fit {view.artifacts.fit_id}. "
        f"{manifest.get('licence', '')}",
    )


def _setting(view: AuditView) -> str:
    if view.scenario.is_neutral:
        return "neutral: the same lists as the baseline"
    return view.scenario.name or "the scenario at the end of this report"


def _groups(view: AuditView) -> Section:
    frame = dots_frame(view.comparison)
    label = view.comparison.label
    title = f"{label} by {view.by}, against {view.comparison.reference.words}"
    figure = disparity_dots(
        frame,
        title=title,
        metric=label if view.metric.as_percent else f"{label}, {view.metric.unit}",
        band=view.choice.band,
        is_share=view.metric.as_percent,
    )
    hidden = suppressed_sentence(view.comparison, view.choice.min_n)
    return Section(
        "Who is served worse",
        findings=tuple(conclusion(view.comparison)),
        paragraphs=tuple(filter(None, [shift_sentence(view.comparison), hidden])),
        pictures=(picture(figure, disparity_alt(frame, title)),),
        tables=(table_of(table_frame(view.comparison), "Every group, before and after"),),
    )


def _payers(view: AuditView) -> Section:
    change = change_of(view.before, view.after, view.metric)
    names = OUTER_NAMES[view.metric.direction != "neither"]
    frame = payers_frame(change, view.groups, view.choice.min_n)
    drawn = drawn_payers(frame)
    label = view.comparison.label
    tenths = tenths_of_change(change)
    title, second = f"People by what the setting does to their {label}", "Everybody in tenths"
    return Section(
        "Who pays",
        paragraphs=("Changes are paired: each person against the same person in the baseline.",),
        pictures=(
            picture(
                who_pays_bars(drawn, title=title, names=names), who_pays_bars_alt(drawn, title)
            ),
            picture(
                tenths_bars(tenths.mean, title=second, unit=label, names=names),
                tenths_bars_alt(tenths.mean, second),
            ),
        ),
        tables=(table_of(frame, "Shares of people, and the mean size of losses and gains"),),
    )


def _worst(view: AuditView) -> Section:
    worst = find_worst(view)
    frame = worst_frame(worst)
    drawn, title = frame.head(MOST_WORST), "Served worst, of all groups and intersections"
    figure = worst_groups_dots(drawn, title=title, metric=view.comparison.label)
    listed = frame.head(MOST_LISTED)
    return Section(
        "Worst groups, over all intersections",
        findings=(worst_sentence(worst, view.comparison.label),),
        pictures=(picture(figure, worst_groups_alt(drawn, title)),),
        tables=(table_of(listed, f"The first {len(listed)} of {len(frame)} groups tested"),),
    )


def _one_number(view: AuditView) -> Section:
    null, style = null_of(view), style_of(view.metric)
    sentence = (
        f"The gap between the highest and the lowest of {null.n_groups} groups is "
        f"{number(null.value, style)}; dealing the same values to the same people at random makes "
        f"one of {number(null.expected, style)} on average, and one below "
        f"{number(null.limit, style)} 95 times in 100 ({p_value(null.p)}): "
        f"{gap_in_words(null)}."
    )
    return Section(
        "How far apart the groups are, in one number",
        findings=(sentence,) if null.n_groups > 1 else (),
        tables=(table_of(measures_frame(view), "Every measure beside what chance makes of it"),),
    )


def _stages(view: AuditView) -> Section:
    stages = stage_view(view)
    label = view.comparison.label
    drawn = stages.frame[stages.frame["group"].isin(drawn_groups(stages.found))]
    title = f"{label} against {view.comparison.reference.words}, stage by stage"
    figure = stage_lines(drawn, title=title, band=view.choice.band)
    return Section(
        "Where it starts",
        findings=(start_sentence(stages.found, label),),
        pictures=(picture(figure, stage_lines_alt(drawn, title)),),
        tables=(
            table_of(stages.frame, "Every group at every stage"),
            table_of(stages.steps, "What each step does to a group, against the reference"),
        ),
    )


def _definitions(view: AuditView) -> Section:
    frame = verdict_table(view.comparison.after, other_findings(view))
    if frame.empty:
        return Section("Under other definitions", paragraphs=("There is none of this kind.",))
    return Section(
        "Under other definitions",
        findings=(flips_sentence(frame, view.comparison.label),),
        tables=(table_of(frame, "The same lists, judged by other metrics and attention models"),),
    )


def _meanings(view: AuditView) -> Section:
    metric = view.metric
    return Section(
        "Definitions",
        paragraphs=(
            f"{view.comparison.label}: {metric.definition} Formula: {metric.formula}. Range "
            f"{metric.low:g} to {metric.high:g}; better: {metric.direction}. Source: "
            f"{metric.source}. Undefined: {metric.undefined}",
            *METHODS,
        ),
    )


METHODS = (
    "Ratio: a group's mean over the reference's mean. Its 95 % interval is that of the log-ratio "
    "(delta method) with Student's t on Welch-Satterthwaite degrees of freedom. Where a mean is "
    "not above zero, or the metric can be negative, the difference stands in its place.",
    "Clear: p below 0.05 after Holm's correction for all groups compared. Beyond the band: clear, "
    "and the whole interval of the ratio lies outside of the band.",
    "Worst groups: each group of one to three attributes is held against random groups of its size "
    "(the exact first three moments of their mean, Pearson type III); q is Benjamini and "
    "Hochberg's. A group is explained by a larger one where it is not clearly worse than the rest "
    "of that one (Welch, one-sided, Benjamini and Hochberg at 5 %).",
    "Shrunk: the mean drawn towards everybody's by its noise (empirical Bayes, DerSimonian and "
    "Laird); an estimate, labelled as such.",
    "Suppressed: a group with fewer people than the least n is not shown, since its mean would say "
    "more about chance than about the group.",
    "No clear difference is no proof of equality: a disparity smaller than the interval is wide "
    "cannot be seen with this many people.",
    "A disparity in these figures is not the whole of fairness: it says nothing of people who are "
    "not in the data, of what the held-out likes miss, or of who is harmed by what.",
)


def _scenario(view: AuditView) -> Section:
    versions = view.artifacts.manifest.get("versions", {})
    return Section(
        "What reproduces it",
        paragraphs=(
            "The scenario below, opened in the dashboard or given to the command line with the "
            "same fit, gives the same figures.",
        ),
        code=view.scenario.to_json() + "\nversions: " + json.dumps(versions, sort_keys=True),
    )
