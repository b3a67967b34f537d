"""Keys of the page's widgets: their names in the session's state and in the link."""

from __future__ import annotations

__all__ = ["ALL", "BY", "COLOUR", "MAP_OF", "PICTURE", "SECTION", "VECTORS"]

SECTION = "part"
BY = "reach_by"
MAP_OF = "map_of"
VECTORS = "vectors"
COLOUR = "colour"
PICTURE = "drawn_by"

ALL = (SECTION, BY, MAP_OF, VECTORS, COLOUR, PICTURE)
