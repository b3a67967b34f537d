"""Every colour of the dashboard, by what it stands for; ``.streamlit/config.toml`` repeats them.

The hues are those of Okabe and Ito (2008), which people with the common colour deficiencies can
tell apart. What stands for one thing in a chart reads on the light and on the dark background:
at least 3 : 1, the ratio that WCAG 2.1 asks of graphics.
"""

from __future__ import annotations

from typing import Literal

from engine.metrics.statistics.verdict import Word
from engine.terms.record import Colour

__all__ = [
    "BACKGROUNDS",
    "BASELINE",
    "CATEGORICAL",
    "CIVIDIS",
    "GRID",
    "HIGHLIGHT",
    "HUES",
    "INK",
    "SETTING",
    "STAGE_COLOURS",
    "TICKS",
    "TONE_COLOURS",
    "VERDICT_COLOURS",
    "ink_on",
    "translucent",
]

BLUE, VERMILION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
ORANGE, SKY, YELLOW, GREY = "#E69F00", "#56B4E9", "#F0E442", "#7A8594"

CATEGORICAL = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, YELLOW, GREY)
"""For groups without a colour of their own, in this order."""

BASELINE = GREY
"""Before: what the setting is compared with. Drawn hollow or dashed as well."""

SETTING = "#1F86C4"
"""After: the lists under the current controls. Drawn filled or solid."""

HIGHLIGHT = VERMILION
"""The one thing to look at: a chosen person, the worst group."""

HUES: dict[Colour, str] = {
    "blue": SETTING,
    "brown": "#A6761D",
    "green": GREEN,
    "grey": GREY,
    "indigo": "#6C75D1",
    "moss": "#6A8F2F",
    "olive": "#7A7A00",
    "orange": ORANGE,
    "purple": PURPLE,
    "rose": "#C4527A",
    "steel": "#5F7FA3",
    "teal": "#0F8B8D",
    "vermilion": VERMILION,
    "violet": "#8C6BB1",
}
"""Colours by the names that the engine's records of terms say."""

STAGE_COLOURS = {
    "catalogue": GREY,
    "history": HUES["brown"],
    "retrieved": PURPLE,
    "filtered": VERMILION,
    "ranked": GREEN,
    "reranked": SETTING,
}
"""One colour per stage of the pipeline, the same on every page."""

TONE_COLOURS: dict[str, Literal["green", "red", "blue", "gray"]] = {
    "good": "green",
    "bad": "red",
    "moved": "blue",
    "none": "gray",
}
VERDICT_COLOURS = {word: TONE_COLOURS[word.tone] for word in Word}
"""Verdict → Streamlit colour name; the theme maps green and red to Okabe-Ito hues."""

GRID = "rgba(122,133,148,0.25)"
"""Grid lines on either background."""

BACKGROUNDS = {"light": "#FFFFFF", "dark": "#10151C"}

INK = {"light": "#0F151D", "dark": "#E6EAF0"}
"""Colour of text by theme; captions are three fifths of it and still read at 4.5 : 1."""

TICKS = "#000037"
"""Words on axes: Streamlit's sign (``GRAY_90``) for dark or pale, as the theme is.

Streamlit's own choice for them (its ``GRAY_70``) reads at 3.7 : 1 on white only.
"""


CIVIDIS = (
    *("#00224E", "#123570", "#3B496C", "#575D6D", "#707173"),
    *("#8A8678", "#A59C74", "#C3B369", "#E1CC55", "#FEE838"),
)
"""From little to much, alike to all eyes (Nuñez, Anderton and Renslow 2018); as Plotly has it."""


def ink_on(colour: str) -> str:
    """Return black or white, whichever reads better on ``#RRGGBB``: at least 4.58 : 1 on any.

    >>> ink_on("#0072B2"), ink_on("#E2915C")
    ('#FFFFFF', '#000000')
    """
    bright = _luminance(colour) + 0.05
    return "#000000" if bright / 0.05 >= 1.05 / bright else "#FFFFFF"


def _luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.1, in [0, 1]."""
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(w * part for w, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def translucent(colour: str, opacity: float) -> str:
    """Return ``#RRGGBB`` as an ``rgba()`` colour, for bands behind a line.

    >>> translucent("#0072B2", 0.25)
    'rgba(0,114,178,0.25)'
    """
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"
