"""Every control of a scenario: its range, its words, its default, its name in a link.

Those of the terms come from their records (:mod:`engine.terms`); the scenario's fields and their
validation, the sidebar, the link and the sweeps all read them here.
"""

from __future__ import annotations

from engine.terms import TERMS
from engine.terms.record import Choice, Control, Named, Number

__all__ = ["CONTROLS", "FIELDS", "Choice", "Control", "Named", "Number"]

LENGTH = Number(
    "k",
    "k",
    "List length",
    1,
    50,
    10,
    1,
    "items",
    "How many items a list shows.",
    is_whole=True,
)

FIELDS: dict[str, Control] = {
    control.name: control
    for control in (LENGTH, *(c for term in TERMS.values() for c in term.controls))
}
"""Field of the scenario → its control, in the order of the sidebar."""

CONTROLS: dict[str, Number | Choice] = {
    name: control for name, control in FIELDS.items() if not isinstance(control, Named)
}
"""Those whose values are known without a data set."""
