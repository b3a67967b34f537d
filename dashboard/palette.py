"""Every colour of the dashboard, by what it stands for; ``.streamlit/config.toml`` repeats them.

The hues are those of Okabe and Ito (2008), which people with the common colour deficiencies can
tell apart. What stands for one thing in a chart reads on the light and on the dark background:
at least 3 : 1, the ratio that WCAG 2.1 asks of graphics.
"""

from __future__ import annotations

from typing import Literal

__all__ = [
    "BACKGROUNDS",
    "BASELINE",
    "CATEGORICAL",
    "GRID",
    "HIGHLIGHT",
    "SETTING",
    "STAGE_COLOURS",
    "VERDICT_COLOURS",
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

STAGE_COLOURS = {
    "catalogue": GREY,
    "history": "#A6761D",
    "retrieved": PURPLE,
    "filtered": VERMILION,
    "ranked": GREEN,
    "reranked": SETTING,
}
"""One colour per stage of the pipeline, the same on every page."""

VERDICT_COLOURS: dict[str, Literal["green", "red", "blue", "gray"]] = {
    "better": "green",
    "worse": "red",
    "nearer": "green",
    "further": "red",
    "higher": "blue",
    "lower": "blue",
    "no clear change": "gray",
    "as before": "gray",
    "too few people": "gray",
    "too few events": "gray",
    "undefined": "gray",
}
"""Verdict → Streamlit colour name; the theme maps green and red to Okabe-Ito hues."""

GRID = "rgba(122,133,148,0.25)"
"""Grid lines on either background."""

BACKGROUNDS = {"light": "#FFFFFF", "dark": "#10151C"}


def translucent(colour: str, opacity: float) -> str:
    """Return ``#RRGGBB`` as an ``rgba()`` colour, for bands behind a line.

    >>> translucent("#0072B2", 0.25)
    'rgba(0,114,178,0.25)'
    """
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"
