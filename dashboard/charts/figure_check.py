"""Whether a browser reads a figure as Plotly's Python side does: asked in the tests."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import plotly.graph_objects as go
import plotly.io as pio

from engine.reranking.self_check import STRICT

__all__ = ["CHECKED", "MisreadFigureError", "check_figure"]

CHECKED = bool(os.environ.get(STRICT))
"""Whether every figure is looked at as it is drawn: in the tests it is."""


NOTHING: tuple[Any, ...] = ([], None)
"""A list of nothing, which Plotly leaves out."""


class MisreadFigureError(AssertionError):
    """A property that Plotly's Python side would mend on the way, and that is sent as it is."""


def check_figure(figure: go.Figure) -> None:
    """See that a figure holds what Plotly knows, in the form in which a browser gets it.

    Figures are made unchecked, which takes an eighth of the time, and so nothing is mended either:
    a scale of colours in a plain list is a scale for Plotly in Python, while in the browser it is
    none, and the cells come out in other colours than their key says.

    Raises
    ------
    ValueError
        Plotly knows no such property or value.
    MisreadFigureError
        Plotly would send something else than what is there.
    """
    sent = json.loads(pio.to_json(figure, validate=False))
    meant = json.loads(pio.to_json(go.Figure(figure.to_dict()), validate=False))
    for place, here, there in _unlike(sent, meant, ""):
        raise MisreadFigureError(f"{place} is {here!r}; write it as Plotly would: {there!r}")


def _unlike(here: Any, there: Any, place: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(here, dict) and isinstance(there, dict):
        for name in sorted(here.keys() | there.keys()):
            yield from _unlike(here.get(name), there.get(name), f"{place}.{name}".lstrip("."))
    elif isinstance(here, list) and isinstance(there, list) and len(here) == len(there):
        for at, pair in enumerate(zip(here, there, strict=True)):
            yield from _unlike(*pair, f"{place}[{at}]")
    elif here != there and not (here in NOTHING and there in NOTHING):
        yield place, here, there
