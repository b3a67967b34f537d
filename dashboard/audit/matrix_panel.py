"""The scan first: every group by every attribute, in a few metrics; a row opens its detail."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.audit.group_people import open_row
from dashboard.boundary import callback
from dashboard.cached_scans import stage_scans
from dashboard.panels import reading, table
from dashboard.plain_text import as_markdown
from engine.audit.audit import Audit
from engine.audit.matrix import GroupMatrix, group_matrix
from engine.audit.matrix_words import matrix_frame, matrix_sentence, matrix_words
from engine.data.wording import counted
from engine.formats import style_of

__all__ = ["draw_matrix", "scan", "scan_in_words"]

ROWS_SHOWN = 7
_TABLE, _ROWS = "matrix", "_matrix_rows"


def scan(view: Audit) -> GroupMatrix:
    """Return the matrix of the page's metric and settings."""
    return group_matrix(view, stages=stage_scans(view.settings, view.scenario.k))


def scan_in_words(matrix: GroupMatrix) -> str:
    """Return the verdict as text for the page."""
    return f"**{as_markdown(matrix_sentence(matrix))}**"


def draw_matrix(matrix: GroupMatrix) -> None:
    """Draw the matrix, which every column sorts; a row that is chosen has its groups shown."""
    frame = matrix_frame(matrix)
    st.session_state[_ROWS] = [((row.attribute,), row.group) for row in matrix.rows]
    table(
        frame,
        key=_TABLE,
        columns=_columns(matrix, frame),
        rows_shown=min(ROWS_SHOWN, len(frame)),
        alt=matrix_sentence(matrix),
        on_row=_open_row,
        words=matrix_words(matrix),
    )
    reading(
        "◆ clearly apart, where no way is better. Each metric is corrected at a false-discovery "
        "rate. Click a heading to sort, a row to see its groups below; intersections are under "
        "Worst groups.",
        f"Each of {counted(len(frame), 'group')} against everyone else: ▼ clearly worse, ▲ clearly "
        "better",
    )


@callback
def _open_row() -> None:
    """Show the groups of the row's attribute, and its people."""
    open_row(_TABLE, _ROWS)


def _columns(matrix: GroupMatrix, frame: pd.DataFrame) -> dict[str, object]:
    config = st.column_config
    columns: dict[str, object] = {
        "group": config.TextColumn("Group", pinned=True, width=104),
        "by": config.TextColumn("By", width=82),
        "n": config.NumberColumn("n", width=46, format="localized", help="People with a value."),
        "apart": config.NumberColumn(
            "Against everyone else",
            width=200,
            alignment="left",
            help="Difference by the first metric, in per cent of everyone else's and exactly, with "
            "the interval of the test.",
        ),
        "starts at": config.NumberColumn(
            "Starts at",
            width=80,
            alignment="left",
            help="The first stage from which on the difference by the first metric is clear.",
        ),
        "the setting": config.NumberColumn(
            "What the setting does",
            width=178,
            alignment="left",
            help="Mean change of the first metric in the group, and whether it is clearly another "
            "than for everyone else.",
        ),
    }
    for metric, at in zip(matrix.metrics, range(4, 4 + 2 * len(matrix.metrics), 2), strict=True):
        name, mark = frame.columns[at : at + 2]
        style = style_of(metric)
        unit = " %%" if metric.as_percent else ""
        columns[name] = config.NumberColumn(
            width=72, format=f"%.{style.digits}f{unit}", help=metric.definition
        )
        columns[mark] = config.TextColumn("▲▼", width=38, help=f"{name}: whether it is clear.")
    return columns
