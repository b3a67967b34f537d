"""The audit's report, section by section, from the same figures that the page shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
from markupsafe import Markup

from engine.audit.audit import Audit
from engine.audit.figures import AuditFigures
from engine.audit.flips import flips_sentence
from engine.audit.one_number import gap_in_words
from engine.audit.report import Report, Section, facts, table_of
from engine.audit.report_methods import (
    meanings,
    policy_in_words,
    reading_section,
    stages_section,
    what_reproduces_it,
)
from engine.audit.report_summary import summary_of
from engine.audit.summary import conclusion, shift_sentence, suppressed_sentence
from engine.audit.words import p_value
from engine.audit.worst import worst_sentence
from engine.controls import CONTROLS
from engine.data.provenance import PROVENANCES
from engine.fit_words import split_sentence
from engine.formats import Style, count, number, style_of
from engine.scenario import Scenario
from engine.terms import WEIGHTS

__all__ = ["Pictures", "full_report"]

Pictures = Mapping[str, Callable[[AuditFigures], tuple[Markup, ...]]]
"""Section (``groups``, ``worst``, ``losers``, ``stages``, ``definitions``) → draws its pictures."""

TWO_DIGITS = Style(2)

MOST_LISTED = 25
"""Groups of the worst-group finder that the report lists; the CSV holds all."""


def full_report(
    figures: AuditFigures, *, pictures: Pictures | None = None, now: datetime | None = None
) -> Report:
    """Gather every section.

    Parameters
    ----------
    figures : AuditFigures
    pictures : Pictures, optional
        The report has tables and words alone without.
    now : datetime, optional
        The date that it carries, the present by default.
    """
    audit = figures.audit
    manifest = audit.artifacts.manifest
    provenance = PROVENANCES[manifest["provenance"]]

    def drawn(section: str) -> tuple[Markup, ...]:
        return pictures[section](figures) if pictures else ()

    return Report(
        title=f"Fairness audit: {audit.comparison.label} by {audit.by}",
        subtitle="Who is served worse, and is it real?",
        badge=f"{provenance.label}. {provenance.sentence}",
        facts=_about(audit, now or datetime.now(UTC)),
        sections=(
            _groups(figures, drawn("groups")),
            _worst(figures, drawn("worst")),
            _one_number(figures),
            _losers(figures, drawn("losers")),
            stages_section(figures, drawn("stages")),
            reading_section(figures),
            _definitions(figures, drawn("definitions")),
            meanings(audit),
            what_reproduces_it(audit),
        ),
        summary=summary_of(figures),
        footer=f"Made by Rerank Studio from the fit {audit.artifacts.fit_id}. "
        f"{manifest.get('licence', '')}",
    )


def _about(audit: Audit, now: datetime) -> tuple[tuple[str, str], ...]:
    manifest = audit.artifacts.manifest
    low, high = audit.settings.band
    return facts(
        [
            ("Date", now.strftime("%Y-%m-%d %H:%M UTC")),
            ("Data", f"{manifest['title']} ({manifest.get('source', '')})"),
            ("Data hash (SHA-256)", manifest.get("fingerprint")),
            ("Fit", audit.artifacts.fit_id),
            ("Test", split_sentence(manifest)),
            ("The ranker reads", ", ".join(manifest["demographic"]) or "no attribute of people"),
            ("People", count(audit.evaluation.n_users)),
            ("Groups by", audit.by),
            ("Metric", f"{audit.comparison.label}: {audit.metric.definition}"),
            ("Reference", audit.comparison.reference.words),
            ("Band", f"{low:.2f} to {high:.2f} times the reference"),
            ("Suppressed below", f"{audit.settings.min_n} people with a value"),
            ("Verdicts", policy_in_words(audit)),
            ("Setting", _setting(audit)),
            ("Baseline", f"{_in_words(audit.baseline)}, same list length"),
        ]
    )


def _setting(audit: Audit) -> str:
    given, before = audit.scenario, replace(audit.baseline, name=audit.scenario.name)
    if given == before or (given.is_neutral and before.is_neutral):
        neutral = "neutral: " if given.is_neutral else ""
        return f"{neutral}the same lists as the baseline"
    if given.is_neutral:
        return f"neutral: {_in_words(given)}"
    return f"{_in_words(given)}; in full at the end of this report"


def _in_words(given: Scenario) -> str:
    if given.is_neutral:
        return "the ranker's own order"
    weights = {CONTROLS[name].label: getattr(given, name) for name in WEIGHTS}
    said = [f"{label} {number(weight, TWO_DIGITS)}" for label, weight in weights.items() if weight]
    limits = (("caps", len(given.caps)), ("rules", len(given.rules)))
    said += [f"{name}: {n}" for name, n in limits if n]
    name = f"{given.name}: " if given.name else ""
    return f"{name}{', '.join(said)}"


def _groups(figures: AuditFigures, pictures: tuple[Markup, ...]) -> Section:
    comparison = figures.audit.comparison
    hidden = suppressed_sentence(comparison, figures.audit.settings.min_n)
    every = figures.groups
    shown = every[every["after"].notna()]
    return Section(
        "Who is served worse",
        findings=tuple(conclusion(comparison)),
        paragraphs=tuple(filter(None, [shift_sentence(comparison), hidden])),
        pictures=pictures,
        tables=tuple(
            table_of(rows[["group", *_columns(every, starts)]], caption)
            for rows, (caption, starts) in zip((every, shown, shown), GROUP_TABLES, strict=True)
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


def _worst(figures: AuditFigures, pictures: tuple[Markup, ...]) -> Section:
    frame = figures.worst_groups
    listed = frame.head(MOST_LISTED)
    return Section(
        "Worst groups, over all intersections",
        findings=(worst_sentence(figures.worst, figures.audit.comparison.label),),
        pictures=pictures,
        tables=(table_of(listed, f"The first {len(listed)} of {len(frame)} groups tested"),),
    )


def _one_number(figures: AuditFigures) -> Section:
    null, style = figures.gap, style_of(figures.audit.metric)
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
        tables=(table_of(figures.measures, "Every measure beside what chance makes of it"),),
    )


def _losers(figures: AuditFigures, pictures: tuple[Markup, ...]) -> Section:
    return Section(
        "Who pays",
        paragraphs=("Changes are paired: each person against the same person in the baseline.",),
        pictures=pictures,
        tables=(
            table_of(figures.losers, "Shares of people, and the mean size of losses and gains"),
        ),
    )


def _definitions(figures: AuditFigures, pictures: tuple[Markup, ...]) -> Section:
    frame = figures.definitions
    if frame.empty:
        return Section("Under other definitions", paragraphs=("There is none of this kind.",))
    return Section(
        "Under other definitions",
        findings=(flips_sentence(frame, figures.audit.comparison.label),),
        pictures=pictures,
        tables=(table_of(frame, "The same lists, judged by other metrics and attention models"),),
    )
