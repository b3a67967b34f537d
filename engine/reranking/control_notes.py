"""What there is to say beside each control that is on: that it does nothing, or how far it went."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.artifacts import Artifacts
from engine.reranking.candidate_pool import pool_of
from engine.reranking.control_cost import ControlCost, control_cost
from engine.reranking.group_lift import GroupLift
from engine.reranking.inert import inert_reasons
from engine.reranking.item_reach import item_reach
from engine.reranking.lists import Lists
from engine.reranking.objective_gain import gain_words
from engine.reranking.plan import prepare
from engine.reranking.wording import of_all, percent
from engine.scenario import WEIGHTS, Scenario
from engine.terms import TERMS

__all__ = ["ControlNote", "control_notes"]

MOST_PEOPLE = 8192
"""Larger audiences are re-ranked without a control for so many people, evenly spaced."""


@dataclass(frozen=True)
class ControlNote:
    """What is to be said beside one control.

    Attributes
    ----------
    control : str
        Name of a weight.
    can_act : bool
        Whether it can change a list, in this data and beside the other settings.
    changes : bool
        Whether it changes one at this setting.
    is_past : bool
        Whether it went past what it aims at.
    text : str
        One or two sentences; names in it come from the data: they are text, not markup.
    cost : ControlCost, optional
        What it costs, beside the others; ``None`` where it changes nothing.
    """

    control: str
    can_act: bool
    changes: bool
    is_past: bool
    text: str
    cost: ControlCost | None = None

    @property
    def words(self) -> str:
        """What it costs, then what else there is to say."""
        return " ".join(filter(None, (self.cost.text if self.cost else "", self.text)))


def control_notes(
    artifacts: Artifacts, scenario: Scenario, lists: Lists | None = None
) -> dict[str, ControlNote]:
    """Return a note for every weight that is on; one re-ranking each.

    Parameters
    ----------
    lists : Lists, optional
        Everyone's lists under the scenario, if they are at hand.
    """
    on = [name for name in WEIGHTS if getattr(scenario, name) > 0.0]
    if not on:
        return {}
    plan = prepare(artifacts, scenario)
    lists = plan.run() if lists is None else lists
    reasons = inert_reasons(artifacts, scenario)
    return {
        name: _note(artifacts, scenario, name, lists, reasons.get(name, ""), plan.group, len(on))
        for name in on
    }


def _note(
    artifacts: Artifacts,
    scenario: Scenario,
    name: str,
    lists: Lists,
    reason: str,
    group: GroupLift,
    n_on: int,
) -> ControlNote:
    if reason:
        return ControlNote(name, False, False, False, f"Can do nothing here. {reason}")
    n_users = pool_of(artifacts).n_users
    n = min(n_users, MOST_PEOPLE)
    users = np.arange(n) * n_users // max(n, 1)
    shown, without = lists.of(users), prepare(artifacts, scenario.without(name)).run(users)
    cost = None
    if (without.items != shown.items).any():
        cost = control_cost(artifacts, shown, without, users, n_controls=n_on)
    said, is_past = "", False
    if cost and TERMS[name].objective:
        said = gain_words(artifacts, name, shown, without, users, n_controls=n_on)
    if name == "item_fairness":
        said, is_past = _item_words(artifacts, scenario, lists, group)
    still = "" if cost else "At this setting it changes no list."
    text = " ".join(filter(None, (still, said)))
    return ControlNote(name, True, cost is not None, is_past, text, cost)


def _item_words(
    artifacts: Artifacts, scenario: Scenario, lists: Lists, group: GroupLift
) -> tuple[str, bool]:
    """Say how far item fairness went, and whether it went past its aim."""
    if scenario.item_fairness_method == "max_min":
        return _max_min_words(artifacts, group), False
    reach = item_reach(artifacts, scenario, lists)
    assert reach is not None
    words = reach.text
    if scenario.item_fairness_method == "fair_star":
        asked = int(group.solved["asked of a whole list"])
        words = f"Every list must hold {asked} of the group in {scenario.k} places. {words}"
        n_missed = int((lists.floor_missed > 0).sum())
        if n_missed:
            missed = of_all(n_missed, len(lists.items))
            words += f" The candidates do not suffice for that in {missed} of lists."
    return words, reach.is_past


def _max_min_words(artifacts: Artifacts, group: GroupLift) -> str:
    kind = "provider" if pool_of(artifacts).n_providers else "genre"
    solved = group.solved
    smallest, gap = percent(solved["smallest exposure for its size"], 1), percent(solved["gap"], 1)
    found = (
        f"The least exposed {kind} gets {smallest} of what its size asks for; the objective is at "
        f"most {gap} from the best possible without the other controls."
    )
    if not group.levels:
        return found
    moves = ", ".join(f"{level:.3f}" for level in group.levels)
    return f"{found} Lists move at the weights {moves}, not between them nor above."
