"""What the audit page hands out: its tables as CSV, and the whole audit as one HTML file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from dashboard.audit.by_definition import every_verdict
from dashboard.audit.comparison import table_frame
from dashboard.audit.flips import verdict_table
from dashboard.audit.full_report import full_report
from dashboard.audit.one_number import measures_frame
from dashboard.audit.other_definitions import other_findings
from dashboard.audit.payers import change_of, payers_frame, tenths_frame
from dashboard.audit.pipeline import stage_view
from dashboard.audit.report import render
from dashboard.audit.view import AuditView
from dashboard.audit.worst import find_worst, worst_frame
from dashboard.downloads import downloads

__all__ = ["Shown", "take_away"]


@dataclass
class Shown:
    """What the page showed last; the live part writes it, the downloads read it at the click."""

    view: AuditView | None = None

    @property
    def seen(self) -> AuditView:
        """The view, of which there is one by the time that anything can be clicked."""
        assert self.view is not None
        return self.view


def take_away(shown: Shown) -> None:
    """Draw the two buttons; nothing is made before it is asked for."""
    st.download_button(
        "Report",
        lambda: render(full_report(shown.seen)),
        "fairness-audit.html",
        "text/html",
        key="_get_report",
        icon=":material/description:",
        type="tertiary",
        on_click="ignore",
        help="Everything on this page, all sections, as one HTML file that works offline.",
    )

    def change() -> NDArray[np.float64]:
        return change_of(shown.seen.before, shown.seen.after, shown.seen.metric)

    def payers() -> pd.DataFrame:
        return payers_frame(change(), shown.seen.groups, shown.seen.choice.min_n)

    downloads(
        {
            "groups": lambda: table_frame(shown.seen.comparison),
            "who_pays": payers,
            "tenths": lambda: tenths_frame(change()),
            "worst_groups": lambda: worst_frame(find_worst(shown.seen)),
            "in_one_number": lambda: measures_frame(shown.seen),
            "stages": lambda: stage_view(shown.seen).frame,
            "steps": lambda: stage_view(shown.seen).steps,
            "definitions": lambda: verdict_table(
                shown.seen.comparison.after, other_findings(shown.seen)
            ),
            "groups_by_definition": lambda: every_verdict(shown.seen),
        },
        lambda: shown.seen.scenario,
    )
