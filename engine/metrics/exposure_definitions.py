"""Definitions of the metrics of the whole audience: which items are seen at all, and how much."""

from __future__ import annotations

from math import inf

from engine.metrics.metric import Metric

__all__ = ["CONCENTRATION"]


def _metric(
    name: str,
    label: str,
    definition: str,
    formula: str,
    source: str,
    *,
    high: float = 1.0,
    direction: str = "higher",
    unit: str = "share",
    undefined: str = "All lists are empty.",
    digits: int = 3,
    as_percent: bool = False,
) -> Metric:
    return Metric(
        name, label, definition, formula, 0.0, high, direction, unit, "exposure", source,
        undefined, "audience", digits, as_percent,
    )  # fmt: skip


CONCENTRATION: tuple[Metric, ...] = (
    _metric(
        "coverage",
        "Coverage",
        "Share of all items that appear in at least one list.",
        "|∪_u L_u| / |I|",
        "Standard",
        as_percent=True,
        digits=1,
    ),
    _metric(
        "gini",
        "Gini of exposure",
        "How unevenly exposure is spread over all items, also those never shown: 0 is even, "
        "1 is all on one.",
        "Σ_i (2i − n − 1) x_i / (n Σ x), x ascending, zeros included",
        "LensKit, RecBole",
        direction="lower",
    ),
    _metric(
        "n90",
        "n90",
        "The fewest items that fill 90 % of all places.",
        "min m : the m most shown items fill ≥ 90 % of places",
        "pdstools",
        high=inf,
        unit="items",
        digits=0,
    ),
    _metric(
        "top_item_share",
        "Top item's share",
        "Share of people who are shown the item that is shown most.",
        "max_i c_i / |U|",
        "cicerone guardrail",
        direction="lower",
        as_percent=True,
        digits=1,
    ),
    _metric(
        "personalisation",
        "Personalisation",
        "Mean share of places in which two people's lists do not agree.",
        "mean_{u≠v} (1 − |L_u ∩ L_v| / k) = [n(n−1) − (Σ c_i² − nk)/k] / [n(n−1)]",
        "Evidently",
        undefined="There are fewer than two people, or all lists are empty.",
        as_percent=True,
        digits=1,
    ),
)
"""In the order that :mod:`engine.metrics.concentration` returns them."""
