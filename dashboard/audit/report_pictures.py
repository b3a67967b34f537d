"""The still pictures of the audit's report, by the section that they stand in."""

from __future__ import annotations

import plotly.graph_objects as go
from markupsafe import Markup

from dashboard.audit.by_definition import by_definition_figure
from dashboard.charts.disparity import disparity_alt, disparity_dots
from dashboard.charts.stage_disparity import stage_lines, stage_lines_alt
from dashboard.charts.standings import standings_of
from dashboard.charts.who_pays import (
    tenths_bars,
    tenths_bars_alt,
    who_pays_bars,
    who_pays_bars_alt,
)
from dashboard.charts.worst_groups import worst_groups_alt, worst_groups_dots
from dashboard.still import to_svg
from engine.audit.figures import AuditFigures
from engine.audit.flips import most_flips
from engine.audit.full_report import Pictures
from engine.audit.losers import drawn_losers
from engine.audit.stages import drawn_groups
from engine.audit.worst import MOST_WORST, worst_title
from engine.metrics.who_pays import tenths_of_change

__all__ = ["PICTURES", "picture"]


def picture(figure: go.Figure, alt: str) -> Markup:
    """Return a figure as a still picture, ready for the report."""
    return Markup(to_svg(figure, alt=alt))  # to_svg escapes all its texts


def _groups(figures: AuditFigures) -> tuple[Markup, ...]:
    audit, frame = figures.audit, figures.dots
    label = audit.comparison.label
    title = f"{label} by {audit.by}, against {audit.comparison.reference.words}"
    figure = disparity_dots(
        frame,
        title=title,
        metric=label if audit.metric.as_percent else f"{label}, {audit.metric.unit}",
        band=audit.settings.band,
        is_share=audit.metric.as_percent,
        standings=standings_of(audit.metric.change_words),
    )
    return (picture(figure, disparity_alt(frame, title)),)


def _worst(figures: AuditFigures) -> tuple[Markup, ...]:
    drawn, title = figures.worst_groups.head(MOST_WORST), worst_title(figures.worst)
    figure = worst_groups_dots(drawn, title=title, metric=figures.audit.comparison.label)
    return (picture(figure, worst_groups_alt(drawn, title)),)


def _losers(figures: AuditFigures) -> tuple[Markup, ...]:
    names, label = figures.audit.metric.change_words, figures.audit.comparison.label
    drawn, tenths = drawn_losers(figures.losers), tenths_of_change(figures.change)
    title, second = f"People by what the setting does to their {label}", "Everybody in tenths"
    return (
        picture(
            who_pays_bars(drawn, title=title, names=names),
            who_pays_bars_alt(drawn, title, names),
        ),
        picture(
            tenths_bars(tenths.mean, title=second, unit=label, names=names),
            tenths_bars_alt(tenths.mean, second, names),
        ),
    )


def _stages(figures: AuditFigures) -> tuple[Markup, ...]:
    stages, comparison = figures.stages, figures.audit.comparison
    drawn = stages.frame[stages.frame["group"].isin(drawn_groups(stages.found))]
    title = f"{comparison.label} against {comparison.reference.words}, stage by stage"
    figure = stage_lines(drawn, title=title, band=figures.audit.settings.band)
    return (picture(figure, stage_lines_alt(drawn, title)),)


def _definitions(figures: AuditFigures) -> tuple[Markup, ...]:
    """Draw the definition under which most verdicts flip."""
    frame = figures.definitions
    if frame.empty:
        return ()
    label = frame["definition"].iloc[most_flips(frame)]
    return (picture(*by_definition_figure(figures.audit, label, figures.others[label])),)


PICTURES: Pictures = {
    "groups": _groups,
    "worst": _worst,
    "losers": _losers,
    "stages": _stages,
    "definitions": _definitions,
}
