"""The audit's report, section by section, from the same view that the page shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pandas as pd
from markupsafe import Markup

from dashboard.audit.by_definition import by_definition_figure, most_flips
from dashboard.audit.comparison import dots_frame, table_frame
from dashboard.audit.flips import Judged, flips_sentence, verdict_table
from dashboard.audit.one_number import gap_in_words, measures_frame, null_of
from dashboard.audit.other_definitions import other_findings
from dashboard.audit.payers import change_of, drawn_payers, payers_frame
from dashboard.audit.report import Report, Section, facts, picture, table_of
from dashboard.audit.report_methods import meanings, policy_in_words, what_reproduces_it
from dashboard.audit.report_pipeline import reading_section, stages_section
from dashboard.audit.summary import conclusion, shift_sentence, suppressed_sentence
from dashboard.audit.view import AuditView
from dashboard.audit.words import p_value
from dashboard.audit.worst import MOST_WORST, find_worst, worst_frame, worst_sentence, worst_title
from dashboard.charts.disparity import disparity_alt, disparity_dots, standings_of
from dashboard.charts.who_pays import (
    tenths_bars,
    tenths_bars_alt,
    who_pays_bars,
    who_pays_bars_alt,
)
from dashboard.charts.worst_groups import worst_groups_alt, worst_groups_dots
from dashboard.formats import Style, count, number, style_of
from engine.controls import CONTROLS
from engine.data.provenance import PROVENANCES
from engine.fit_words import split_sentence
from engine.metrics.who_pays import tenths_of_change
from engine.scenario import WEIGHTS

__all__ = ["full_report"]

TWO_DIGITS = Style(2)

MOST_LISTED = 25
"""Groups of the worst-group finder that the report lists; the CSV holds all."""


def full_report(view: AuditView, *, now: datetime | None = None) -> Report:
    """Gather every section; ``now`` is the date that it carries, the present by default."""
    manifest = view.artifacts.manifest
    provenance = PROVENANCES[manifest["provenance"]]
    return Report(
        title=f"Fairness audit: {view.comparison.label} by {view.by}",
        subtitle="Who is served worse, and is it real?",
        badge=f"{provenance.label}. {provenance.sentence}",
        facts=_about(view, now or datetime.now(UTC)),
        sections=(
            _groups(view),
            _worst(view),
            _one_number(view),
            _payers(view),
            stages_section(view),
            reading_section(view),
            _definitions(view),
            meanings(view),
            what_reproduces_it(view),
        ),
        footer=f"Made by Rerank Studio from the fit {view.artifacts.fit_id}. "
        f"{manifest.get('licence', '')}",
    )


def _about(view: AuditView, now: datetime) -> tuple[tuple[str, str], ...]:
    manifest = view.artifacts.manifest
    low, high = view.choice.band
    return facts(
        [
            ("Date", now.strftime("%Y-%m-%d %H:%M UTC")),
            ("Data", f"{manifest['title']} ({manifest.get('source', '')})"),
            ("Data hash (SHA-256)", manifest.get("fingerprint")),
            ("Fit", view.artifacts.fit_id),
            ("Test", split_sentence(manifest)),
            ("The ranker reads", ", ".join(manifest["demographic"]) or "no attribute of people"),
            ("People", count(view.evaluation.n_users)),
            ("Groups by", view.by),
            ("Metric", f"{view.comparison.label}: {view.metric.definition}"),
            ("Reference", view.comparison.reference.words),
            ("Band", f"{low:.2f} to {high:.2f} times the reference"),
            ("Suppressed below", f"{view.choice.min_n} people with a value"),
            ("Verdicts", policy_in_words(view)),
            ("Setting", _setting(view)),
            ("Baseline", "the ranker's own order, same list length"),
        ]
    )


def _setting(view: AuditView) -> str:
    if view.scenario.is_neutral:
        return "neutral: the same lists as the baseline"
    given = view.scenario
    weights = {CONTROLS[name].label: getattr(given, name) for name in WEIGHTS}
    said = [f"{label} {number(weight, TWO_DIGITS)}" for label, weight in weights.items() if weight]
    limits = (("caps", len(given.caps)), ("rules", len(given.rules)))
    said += [f"{name}: {n}" for name, n in limits if n]
    name = f"{given.name}: " if given.name else ""
    return f"{name}{', '.join(said)}; in full at the end of this report"


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
        standings=standings_of(view.metric.change_words),
    )
    hidden = suppressed_sentence(view.comparison, view.choice.min_n)
    figures = table_frame(view.comparison)
    shown = figures[figures["after"].notna()]
    return Section(
        "Who is served worse",
        findings=tuple(conclusion(view.comparison)),
        paragraphs=tuple(filter(None, [shift_sentence(view.comparison), hidden])),
        pictures=(picture(figure, disparity_alt(frame, title)),),
        tables=tuple(
            table_of(rows[["group", *_columns(figures, starts)]], caption)
            for rows, (caption, starts) in zip((figures, shown, shown), GROUP_TABLES, strict=True)
        ),
    )


GROUP_TABLES = (
    ("Every group, before and after", ("people", "without", "before", "after")),
    ("Every group against the reference", ("reference", "ratio", "p ", "verdict")),
    (
        "The difference from the reference, the change of each group's people, and that change "
        "against the reference's",
        ("difference", "change"),
    ),
)
"""Caption → how the names of its columns begin."""


def _columns(frame: pd.DataFrame, starts: tuple[str, ...]) -> list[str]:
    return [name for name in frame if name.startswith(starts)]


def _worst(view: AuditView) -> Section:
    worst = find_worst(view)
    frame = worst_frame(worst)
    drawn, title = frame.head(MOST_WORST), worst_title(worst)
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


def _payers(view: AuditView) -> Section:
    change = change_of(view.before, view.after, view.metric)
    names = view.metric.change_words
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
                who_pays_bars(drawn, title=title, names=names),
                who_pays_bars_alt(drawn, title, names),
            ),
            picture(
                tenths_bars(tenths.mean, title=second, unit=label, names=names),
                tenths_bars_alt(tenths.mean, second, names),
            ),
        ),
        tables=(table_of(frame, "Shares of people, and the mean size of losses and gains"),),
    )


def _definitions(view: AuditView) -> Section:
    found = other_findings(view)
    frame = verdict_table(view.comparison.after, found)
    if frame.empty:
        return Section("Under other definitions", paragraphs=("There is none of this kind.",))
    return Section(
        "Under other definitions",
        findings=(flips_sentence(frame, view.comparison.label),),
        pictures=(_by_definition(view, found, frame),),
        tables=(table_of(frame, "The same lists, judged by other metrics and attention models"),),
    )


def _by_definition(view: AuditView, found: Mapping[str, Judged], frame: pd.DataFrame) -> Markup:
    """Draw the definition under which most verdicts flip."""
    label = frame["definition"].iloc[most_flips(frame)]
    return picture(*by_definition_figure(view, label, found[label]))
