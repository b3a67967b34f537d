"""The worst-group finder: a figure of the worst, a table of all, and a row that opens its group."""

from __future__ import annotations

import streamlit as st

from dashboard.audit.group_people import open_row
from dashboard.audit.panels import halves, numbers
from dashboard.boundary import callback
from dashboard.charts.worst_groups import worst_groups_alt, worst_groups_dots
from dashboard.panels import chart, reading, table
from dashboard.plain_text import as_markdown
from engine.audit.audit import Audit
from engine.audit.worst import (
    MOST_WORST,
    find_worst,
    worst_frame,
    worst_rows,
    worst_sentence,
    worst_title,
    worst_words,
)
from engine.formats import confidence, percent, style_of

__all__ = ["worst"]

FIRST = ["group", "n", "difference", "verdict"]
"""What the table of worst groups shows without scrolling."""

_WORST, _WORST_ROWS = "worst_table", "_worst_rows"


def worst(view: Audit) -> None:
    """Draw the worst-group finder over all intersections."""
    found = find_worst(view)
    frame = worst_frame(found)
    label = view.comparison.label
    st.markdown(as_markdown(worst_sentence(found, label)))
    left, right = halves()
    with left:
        title = worst_title(found)
        drawn = frame.head(MOST_WORST)
        chart(
            worst_groups_dots(drawn, title=title, metric=label),
            key="worst",
            alt=worst_groups_alt(drawn, title),
            question="Which groups are served worst?",
        )
    with right:
        reading(
            f"q: the false-discovery rate at which a group is a finding; found at "
            f"{percent(found.policy.level)}. Intervals are those of the same test at the same "
            "rate: "
            f"{confidence(found.confidence)}. Explained by: a larger found group that this one is "
            "a part of, and does not clearly differ further than.",
            "Is it real, and is a larger group behind it?",
        )
        st.session_state[_WORST_ROWS] = worst_rows(found)
        table(
            frame[[*FIRST, *(name for name in frame if name not in FIRST)]],
            key=_WORST,
            columns=numbers(frame) | {"low": None, "high": None},
            rows_shown=12,
            alt="Worst groups",
            on_row=_open_worst,
            words={"difference": worst_words(found, style_of(view.metric))},
        )
        st.caption("A row opens its groups above, and its people.")


@callback
def _open_worst() -> None:
    """Show the groups of the row's attributes, and its people."""
    open_row(_WORST, _WORST_ROWS)
