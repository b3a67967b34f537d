"""Icons with a name of their own, for buttons that have room for nothing else.

A button that shows one of Streamlit's icons is read out by the icon's name ("tune icon"), five
times alike. These are pictures with a text alternative, which says what the button does.

>>> named_icon("cross", "Take off: at most 2 [of] 5").startswith("![Take off")
True
"""

from __future__ import annotations

from base64 import b64encode

from dashboard.palette import BASELINE
from dashboard.plain_text import as_markdown

__all__ = ["SHAPES", "named_icon"]

SHAPES = {
    "sliders": "M3 7h9M17 7h4M14.5 4v6M3 17h3M11 17h10M8.5 14v6",
    "left": "M15 5l-7 7 7 7",
    "right": "M9 5l7 7-7 7",
    "undo": "M9 14L4 9l5-5M4 9h10a6 6 0 0 1 0 12h-4",
    "redo": "M15 14l5-5-5-5M20 9H10a6 6 0 0 0 0 12h4",
    "cross": "M6 6l12 12M18 6L6 18",
}
"""Name → what is drawn, as an SVG path on a square of 24."""


def named_icon(shape: str, words: str) -> str:
    """Return Markdown of an icon, for a button's label, that is read out as ``words``.

    Its grey reads on the light and on the dark background.
    """
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" '
        f'fill="none" stroke="{BASELINE}" stroke-width="2.4" stroke-linecap="round">'
        f'<path d="{SHAPES[shape]}"/></svg>'
    )
    data = b64encode(picture.encode()).decode()
    return f"![{as_markdown(words)}](data:image/svg+xml;base64,{data})"
