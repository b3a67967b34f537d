"""What a metric is: its words, range, direction, unit and source, in one record."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan, nan

__all__ = ["DIRECTIONS", "FAMILIES", "SCOPES", "Metric", "metric"]

DIRECTIONS = ("higher", "lower", "target", "neither")
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
        ``higher`` or ``lower`` is better: only where it counts what people are known to have
        liked. ``target``: nearer to a target is the aim, and past it is not. ``neither``: a
        description. Lists drawn at random would top every figure of variety, novelty or spread,
        so more of it is not by itself better.
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
    aim : str
        What the target is, in words that follow "nearer to"; empty without one.
    target : float
        The target; NaN where the data and the settings give it (:mod:`.metric_targets`), or
        without one.
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
    aim: str = ""
    target: float = nan

    def __post_init__(self) -> None:
        assert self.direction in DIRECTIONS, self.direction
        assert self.family in FAMILIES, self.family
        assert self.scope in SCOPES, self.scope
        assert self.low < self.high, (self.low, self.high)
        assert bool(self.aim) == (self.direction == "target"), self.name
        assert isnan(self.target) or self.low <= self.target <= self.high, self.name

    @property
    def good_way(self) -> str:
        """``higher`` or ``lower`` where one of them is the aim all along; else empty.

        A target at an end of the range cannot be passed: towards it is the aim everywhere.
        """
        if self.direction != "target":
            return self.direction.replace("neither", "")
        return {self.low: "lower", self.high: "higher"}.get(self.target, "")

    @property
    def change_words(self) -> tuple[str, str]:
        """Words for a change against the aim and along it; without one, for a fall and a rise.

        >>> from engine.metrics.registry import METRICS
        >>> [METRICS[name].change_words for name in ("ndcg", "miscalibration", "coverage")]
        [('worse', 'better'), ('further', 'nearer'), ('lower', 'higher')]
        """
        if not self.good_way:
            return "lower", "higher"
        return ("further", "nearer") if self.direction == "target" else ("worse", "better")

    @property
    def direction_in_words(self) -> str:
        """One sentence on which way is better, if any."""
        if self.direction == "target":
            return f"Nearer to {self.aim} is the aim."
        if self.direction == "neither":
            return "Neither higher nor lower is better by itself."
        return f"{self.direction.capitalize()} is better."


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
    direction: str = "neither",
    unit: str = "share",
    scope: str = "user",
    digits: int = 3,
    as_percent: bool = False,
    aim: str = "",
    target: float = nan,
) -> Metric:
    """Make a :class:`Metric`: by default a share that only describes; with an aim, a target."""
    if aim:
        direction = "target"
    return Metric(
        name, label, definition, formula, low, high, direction, unit, family, source,
        undefined, scope, digits, as_percent, aim, target,
    )  # fmt: skip
