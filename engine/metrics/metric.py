"""What a metric is: its words, range, direction, unit and source, in one record."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DIRECTIONS", "FAMILIES", "SCOPES", "Metric", "metric"]

DIRECTIONS = ("higher", "lower", "neither")
FAMILIES = ("relevance", "discovery", "fairness", "exposure")
SCOPES = ("user", "audience")


@dataclass(frozen=True)
class Metric:
    """One metric, as the pages, the command line and the report all describe it.

    Attributes
    ----------
    name : str
        Key: ``ndcg``.
    label : str
        Name for people: ``NDCG``.
    definition : str
        One plain sentence.
    formula : str
        The formula as text.
    low, high : float
        Ends of the range; infinite where it has none.
    direction : str
        ``higher`` or ``lower`` is better, or ``neither``: a description, not a goal.
    unit : str
        ``share``, ``items``, ``years``, ``bits`` …
    family : str
        ``relevance``, ``discovery``, ``fairness`` or ``exposure``.
    source : str
        Paper or implementation.
    undefined : str
        When the value is NaN.
    scope : str
        ``user``: the mean over people of a per-user value. ``audience``: one value from the
        exposure of all lists together.
    digits : int
        Decimals to show (of the percentage, where ``as_percent``).
    as_percent : bool
        Show as a percentage.
    """

    name: str
    label: str
    definition: str
    formula: str
    low: float
    high: float
    direction: str
    unit: str
    family: str
    source: str
    undefined: str
    scope: str = "user"
    digits: int = 3
    as_percent: bool = False

    def __post_init__(self) -> None:
        assert self.direction in DIRECTIONS, self.direction
        assert self.family in FAMILIES, self.family
        assert self.scope in SCOPES, self.scope
        assert self.low < self.high, (self.low, self.high)


def metric(
    name: str,
    label: str,
    definition: str,
    formula: str,
    source: str,
    *,
    family: str,
    undefined: str,
    low: float = 0.0,
    high: float = 1.0,
    direction: str = "higher",
    unit: str = "share",
    scope: str = "user",
    digits: int = 3,
    as_percent: bool = False,
) -> Metric:
    """Make a :class:`Metric`, by default a share of which more is better."""
    return Metric(
        name, label, definition, formula, low, high, direction, unit, family, source,
        undefined, scope, digits, as_percent,
    )  # fmt: skip
