"""Every control of a scenario: its range, its words, its default.

One table that the scenario's validation, the sidebar, the link and the glossary all read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.scenario_values import number, one_of, whole_number

__all__ = ["CONTROLS", "Choice", "Number", "check_value"]

OWNER = "the scenario"


@dataclass(frozen=True)
class Number:
    """A number with its range.

    ``is_whole`` asks for an integer; ``may_be_none`` allows ``None`` ("not set").
    """

    name: str
    label: str
    low: float
    high: float
    default: float | None
    step: float
    unit: str
    help: str
    group: str
    is_whole: bool = False
    may_be_none: bool = False

    def check(self, value: Any) -> float | int | None:
        """Return ``value`` as a number of this control, or raise :class:`ScenarioError`."""
        if value is None and self.may_be_none:
            return None
        check = whole_number if self.is_whole else number
        return check(OWNER, self.name, value, self.low, self.high)


@dataclass(frozen=True)
class Choice:
    """One of a few words. ``options`` maps the stored word to its label."""

    name: str
    label: str
    options: dict[str, str]
    default: str
    help: str
    group: str

    def check(self, value: Any) -> str:
        """Return ``value``, or raise :class:`ScenarioError` if it is not an option."""
        return one_of(OWNER, self.name, value, tuple(self.options))


def _weight(name: str, label: str, group: str, help_: str) -> Number:
    return Number(name, label, 0.0, 1.0, 0.0, 0.05, "weight, 0 = off", help_, group)


CONTROLS: dict[str, Number | Choice] = {
    control.name: control
    for control in (
        Number(
            "k",
            "List length",
            1,
            50,
            10,
            1,
            "items",
            "How many items a list shows.",
            "List",
            is_whole=True,
        ),
        _weight(
            "diversity",
            "Diversity",
            "Diversity",
            "How much an item's likeness to those above it counts against it.",
        ),
        Choice(
            "diversity_method",
            "Method",
            {
                "mmr": "MMR: unlike its nearest neighbour above",
                "msd": "MSD: unlike the average above",
                "dpp": "DPP: spans the widest volume",
                "ssd": "SSD: adds a new direction",
                "xquad": "xQuAD: covers the person's genres",
                "cover": "Cover: represents the candidates",
            },
            "mmr",
            "How diversity is measured while the list is built. The term is added to the ranker's "
            "score: weight w is λ = 1 / (1 + w) of the paper's MMR, so weight 1 is λ = 0.5. Cover "
            "seeks items that represent all candidates, and usually lowers the distance within "
            "the list (ILD).",
            "Diversity",
        ),
        Choice(
            "likeness",
            "Likeness by",
            {"factors": "Taste (latent factors)", "genres": "Genres", "both": "A mix of both"},
            "factors",
            "What makes two items alike.",
            "Diversity",
        ),
        Number(
            "likeness_mix",
            "Share of genres in the mix",
            0.0,
            1.0,
            0.5,
            0.05,
            "share",
            "Only for the mix: 0 is taste alone, 1 is genres alone.",
            "Diversity",
        ),
        Number(
            "diversity_window",
            "Window",
            0,
            50,
            0,
            1,
            "items, 0 = whole list",
            "DPP and SSD: how many of the last picks an item is compared with.",
            "Diversity",
            is_whole=True,
        ),
        _weight("freshness", "Freshness", "Freshness", "Lifts recently released items."),
        Number(
            "half_life_days",
            "Half-life",
            7,
            36500,
            1825,
            1,
            "days",
            "After this many days an item has half the freshness of a new one.",
            "Freshness",
        ),
        _weight(
            "item_fairness",
            "Fairness (items)",
            "Fairness",
            "Lifts an under-exposed group of items towards more exposure. FA*IR is off at 0 and on "
            "above; max-min moves in steps.",
        ),
        Choice(
            "item_fairness_method",
            "Method",
            {
                "weight": "Weight: a fixed lift, which may go past any share",
                "target": "Target: meet an exposure share",
                "fair_star": "FA*IR: every top part of a list passes a test",
                "max_min": "Max-min: lift the worst-off provider",
            },
            "weight",
            "How the group is lifted.",
            "Fairness",
        ),
        Number(
            "item_fairness_target",
            "Share to meet or to test",
            0.0,
            1.0,
            0.3,
            0.01,
            "share",
            "Target: the share of exposure that the group should have. FA*IR: the share of a test, "
            "not of the result: a top part of a list passes unless a random draw at this share "
            "would hold so few of the group too rarely, so it may hold far fewer. Weight and "
            "max-min do not use it.",
            "Fairness",
        ),
        Number(
            "fair_star_alpha",
            "FA*IR significance",
            0.01,
            0.5,
            0.1,
            0.01,
            "probability",
            "FA*IR: how often a list drawn at random at the share above may fail the test; the "
            "lower, the fewer of the group are asked for. Counts are whole, so it moves in steps.",
            "Fairness",
        ),
        _weight(
            "people_fairness",
            "Fairness (people)",
            "Fairness",
            "Spares the lists of groups that are served worse from the cost of re-ranking.",
        ),
        _weight(
            "calibration",
            "Calibration",
            "Calibration",
            "Keeps the mix of genres near the person's own history.",
        ),
        _weight(
            "popularity_penalty",
            "Popularity penalty",
            "Popularity",
            "Counts popularity against an item.",
        ),
    )
}
"""Name → control, in the order that the sidebar shows them."""


def check_value(name: str, value: Any) -> float | int | str | None:
    """Return ``value`` as control ``name`` stores it.

    Raises
    ------
    ScenarioError
        If the value is not allowed; the sentence names the field, what came and what may.
    """
    return CONTROLS[name].check(value)
