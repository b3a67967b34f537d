"""What the audit page hands out: its tables as CSV, and the whole audit as one HTML file."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dashboard.audit.by_definition import every_verdict
from dashboard.audit.comparison import table_frame
from dashboard.audit.flips import verdict_table
from dashboard.audit.full_report import full_report
from dashboard.audit.one_number import measures_frame
from dashboard.audit.other_definitions import other_findings
from dashboard.audit.payers import change_of, payers_frame, tenths_frame
from dashboard.audit.pipeline import stage_view
from dashboard.audit.reading import flip_frame
from dashboard.audit.report import render
from dashboard.audit.view import AuditView
from dashboard.audit.worst import find_worst, worst_frame
from dashboard.downloads import downloads, file_button

__all__ = ["take_away"]


def take_away(view: AuditView) -> None:
    """Draw the two buttons for what is shown; call it in the live part."""
    file_button(
        "Report",
        lambda: render(full_report(view)),
        "fairness-audit.html",
        "text/html",
        icon=":material/description:",
        button_type="tertiary",
        help_="Everything on this page, all sections, as one HTML file that works offline.",
    )

    def change() -> NDArray[np.float64]:
        return change_of(view.before, view.after, view.metric)

    downloads(
        {
            "groups": lambda: table_frame(view.comparison),
            "who_pays": lambda: payers_frame(change(), view.groups, view.choice.min_n),
            "tenths": lambda: tenths_frame(change()),
            "worst_groups": lambda: worst_frame(find_worst(view)),
            "in_one_number": lambda: measures_frame(view),
            "stages": lambda: stage_view(view).frame,
            "steps": lambda: stage_view(view).steps,
            "retrieval": lambda: stage_view(view).retrieval,
            "attribute_flips": lambda: flip_frame(view),
            "definitions": lambda: verdict_table(view.comparison.after, other_findings(view)),
            "groups_by_definition": lambda: every_verdict(view),
        },
        view.scenario,
    )
