"""How much exposure the lifted group of items gets, beside what it is lifted towards.

A weight lifts as far as it lifts: it may take a group past its share of the catalogue, to where all
other items are the ones that are short of exposure. Nothing stops it there (the method ``target``
stops where it is told to), so it is said.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.artifacts import Artifacts
from engine.reranking.candidate_pool import pool_of
from engine.reranking.exposure import group_share
from engine.reranking.lists import Lists
from engine.reranking.wording import percent
from engine.scenario import Scenario
from engine.terms.item_fairness import in_group

__all__ = ["ItemReach", "item_reach"]

CLOSE = 0.005
"""A share this close to the aim is there."""


@dataclass(frozen=True)
class ItemReach:
    """Exposure of the lifted group.

    Attributes
    ----------
    group : str
        For people: ``the long tail``, or the name of a genre or provider.
    share : float
        Its share of all attention, in [0, 1].
    aim : float
        What it is lifted towards.
    aim_is : str
        What the aim is.
    """

    group: str
    share: float
    aim: float
    aim_is: str

    @property
    def overshoot(self) -> float:
        """How far the share is past the aim; 0 where it is not."""
        return max(0.0, self.share - self.aim)

    @property
    def is_past(self) -> bool:
        """Whether the share is past the aim by more than what counts as being there."""
        return self.overshoot > CLOSE

    @property
    def text(self) -> str:
        """For people: ``Past the aim: the long tail gets 90 % of exposure, the aim is 72 % …``."""
        what = f"{self.group} gets {percent(self.share)} of exposure"
        aim = f"the aim is {percent(self.aim)}, {self.aim_is}"
        if self.is_past:
            return f"Past the aim: {what}, {aim}."
        return f"{what[0].upper()}{what[1:]}; {aim}."


def item_reach(artifacts: Artifacts, scenario: Scenario, lists: Lists) -> ItemReach | None:
    """Return how far everyone's lists lift the scenario's group; None where no group is lifted.

    The aim is the share set, where the method is ``target``; the group's share of the catalogue
    otherwise, at which its items get as much exposure as others do.
    """
    if scenario.item_fairness == 0.0 or scenario.item_fairness_method == "max_min":
        return None
    pool = pool_of(artifacts)
    is_in = in_group(pool, scenario.item_fairness_group)
    kind, _, name = scenario.item_fairness_group.partition(":")
    is_set = scenario.item_fairness_method == "target"
    return ItemReach(
        group="the long tail" if kind == "long_tail" else name,
        share=group_share(lists, is_in),
        aim=scenario.item_fairness_target if is_set else float(is_in.mean()),
        aim_is="the share set" if is_set else "its share of the catalogue",
    )
