"""One measure round by round: a line and the band of its repetitions for each setting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.charts.canvas import axis, key_line, steady_figure
from dashboard.charts.read_out import read_out
from dashboard.charts.ticks import percent_ticks
from dashboard.palette import translucent
from dashboard.plain_text import as_plotly
from engine.formats import Style, number

__all__ = ["Track", "year_bands", "year_bands_alt"]


@dataclass(frozen=True, eq=False)
class Track:
    """One setting's repetitions of one measure.

    Attributes
    ----------
    name : str
    values : float64 array of shape (n_seeds, n_rounds)
    colour : str
        ``#RRGGBB``.
    is_dashed : bool
        Drawn dashed: what the others are held against.
    at : int64 array of shape (n_rounds,), or None
        Where each column stands; 1, 2, 3 … by default.
    """

    name: str
    values: NDArray[np.float64]
    colour: str
    is_dashed: bool = False
    at: NDArray[np.int64] | None = None

    @property
    def x(self) -> NDArray[np.int64]:
        """Where each column stands."""
        return np.arange(1, self.values.shape[1] + 1) if self.at is None else self.at

    @property
    def middle(self) -> NDArray[np.float64]:
        """Mean of the repetitions by round."""
        return self.values.mean(axis=0)


def year_bands(
    title: str,
    tracks: Sequence[Track],
    *,
    style: Style,
    x_title: str = "round",
    height: int = 210,
    has_legend: bool = False,
) -> go.Figure:
    """Draw the mean of each setting and, as a band, its lowest and highest repetition.

    With more than a few settings the names stand in a legend instead of in one line.
    """
    key = [("╌" if t.is_dashed else "━", t.name, t.colour) for t in tracks]
    return steady_figure(
        as_plotly(title),
        axis(x_title, nticks=6),
        axis("", nticks=5, **percent_ticks(is_share=style.as_percent, span=_span(tracks))),
        [trace for track in tracks for trace in _traces(track, style, x_title)],
        marks="" if has_legend else key_line(*key),
        height=height,
    )


def _span(tracks: Sequence[Track]) -> float:
    known = np.concatenate([track.values.ravel() for track in tracks])
    return float(np.ptp(known[np.isfinite(known)])) if np.isfinite(known).any() else 1.0


def _traces(track: Track, style: Style, x_title: str) -> list[dict[str, Any]]:
    rounds = track.x
    low, high = track.values.min(axis=0), track.values.max(axis=0)
    band = {
        "type": "scatter",
        "mode": "lines",
        "x": np.concatenate([rounds, rounds[::-1]]),
        "y": np.concatenate([high, low[::-1]]),
        "fill": "toself",
        "fillcolor": translucent(track.colour, 0.18),
        "line": {"width": 0},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    words = [
        f"{track.name}, {x_title} {at:,}: {number(float(m), style)} "
        f"({number(float(a), style)} to {number(float(b), style)})"
        for at, m, a, b in zip(rounds, track.middle, low, high, strict=True)
    ]
    line = {
        "type": "scatter",
        "mode": "lines",
        "name": as_plotly(track.name),
        "x": rounds,
        "y": track.middle,
        "line": {
            "color": track.colour,
            "width": 2.2,
            "dash": "dash" if track.is_dashed else "solid",
        },
        "customdata": [as_plotly(one) for one in words],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    return [band, line]


def year_bands_alt(title: str, tracks: Sequence[Track], style: Style) -> str:
    """Say the chart in words: where each setting begins and ends."""
    said = [
        f"{track.name} from {number(float(track.middle[0]), style)} to "
        f"{number(float(track.middle[-1]), style)}"
        for track in tracks
    ]
    return read_out(said[-1][:1].upper() + said[-1][1:] if said else "", title, said)
