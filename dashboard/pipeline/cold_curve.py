"""Curves over how much is known of people or of items: both parts of the cold start draw one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from dashboard.charts.measured_curve import Curve, measured_curve, measured_curve_alt
from dashboard.panels import Drawing

__all__ = ["Line", "cold_curve", "known"]

Line = tuple[str, str, str, str, str]
"""Name, field of the points, colour, symbol, and the sign that stands for it in the legend."""


class Point(Protocol):
    """What was measured where ``known`` interactions are known; -1 for all."""

    @property
    def known(self) -> int:
        """How many."""
        ...


def known(one: Point) -> str:
    """Return how many interactions are known, as the axis says it."""
    return "all" if one.known < 0 else str(one.known)


def cold_curve(
    key: str,
    points: Sequence[Point],
    lines: Sequence[Line],
    *,
    title: str,
    x_title: str,
    y_title: str,
    question: str,
) -> Drawing:
    """Draw a line for each of some estimates of the points."""
    curves = [_curve(points, *line) for line in lines]
    figure = measured_curve(
        curves,
        title=title,
        x_title=x_title,
        y_title=y_title,
        is_share=False,
        ticks=[known(one) for one in points],
    )
    return Drawing(key, figure, measured_curve_alt(curves, title), question)


def _curve(
    points: Sequence[Point], name: str, field: str, colour: str, symbol: str, sign: str
) -> Curve:
    found = [getattr(one, field) for one in points]
    return Curve(
        name,
        np.arange(len(points), dtype=float),
        np.array([one.value for one in found]),
        np.array([one.low for one in found]),
        np.array([one.high for one in found]),
        [
            f"{name}, {known(point)} known: NDCG@10 {one.value:.4f}"
            for point, one in zip(points, found, strict=True)
        ],
        colour,
        symbol,
        sign,
    )
