"""The three parts of the page; only the one that is looked at is drawn."""

from __future__ import annotations

from dashboard.controls import choose_part
from dashboard.data import keys

__all__ = ["CARD", "HERE", "OWN", "SECTIONS", "section_choice"]

CARD, HERE, OWN = "This data", "Choose another", "Bring your own"
SECTIONS = (CARD, HERE, OWN)


def section_choice(*, begins: str = CARD) -> str:
    """Draw the choice of the part, and return it."""
    return choose_part(SECTIONS, keys.SECTION, begins=begins, label="Part of the page")
