"""One series of a chart with a row for each thing: dots with intervals, or bars from the left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.palette import BASELINE, TICKS
from dashboard.plain_text import as_plotly
from engine.formats import PLAIN, SHARE, interval

__all__ = ["Marks", "trace_of"]


@dataclass(frozen=True, eq=False)
class Marks:
    """One series: a value a row, NaN where there is none.

    Attributes
    ----------
    name : str
        In the key above the panels; series of one name share its entry.
    values, low, high : float arrays of shape (n_rows,)
        ``low`` and ``high`` may be all NaN: no interval.
    colours : str, or sequence of str of length n_rows
    symbol : str
        Plotly's name of a marker; ``bar`` for bars from the left.
    sign : str
        The same mark in text.
    """

    name: str
    values: NDArray[np.floating]
    low: NDArray[np.floating]
    high: NDArray[np.floating]
    colours: str | Sequence[str]
    symbol: str = "circle"
    sign: str = "●"


def trace_of(
    marks: Marks,
    at: NDArray[np.floating],
    names: Sequence[str],
    *,
    is_share: bool,
    text: Sequence[str],
) -> dict[str, Any]:
    """Return the series as Plotly has it, at these heights; ``text`` stands beside its marks."""
    values, low, high = (np.asarray(part, float) for part in (marks.values, marks.low, marks.high))
    form = ".1%" if is_share else ",.3~f"
    details = np.empty((len(values), 2), dtype=object)
    details[:, 0] = names
    details[:, 1] = [_between(*ends, is_share=is_share) for ends in zip(low, high, strict=True)]
    common: dict[str, Any] = {
        "x": values,
        "y": at,
        "name": as_plotly(marks.name),
        "customdata": details,
        "hovertemplate": "%{customdata[0]}: %{x:"
        + form
        + "}%{customdata[1]}<extra>"
        + as_plotly(marks.name)
        + "</extra>",
        "text": [as_plotly(words) for words in text] or None,
    }
    colours = marks.colours if isinstance(marks.colours, str) else list(marks.colours)
    if marks.symbol == "bar":
        return common | {
            "type": "bar",
            "orientation": "h",
            "marker": {"color": colours},
            "textposition": "outside",
            "cliponaxis": False,
            "textfont": {"color": TICKS, "size": 11},
        }
    one_colour = colours if isinstance(colours, str) else BASELINE
    return common | {
        "type": "scatter",
        "mode": "markers+text" if text else "markers",
        "textposition": "middle right",
        "textfont": {"color": TICKS, "size": 11},
        "marker": {
            "symbol": marks.symbol,
            "size": 10,
            "color": colours,
            "line": {"color": colours, "width": 2},
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": high - values,
            "arrayminus": values - low,
            "color": one_colour,
            "thickness": 1.5,
            "width": 3,
        },
    }


def _between(low: float, high: float, *, is_share: bool) -> str:
    if not (np.isfinite(low) and np.isfinite(high)):
        return ""
    return f" ({interval(low, high, SHARE if is_share else PLAIN)})"
