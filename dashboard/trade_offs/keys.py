"""Keys of the page's widgets: their names in the session's state and in the link."""

from __future__ import annotations

__all__ = ["ALL", "COLOUR", "CONFIRM", "CONTROLS", "EVERY", "EVERY_LOSS", "LOSS", "MORE", "MOST"]
__all__ += ["PICTURE", "TAIL", "TAKEN", "TOP_ITEM", "X", "Y"]

X = "x"
Y = "y"
COLOUR = "colour"
CONTROLS = "moves"
PICTURE = "picture"
TAKEN = "_front_setting"

MOST = "most"
LOSS = "ndcg_loss"
EVERY = "every"
EVERY_LOSS = "group_loss"
TAIL = "tail_least"
TOP_ITEM = "item_most"
MORE = "limit"
CONFIRM = "confirm"

ALL: tuple[str, ...] = (
    X,
    Y,
    COLOUR,
    CONTROLS,
    PICTURE,
    MOST,
    LOSS,
    EVERY,
    EVERY_LOSS,
    TAIL,
    TOP_ITEM,
    MORE,
    CONFIRM,
)
