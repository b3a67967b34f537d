"""Keys of the audit page's widgets: their names in the session's state and in the link."""

from __future__ import annotations

__all__ = ["ALL", "BAND", "BY", "DEFINITION", "METRIC", "MIN_N", "REFERENCE", "SECTION"]

BY = "groups"
METRIC = "measure"
REFERENCE = "reference"
BAND = "band"
MIN_N = "least"
SECTION = "section"
DEFINITION = "definition"

ALL = (BY, METRIC, REFERENCE, BAND, MIN_N, SECTION, DEFINITION)
