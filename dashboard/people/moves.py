"""How the parts of a move look: their words and their colours."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.palette import GREEN, GREY, HIGHLIGHT, PURPLE, SETTING
from engine.people.moves import PART_LABELS

__all__ = ["PART_LOOKS"]

BROWN, VIOLET, OLIVE, STEEL = "#A6761D", "#8C6BB1", "#7A7A00", "#5F7FA3"

COLOURS: Mapping[str, str] = {
    "relevance": GREY,
    "diversity": SETTING,
    "freshness": GREEN,
    "fairness": PURPLE,
    "calibration": BROWN,
    "popularity": HIGHLIGHT,
    "boost": OLIVE,
    "cap": VIOLET,
    "pin": STEEL,
    "hide": STEEL,
}

PART_LOOKS: Mapping[str, tuple[str, str]] = {
    part: (label, COLOURS[part]) for part, label in PART_LABELS.items()
}
"""Part → its words and its colour."""
