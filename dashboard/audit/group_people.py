"""From a group to its people: the group whose dot was clicked, or the lowest one."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard.audit import keys
from dashboard.boundary import callback
from dashboard.controls import redraw_live
from dashboard.people.link import group_link
from engine.audit.audit import Audit
from engine.audit.finding import lowest
from engine.data.wording import counted
from engine.people import Searched, find_people, share_traits

__all__ = ["draw_people_link", "group_traits", "open_row", "pick_group", "show_group"]

ORDER = "worst_served"

_CHART = "disparity"
_GROUP = "_group"


@callback
def pick_group() -> None:
    """Note the group whose dot was clicked (from the chart's callback)."""
    points = st.session_state[_CHART].selection.points
    if points:
        show_group(points[0]["customdata"][-1])
    redraw_live()


def show_group(group: str) -> None:
    """Note the group whose people are linked to."""
    st.session_state[_GROUP] = group


def open_row(table: str, rows: str) -> None:
    """Show the groups by the attributes of a table's row, and the people of the row's group.

    ``table`` is the key of the table, ``rows`` that of its rows in the session's state: attributes
    and group of each.
    """
    chosen = st.session_state[table].selection.rows
    if not chosen:
        return
    attributes, group = st.session_state[rows][chosen[0]]
    st.session_state[keys.BY] = list(attributes)
    show_group(group)
    st.rerun()


def group_traits(view: Audit, group: str) -> dict[str, str]:
    """Return what the people of a group have in common: attribute → its group."""
    code = view.groups.labels.index(group)
    member = view.evaluation.measured.users[np.flatnonzero(view.groups.codes == code)[0]]
    attributes = view.artifacts.attributes
    of_member = dict(zip(attributes, view.artifacts.user_groups[member], strict=True))
    return {name: attributes[name][of_member[name]] for name in view.settings.attributes}


def draw_people_link(view: Audit) -> None:
    """Draw the link to the people of the group clicked, or of the lowest one."""
    shown = {one.group: one for one in view.comparison.after if not one.is_hidden}
    least = lowest(view.comparison.after)
    if not least:
        return
    finding = shown.get(st.session_state.get(_GROUP, ""), least[0])
    artifacts, measured = view.artifacts, view.evaluation.measured
    traits = group_traits(view, finding.group)
    among = share_traits(artifacts, {name: [group] for name, group in traits.items()})
    searched = Searched(artifacts, among, quality=measured.column("ndcg"))
    found = find_people(searched, ORDER, at_most=1)
    if len(found.user_indices):
        group_link(
            ORDER,
            traits,
            str(artifacts.users["user_id"].iloc[found.user_indices[0]]),
            f"{finding.group}: see its {counted(finding.n, 'person')}, the worst served first",
        )
