"""Keys of the page's widgets: their names in the session's state and in the link."""

from __future__ import annotations

__all__ = ["ACROSS", "ALL", "BY", "GROUPING", "PATIENCE", "SECTION", "TARGET", "TOP"]

PATIENCE = "patience"
TOP = "seen_top"
GROUPING = "items_by"
TARGET = "held_to"
SECTION = "look"
BY = "lift_by"
ACROSS = "across"

ALL = (PATIENCE, TOP, GROUPING, TARGET, SECTION, BY, ACROSS)
