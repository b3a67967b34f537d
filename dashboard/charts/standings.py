"""How a group stands against its reference: colour, shape and letter of each standing."""

from __future__ import annotations

from dashboard.palette import HIGHLIGHT, SETTING, STAGE_COLOURS

__all__ = ["LOOKS", "MARKS", "standings_of"]

LOOKS = {
    "not clear": (SETTING, "circle"),
    "clearly worse": (HIGHLIGHT, "triangle-left"),
    "clearly better": (STAGE_COLOURS["ranked"], "triangle-right"),
    "clearly further": (HIGHLIGHT, "triangle-left"),
    "clearly nearer": (STAGE_COLOURS["ranked"], "triangle-right"),
    "clearly lower": (STAGE_COLOURS["retrieved"], "triangle-down"),
    "clearly higher": (STAGE_COLOURS["retrieved"], "triangle-up"),
}
"""Standing → colour and shape, so that the colour is not needed to tell them apart."""

MARKS = {
    "circle": "●",
    "triangle-left": "◀",
    "triangle-right": "▶",
    "triangle-down": "▼",
    "triangle-up": "▲",
}
"""Shape → the letter that looks like it, for the key."""


def standings_of(words: tuple[str, str]) -> tuple[str, ...]:
    """Return the standings that the key names, by the metric's words for the two ways.

    >>> standings_of(("lower", "higher"))
    ('not clear', 'clearly lower', 'clearly higher')
    """
    return ("not clear", *(f"clearly {word}" for word in words))
