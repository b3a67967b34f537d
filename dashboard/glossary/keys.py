"""Keys of the page's widgets: their names in the session's state and in the link."""

from __future__ import annotations

__all__ = ["ALL", "TERM"]

TERM = "term"

ALL: tuple[str, ...] = (TERM,)
