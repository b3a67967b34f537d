"""How the parts of a move look: their words and their colours."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.palette import HUES
from engine.people.moves import PART_LABELS
from engine.terms import TERMS
from engine.terms.record import Colour

__all__ = ["PART_LOOKS"]

COLOURS: Mapping[str, Colour] = {
    "relevance": "grey",
    **{term.part.name: term.part.colour for term in TERMS.values() if term.part},
    "boost": "olive",
    "cap": "violet",
    "pin": "steel",
    "hide": "steel",
}

PART_LOOKS: Mapping[str, tuple[str, str]] = {
    part: (label, HUES[COLOURS[part]]) for part, label in PART_LABELS.items()
}
"""Part → its words and its colour."""
