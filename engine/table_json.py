"""Tables as JSON: a dict per row, what is undefined as null, digits as they are."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

__all__ = ["plain", "rows_of"]


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table as a dict per row, ready for JSON."""
    names = [str(name) for name in frame.columns]
    columns = [frame.iloc[:, place].tolist() for place in range(len(names))]
    return [
        {name: plain(value) for name, value in zip(names, row, strict=True)}
        for row in zip(*columns, strict=True)
    ]


def plain(value: Any) -> Any:
    """Return a figure or a word; None where it is undefined or without limit."""
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return None if value is pd.NA else value
