"""Keys of the page's widgets: their names in the session's state and in the link."""

from __future__ import annotations

__all__ = ["ALL", "BY", "COMPARE", "EVERY", "EVERY_LOSS", "LOSS", "MARGIN", "METRIC"]
__all__ += ["MORE", "SECTION", "TOP_ITEM", "WHO", "WHY"]

COMPARE = "compare"
BY = "compare_by"
MARGIN = "margin"
LOSS = "rail_ndcg"
EVERY = "rail_every"
EVERY_LOSS = "rail_group"
TOP_ITEM = "rail_item"
MORE = "rail_more"
SECTION = "beside"
METRIC = "won_by"

WHO, WHY = "_who", "_why"
"""Not in the link: who looks at it is somebody else."""

ALL: tuple[str, ...] = (
    COMPARE,
    BY,
    MARGIN,
    LOSS,
    EVERY,
    EVERY_LOSS,
    TOP_ITEM,
    MORE,
    SECTION,
    METRIC,
)
