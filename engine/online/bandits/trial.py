"""Policies side by side on the same visitors and luck: regret, and what was shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.analysis.trials import Told
from engine.errors import ScenarioError
from engine.online.bandits.arms import ArmTable
from engine.online.bandits.bandit import Bandit, Sizes, Visit
from engine.online.bandits.policies import BY_PERSON, HANDED_DOWN, POLICIES
from engine.online.bandits.priors import handed_down

__all__ = ["WARM_VISITS", "Trial", "TrialConfig", "fresh_policy", "run_trial"]

Floats = NDArray[np.float64]
LIMITS = {"steps": (10, 1_000_000), "runs": (1, 200)}
N_POINTS = 100
WARM_VISITS = 2000
"""Visits logged evenly before, for policies whose priors are handed down; their own regret begins
after them."""


@dataclass(frozen=True)
class TrialConfig:
    """Settings of a trial.

    Attributes
    ----------
    steps : int
        Visits of each run.
    runs : int
        Repetitions, each with its own visitors and luck, shared by all policies.
    floor : float
        Least chance of every arm at every visit: the guard against collapse onto a few.
    seed : int
    """

    steps: int = 10_000
    runs: int = 10
    floor: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        for name, (least, most) in LIMITS.items():
            value = getattr(self, name)
            if not least <= value <= most:
                raise ScenarioError(
                    f"`{name}` of a trial must be from {least:,} to {most:,}; got {value:,}."
                )
        if not 0 <= self.floor <= 0.5:
            raise ScenarioError(f"`floor` of a trial must be from 0 to 0.5; got {self.floor:g}.")


@dataclass(frozen=True, eq=False)
class Trial:
    """What came of it.

    Attributes
    ----------
    config : TrialConfig
    table : ArmTable
    at : int64 array of shape (n_points,)
        Visits after which figures were taken.
    regret : mapping of str to float64 array of shape (n_runs, n_points)
        Expected plays lost until then against showing everybody their own best arm.
    shares : mapping of str to float64 array of shape (n_runs, n_arms)
        Share of visits that each arm got.
    fixed : float
        Expected plays lost a visit by the best single arm for everybody.
    guard_cost : mapping of str to float64 array of shape (n_runs,)
        Part of the regret that the floor gave away: what the policy would have shown at the visits
        that the floor took, less what it showed.
    """

    config: TrialConfig
    table: ArmTable
    at: NDArray[np.int64]
    regret: Mapping[str, Floats]
    shares: Mapping[str, Floats]
    fixed: float
    guard_cost: Mapping[str, Floats]


def run_trial(
    table: ArmTable,
    config: TrialConfig | None = None,
    *,
    names: Sequence[str] = tuple(POLICIES),
    start: Mapping[str, Bandit] | None = None,
    tell: Told = lambda _: None,
) -> Trial:
    """Run policies on the same visitors.

    Parameters
    ----------
    table : ArmTable
    config : TrialConfig, optional
    names : sequence of str
        Keys of :data:`engine.online.bandits.policies.POLICIES`, or of ``start``.
    start : mapping of str to Bandit, optional
        Policies that have learned before; they go on learning.
    tell : callable
        Hears the share done.

    Raises
    ------
    ScenarioError
        The floor of all arms together is above 1.
    """
    config = config or TrialConfig()
    n_arms = len(table.labels)
    if config.floor * n_arms > 1:
        raise ScenarioError(
            f"A floor of {config.floor:g} for each of {n_arms} arms is more than all visits; take "
            f"at most {1 / n_arms:.3g}."
        )
    at = np.unique(np.linspace(1, config.steps, N_POINTS).round().astype(np.int64))
    value = table.value
    best = value.max(axis=1)
    regret, shares, guard = {}, {}, {}
    for number, name in enumerate(names):
        policy = (start or {}).get(name) or fresh_policy(name, table, config)

        def heard(share: float, number: int = number) -> None:
            tell((number + share) / len(names))

        found = _run(policy, table, config, at, heard)
        regret[name], shares[name], guard[name] = found
    fixed = float((best - value[:, value.mean(axis=0).argmax()]).mean())
    return Trial(config, table, at, regret, shares, fixed, guard)


def fresh_policy(name: str, table: ArmTable, config: TrialConfig) -> Bandit:
    """Make a policy; handed-down priors come from an even log of :data:`WARM_VISITS` visits."""
    cell, levels = table.cell, table.levels
    if name == BY_PERSON:  # a level more: each person, within the finest group
        cell = np.arange(len(table.cell))
        levels = (*(level[table.cell] for level in table.levels), cell)
    n_cells, n_arms = int(cell.max(initial=0)) + 1, len(table.labels)
    policy = POLICIES[name](Sizes(config.runs, n_arms, table.features.shape[1], n_cells))
    if name in (HANDED_DOWN, BY_PERSON):
        rng = np.random.default_rng((config.seed, 3))
        visitor = rng.integers(0, len(table.cell), WARM_VISITS)
        arm = rng.integers(0, n_arms, WARM_VISITS)
        is_played = rng.random(WARM_VISITS) < table.chance[visitor, arm]
        won, shown = np.zeros((n_cells, n_arms)), np.zeros((n_cells, n_arms))
        np.add.at(won, (cell[visitor], arm), is_played)
        np.add.at(shown, (cell[visitor], arm), 1)
        prior = handed_down(won, shown, levels)
        policy.arrays["prior_a"], policy.arrays["prior_b"] = prior.a, prior.b
    return policy


def _run(
    policy: Bandit,
    table: ArmTable,
    config: TrialConfig,
    at: NDArray[np.int64],
    tell: Told,
) -> tuple[Floats, Floats, Floats]:
    """Let one policy learn; visitors and luck depend on the seed alone."""
    n_people, n_arms = table.chance.shape
    value = table.value
    best = value.max(axis=1)
    luck = np.random.default_rng((config.seed, 1))
    own = np.random.default_rng((config.seed, 2))
    runs = np.arange(config.runs)
    lost, shown = np.zeros(config.runs), np.zeros((config.runs, n_arms))
    given_away = np.zeros(config.runs)
    taken, point = np.empty((config.runs, len(at))), 0
    for step in range(1, config.steps + 1):
        visitor = luck.integers(0, n_people, config.runs)
        drawn = luck.random((2, config.runs))
        cell = visitor if policy.OF_PERSONS else table.cell[visitor]
        visit = Visit(table.features[visitor], cell)
        arm = policy.scores(visit, own).argmax(axis=1)
        if config.floor:
            is_guarded = drawn[1] < config.floor * n_arms
            guard = own.integers(0, n_arms, config.runs)
            guard = np.where(is_guarded, guard, arm)
            given_away += value[visitor, arm] - value[visitor, guard]
            arm = guard
        reward = (drawn[0] < table.chance[visitor, arm]).astype(np.float64)
        if table.worth is not None:
            reward *= table.worth[visitor, arm]
        policy.learn(arm, reward, visit)
        lost += best[visitor] - value[visitor, arm]
        shown[runs, arm] += 1
        if step == at[point]:
            taken[:, point] = lost
            point += 1
            tell(step / config.steps)
    return taken, shown / config.steps, given_away
