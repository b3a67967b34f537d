"""Keys of the page's widgets: their names in the session's state and in the link."""

from __future__ import annotations

__all__ = ["ALL", "SECTION"]

SECTION = "about"

ALL: tuple[str, ...] = (SECTION,)
