"""A scenario made ready for one candidate pool: every array and number that the kernel takes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.progress import in_blocks
from engine.reranking.candidate_pool import CandidatePool, pool_of
from engine.reranking.caps import cap_limits
from engine.reranking.group_lift import GroupLift, ListsAt, Solved, Trials
from engine.reranking.item_fairness import ITEM_FAIRNESS
from engine.reranking.kernel.greedy import CHUNK, rerank_few, rerank_users
from engine.reranking.kernel.inputs import Limits, Output, Problem, Setting, Sizes, frozen
from engine.reranking.kernel.records import FLOOR_BIT, ITEM
from engine.reranking.lists import Lists, empty_lists, neutral_lists
from engine.reranking.people_budget import weight_shares
from engine.reranking.plan_parts import (
    aims_of,
    profiles_of,
    setting_of,
    static_lift,
    vectors_of,
)
from engine.reranking.rules import RuleTables, rule_tables
from engine.scenario import Scenario
from engine.terms.diversity_methods import DIVERSITY_METHODS, OFF

__all__ = ["RerankPlan", "make_plan", "prepare", "rerank"]


@dataclass(frozen=True, eq=False)
class RerankPlan:
    """One scenario for one pool, ready to run for any of its people.

    Attributes
    ----------
    pool, scenario
        What it was made from.
    problem, limits, setting
        What the kernel takes; see :mod:`engine.reranking.kernel.inputs`.
    group : GroupLift
        How item fairness lifts items, and what was solved for.
    """

    pool: CandidatePool
    scenario: Scenario
    problem: Problem
    limits: Limits
    setting: Setting
    group: GroupLift

    def run(self, users: NDArray[np.integer] | None = None) -> Lists:
        """Re-rank ``users`` (indices), or everyone."""
        pool = self.pool
        rows = pool.everyone if users is None else np.asarray(users, dtype=np.int64)
        if len(rows) and not (rows.min() >= 0 and rows.max() < pool.n_users):
            raise IndexError(f"users must be from 0 to {pool.n_users - 1}")
        lists = empty_lists(len(rows), self.setting.k, len(self.limits.caps))
        work = rerank_few if len(rows) <= CHUNK else rerank_users
        users_asked = frozen(rows, np.int64)
        for part in in_blocks(len(rows)):
            out = Output(lists.items[part], lists.positions[part], lists.broken[part])
            asked = users_asked[part]
            work(self.problem, self.limits, self.setting, self._sizes(), asked, out)
        return lists

    def lifted(self, lift: NDArray[np.float64]) -> RerankPlan:
        """Return this plan with another static lift per item, shape (n_items,)."""
        offsets = np.stack([lift, self.problem.offsets[:, 1]], axis=1)
        return replace(
            self,
            problem=self.problem._replace(offsets=frozen(offsets, np.float64)),
            setting=self.setting._replace(is_sorted=False),
        )

    def _sizes(self) -> Sizes:
        n = self.problem.candidates.shape[1]
        is_on = self.setting.method != OFF
        method = DIVERSITY_METHODS[self.scenario.diversity_method]
        return Sizes(
            n=n,
            k=self.setting.k,
            d=self.problem.vectors.shape[1],
            n_genres=len(self.pool.genre_names),
            n_providers=self.pool.n_providers,
            n_rows=n if is_on and method.uses_directions else 0,
            n_cover=n if is_on and method.uses_cover else 0,
        )


def prepare(artifacts: Artifacts, scenario: Scenario) -> RerankPlan:
    """Return the plan of a scenario, from memory where it was made before.

    Raises
    ------
    ScoreError
        The ranker's scores cannot be used.
    ScenarioError
        The scenario names a genre, provider, attribute, item or year that the data set lacks.
    """
    pool = pool_of(artifacts)
    unnamed = replace(scenario, name="")
    return pool.plans.get(unnamed, lambda: make_plan(pool, unnamed))


def rerank(
    artifacts: Artifacts, scenario: Scenario, *, users: NDArray[np.integer] | None = None
) -> Lists:
    """Re-rank everyone, or only ``users``: whom else one asks for does not change a list.

    Parameters
    ----------
    artifacts : Artifacts
    scenario : Scenario
    users : integer array of shape (n_rows,), optional
        User indices; ``None`` is everyone, in order.

    Returns
    -------
    Lists
        One row per user asked for.

    Raises
    ------
    ScoreError, ScenarioError
        As :func:`prepare`.
    """
    if scenario.is_neutral and users is None:
        return neutral_lists(artifacts, scenario.k)
    return prepare(artifacts, scenario).run(users)


def make_plan(
    pool: CandidatePool, scenario: Scenario, *, solved: Solved | None = None
) -> RerankPlan:
    """Make a plan that is not kept; :func:`prepare` is for plans that come up again.

    ``solved`` is what hangs on everyone, where it was solved for already.
    """
    rules = rule_tables(pool, scenario.rules)
    lift = static_lift(pool, scenario)
    setting = setting_of(scenario, rules)
    shares = weight_shares(pool, scenario) if solved is None else solved.shares
    problem = Problem(
        candidates=pool.candidates,
        scores=pool.scores,
        n_valid=pool.n_valid,
        shares=shares,
        offsets=frozen(np.stack([lift, rules.boost], axis=1), np.float64),
        items=_pinned(pool.items, rules),
        genre_ids=pool.genre_ids,
        vectors=vectors_of(pool, scenario, setting),
        profiles=profiles_of(pool, scenario, setting),
        **aims_of(pool, scenario),
    )
    no_floor = np.zeros(scenario.k + 1, dtype=np.int32)
    plan = RerankPlan(
        pool=pool,
        scenario=scenario,
        problem=problem,
        limits=cap_limits(pool, scenario.caps, scenario.k, no_floor),
        setting=setting,
        group=GroupLift.none(pool, scenario.k),
    )
    if scenario.item_fairness > 0.0:
        plan = _with_group(plan, lift, solved.group if solved else _solve_group(plan, lift))
    is_sorted = not (plan.problem.offsets.any() or len(plan.problem.aim_weights) or rules.has_pins)
    return replace(plan, setting=plan.setting._replace(is_sorted=is_sorted))


def _pinned(items: NDArray[np.void], rules: RuleTables) -> NDArray[np.void]:
    if not rules.has_pins:
        return items
    pinned = items.copy()
    pinned["pin"] = rules.pins
    return frozen(pinned, ITEM)


def _solve_group(plan: RerankPlan, lift: NDArray[np.float64]) -> GroupLift:
    """Solve for item fairness with the rest of the plan in place, over everyone."""
    solve = ITEM_FAIRNESS[plan.scenario.item_fairness_method].solve

    def lists_at(extra: NDArray[np.float64], users: NDArray[np.integer] | None = None) -> Lists:
        return plan.lifted(lift + extra).run(users)

    def plain() -> ListsAt:
        alone = make_plan(plan.pool, Scenario(k=plan.scenario.k))
        return lambda extra, users=None: alone.lifted(extra).run(users)

    return solve(plan.pool, plan.scenario, Trials(lists_at, plain))


def _with_group(plan: RerankPlan, lift: NDArray[np.float64], group: GroupLift) -> RerankPlan:
    items = plan.problem.items.copy()
    items["mask"] |= np.where(group.is_in, np.uint64(0), FLOOR_BIT)
    lifted = plan.lifted(lift + group.lift)
    return replace(
        lifted,
        problem=lifted.problem._replace(items=frozen(items, ITEM)),
        limits=plan.limits._replace(floors=frozen(group.floors, np.int32)),
        group=group,
    )
