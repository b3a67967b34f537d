"""What would bring an item into a list: the smallest change of each single control.

A person's scores are linear in most controls: diversity, freshness, item fairness (by weight or by
target), people fairness, calibration, popularity penalty, a boost of the item. Those are searched
over every list that they can make, not over a sample of settings
(:mod:`engine.reranking.path_sweep`); bisection would not do, since an item may come in, go out and
come in again as such a control moves. Controls with few settings (list length, caps, rules, FA*IR)
and max-min (which moves in steps) are tried one by one. The half-life, in which scores are not
linear, is tried in steps, and could hide an answer between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np

from engine.artifacts import Artifacts
from engine.reranking.change_search import (
    EVERY_LIST,
    EVERY_VALUE,
    IN_STEPS,
    Change,
    Search,
    sweep,
    sweep_one_way,
)
from engine.reranking.control_lines import (
    boost_lines,
    group_lines,
    people_lines,
    weight_lines,
)
from engine.reranking.exposure import group_share
from engine.reranking.exposure_target import HIGHEST_LIFT
from engine.reranking.item_fairness import ITEM_FAIRNESS
from engine.reranking.path_sweep import Lines
from engine.reranking.person import Person
from engine.reranking.plan import RerankPlan, make_plan, prepare
from engine.scenario import Rule, Scenario
from engine.terms import IN_SUM
from engine.terms.item_fairness import in_group

__all__ = ["Change", "counterfactual"]

MOST_SOLVED = 6
"""Settings tried at most where each is solved for the whole audience."""

HALF_LIVES = np.geomspace(7.0, 36_500.0, 96)
"""Half-lives to try, in days: the range of the control."""


def counterfactual(artifacts: Artifacts, scenario: Scenario, user: int, item: int) -> list[Change]:
    """Return, for each control, the smallest change of it alone that brings the item in.

    Parameters
    ----------
    user, item : int
        Indices.

    Returns
    -------
    list of Change
        One per control that applies; empty where the item is in the list already, and where it is
        no candidate of the user, since no control of re-ranking can then bring it in.

    Raises
    ------
    ScoreError, ScenarioError
        As :func:`engine.reranking.prepare`.
    """
    person = Person(prepare(artifacts, scenario), user)
    if item not in person.items or item in person.plan.run(np.array([user])).items[0]:
        return []
    search = Search(scenario, person, item)
    return [
        *(_weight(search, term.name) for term in IN_SUM),
        _FAIRNESS[scenario.item_fairness_method](search),
        _people(search),
        _boost(search),
        *([_half_life(search)] if scenario.freshness > 0.0 else []),
        _length(search),
        *(_cap(search, index) for index in range(len(scenario.caps))),
        *_rules(search),
    ]


def _swept(search: Search, control: str, lines: Lines) -> Change:
    current = getattr(search.scenario, control)

    def changed(value: float) -> Scenario:
        fields: dict[str, Any] = {control: value}
        return replace(search.scenario, **fields)

    tries = ((value, changed(value)) for value in sweep(search, lines, current, 0.0, 1.0))
    return search.first(control, current, tries, EVERY_LIST)


def _weight(search: Search, control: str) -> Change:
    return _swept(search, control, weight_lines(search.person, control))


def _people(search: Search) -> Change:
    return _swept(search, "people_fairness", people_lines(search.person))


def _boost(search: Search) -> Change:
    pool = search.person.plan.pool
    ids = (str(pool.item_ids[search.item]),)
    rules = search.scenario.rules
    tries = (
        (amount, replace(search.scenario, rules=(*rules, Rule("boost", "item", ids, amount))))
        for amount in sweep_one_way(search, boost_lines(search.person, search.place), 0.0, 2.0)
    )
    return search.first("boost", 0.0, tries, EVERY_LIST)


def _group_weight(search: Search) -> Change:
    return _swept(search, "item_fairness", group_lines(search.person))


def _group_target(search: Search) -> Change:
    """Sweep the lift for this person, then ask which weight has the audience solve for it."""
    scenario = search.scenario
    lift_now = search.person.plan.group.solved.get("lift", 0.0)

    def tries() -> Iterator[tuple[float, Scenario]]:
        lifts = sweep(search, group_lines(search.person), lift_now, 0.0, HIGHEST_LIFT)
        for lift in islice(lifts, MOST_SOLVED):
            weight = _weight_for_lift(search.person.plan, lift)
            for nudge in (0.0, 0.005, 0.01, 0.02):
                if 0.0 <= weight + nudge <= 1.0:
                    yield weight + nudge, replace(scenario, item_fairness=weight + nudge)

    return search.first("item_fairness", scenario.item_fairness, tries(), IN_STEPS)


def _group_floor(search: Search) -> Change:
    """FA*IR is off or on."""
    scenario = search.scenario
    other = 0.0 if scenario.item_fairness > 0.0 else 1.0
    tries = [(other, replace(scenario, item_fairness=other))]
    return search.first("item_fairness", scenario.item_fairness, tries, EVERY_VALUE)


def _group_max_min(search: Search) -> Change:
    """Max-min: one weight between each two at which the lists change."""
    scenario = search.scenario
    current = scenario.item_fairness
    pool = search.person.plan.pool
    weights = {0.0, *make_plan(pool, replace(scenario, item_fairness=1.0)).group.steps}
    tries = (
        (weight, replace(scenario, item_fairness=weight))
        for weight in sorted(weights, key=lambda weight: abs(weight - current))
    )
    return search.first("item_fairness", current, tries, EVERY_VALUE)


_FAIRNESS: dict[str, Callable[[Search], Change]] = {
    "weight": _group_weight,
    "target": _group_target,
    "fair_star": _group_floor,
    "max_min": _group_max_min,
}


def _half_life(search: Search) -> Change:
    scenario, current = search.scenario, search.scenario.half_life_days
    order = sorted(HALF_LIVES, key=lambda days: abs(np.log(days / current)))
    tries = ((float(days), replace(scenario, half_life_days=float(days))) for days in order)
    found = search.first("half_life_days", current, tries, IN_STEPS)
    if found.needed is None:
        return found
    good, bad = found.needed, current
    for _ in range(12):
        middle = float(np.sqrt(good * bad))
        if search.place_in(replace(scenario, half_life_days=middle)) is None:
            bad = middle
        else:
            good = middle
    whole = float(np.ceil(good) if good > current else np.floor(good))
    best = ((days, replace(scenario, half_life_days=days)) for days in (whole, good))
    return search.first("half_life_days", current, best, IN_STEPS)


def _length(search: Search) -> Change:
    scenario, current = search.scenario, search.scenario.k
    is_solved = (
        scenario.item_fairness > 0 and ITEM_FAIRNESS[scenario.item_fairness_method].is_solved
    )
    lengths: Iterable[int] = sorted(range(1, 51), key=lambda k: abs(k - current))
    if is_solved:  # each length is solved for everyone
        lengths = [k for k in (current + 1, current + 5, 50) if k <= 50]
    tries = ((k, replace(scenario, k=k)) for k in lengths)
    return search.first("k", current, tries, IN_STEPS if is_solved else EVERY_VALUE)


def _cap(search: Search, index: int) -> Change:
    caps = search.scenario.caps
    cap = caps[index]

    def tries() -> Iterator[tuple[int, Scenario]]:
        for at_most in range(cap.at_most + 1, cap.top + 1):
            changed = (*caps[:index], replace(cap, at_most=at_most), *caps[index + 1 :])
            yield at_most, replace(search.scenario, caps=changed)

    return search.first(f"caps[{index}]", cap.at_most, tries(), EVERY_VALUE)


def _rules(search: Search) -> Iterator[Change]:
    """Take away one rule at a time: it may hide the item, or pin others."""
    rules = search.scenario.rules
    for index, rule in enumerate(rules):
        without = replace(search.scenario, rules=(*rules[:index], *rules[index + 1 :]))
        yield search.first(f"rules[{index}]", rule, [("without it", without)], EVERY_VALUE)


def _weight_for_lift(plan: RerankPlan, lift: float) -> float:
    """Return the weight of the method ``target`` for which this lift just meets its aim.

    NaN where the group has its target without a lift. Re-ranks everyone once or twice.
    """
    scenario = plan.scenario
    group = in_group(plan.pool, scenario.item_fairness_group)
    others = plan.problem.offsets[:, 0] - plan.group.lift
    start = group_share(plan.lifted(others).run(), group)
    if start >= scenario.item_fairness_target:
        return np.nan
    share = group_share(plan.lifted(others + lift * group).run(), group)
    return (share - start) / (scenario.item_fairness_target - start)
