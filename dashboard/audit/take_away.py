"""What the audit page hands out: its tables as CSV, and the whole audit as one HTML file."""

from __future__ import annotations

from functools import partial

from dashboard.audit.report_pictures import PICTURES
from dashboard.downloads import downloads, file_button
from engine.audit.audit import Audit
from engine.audit.figures import TABLES, AuditFigures
from engine.audit.full_report import full_report
from engine.audit.report import render

__all__ = ["take_away"]


def take_away(view: Audit) -> None:
    """Draw the two buttons for what is shown; call it in the live part."""
    figures = AuditFigures(view)
    file_button(
        "Report",
        lambda: render(full_report(figures, pictures=PICTURES)),
        "fairness-audit.html",
        "text/html",
        icon=":material/description:",
        button_type="tertiary",
        help_="Everything on this page, all sections, as one HTML file that works offline.",
    )
    downloads({name: partial(table, figures) for name, table in TABLES.items()}, view.scenario)
