"""The lower half of the page: one section at a time, and only that one is computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from dashboard.exposure import keys
from dashboard.exposure.choices import item_choices, people_choices, section_row
from dashboard.exposure.every_item import every_item
from dashboard.exposure.group_shares import group_shares
from dashboard.exposure.moved_items import moved_items
from dashboard.exposure.people_lift import people_lift
from dashboard.exposure.view import ExposureView
from engine.artifacts import Artifacts

__all__ = ["SECTIONS", "section_choice", "section_drawing"]


@dataclass(frozen=True)
class Section:
    """One thing to look into.

    ``make`` makes its figures and returns what draws them; ``choices`` draws its widgets for a fit.
    """

    make: Callable[[ExposureView], Callable[[], object]]
    choices: Callable[[Artifacts], None]


SECTIONS: dict[str, Section] = {
    "Item groups": Section(group_shares, lambda _: None),
    "Every item": Section(every_item, lambda _: item_choices()),
    "Gained and lost": Section(moved_items, lambda _: None),
    "People": Section(people_lift, people_choices),
}
"""What can be looked into, in order."""


def section_choice(artifacts: Artifacts) -> None:
    """Draw the choice of the section, with the widgets of the chosen one."""
    section_row({name: partial(one.choices, artifacts) for name, one in SECTIONS.items()})


def section_drawing(view: ExposureView) -> Callable[[], object]:
    """Make the chosen section, and return what draws it."""
    return SECTIONS[st.session_state.get(keys.SECTION) or next(iter(SECTIONS))].make(view)
