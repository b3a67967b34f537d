"""A map of what is possible: a few hundred settings, the best of them measured on everyone.

1. A low-discrepancy design over the chosen controls, on a stratified sample of people.
2. Rounds of new settings next to those that are on the front so far, on the same sample.
3. Every setting on the front or within the noise of it is measured again: on everyone, or where
   they are very many on a larger sample.

Only what was measured again is called the front: which of a sample's looks best is in part luck.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from engine.analysis.aims import Aim, better_sign
from engine.analysis.front import is_on_front
from engine.analysis.panel import confirming, make_panel, sample_of
from engine.analysis.refine import propose
from engine.analysis.space import Space
from engine.analysis.swept import Mapped, Sweep, SweepConfig
from engine.analysis.trials import Told, Trials, checked_aims
from engine.artifacts import Artifacts
from engine.errors import ScenarioError
from engine.metrics.audience import audience_of
from engine.scenario import NEUTRAL, Scenario

__all__ = ["A_GLANCE", "sweep"]

Floats = NDArray[np.float64]


A_GLANCE = 40
"""Settings of the design after which the map so far is handed out."""


def sweep(
    artifacts: Artifacts,
    space: Space,
    aims: Sequence[Aim | str],
    *,
    config: SweepConfig | None = None,
    baseline: Scenario = NEUTRAL,
    tell: Told = lambda _: None,
    show: Callable[[Sweep], None] = lambda _: None,
) -> Sweep:
    """Map two aims over a space of settings.

    Parameters
    ----------
    artifacts : Artifacts
    space : Space
    aims : sequence of Aim or text
        At least two: the axes.
    config : SweepConfig, optional
    baseline : Scenario
        At the origin's list length.
    tell : callable
        Hears the share done, and may stop the sweep by raising.
    show : callable
        Is handed the map so far, part by part of the design and after each round.

    Raises
    ------
    ScenarioError
        An aim does not fit the data, or there are fewer than two.
    """
    config = config or SweepConfig()
    if len(aims) < 2:
        raise ScenarioError("A sweep needs two aims, the axes of its map; give a second one.")
    baseline = replace(baseline, k=space.origin.k)
    audience = audience_of(artifacts)
    people = sample_of(audience, config.n_people, seed=config.seed)
    panel = make_panel(artifacts, users=people, baseline=baseline)
    sampled = again = Trials(panel, checked_aims(panel, aims))
    if not panel.is_everyone:
        many = confirming(audience, config.n_confirming)
        again = Trials(make_panel(artifacts, users=many, baseline=baseline), sampled.aims)
    n_again = len(again.panel.users)
    explored = len(people) * config.n_settings
    share = 1.0 if panel.is_everyone else explored / (explored + n_again * config.n_confirmed)

    def so_far() -> Sweep:
        settings = _mapped(sampled, again)
        return Sweep(
            sampled.aims, space, settings, baseline, audience.n_users, len(people), n_again
        )

    _explore(space, sampled, config, partial(_tell_from, tell, 0.0, share), lambda: show(so_far()))
    chosen = list(sampled.found) if panel.is_everyone else _near_front(sampled, space, config)
    again.run(chosen, partial(_tell_from, tell, share, 1.0 - share))
    return so_far()


def _explore(
    space: Space, trials: Trials, config: SweepConfig, tell: Told, after: Callable[[], None]
) -> None:
    n = min(config.n_settings, space.size)
    n_design = max(4, round(config.share_of_design * n))
    design = space.design(n_design, seed=config.seed)
    for start in range(0, len(design), A_GLANCE):
        part = design[start : start + A_GLANCE]
        trials.run(part, partial(_tell_from, tell, start / n, len(part) / n))
        after()
    rng = np.random.default_rng([config.seed, 1])
    for number in range(config.n_rounds):
        done, left = len(trials.found), n - len(trials.found)
        if left <= 0:
            break
        batch = max(1, round(left / (config.n_rounds - number)))
        reach = 0.25 * 0.6**number
        fresh = propose(space, trials, batch, reach=reach, rng=rng)
        trials.run(fresh, partial(_tell_from, tell, done / n, len(fresh) / n))
        after()
    tell(1.0)


def _tell_from(tell: Told, start: float, width: float, share: float) -> None:
    tell(start + width * share)


def _near_front(sampled: Trials, space: Space, config: SweepConfig) -> list[Scenario]:
    """Pick the settings that the noise of the sample leaves in question, evenly along the front."""
    known = list(sampled.found)
    signs = np.array([better_sign(aim) for aim in sampled.aims[:2]])
    goods = sampled.values()[:, :2] * signs
    errors = np.array([sampled.found[s].change_error[:2] for s in known])
    slack = config.near * np.nan_to_num(errors)
    beaten = ((goods[:, None] - slack[None] > goods[None]).all(axis=2)).any(axis=0)
    rows = np.flatnonzero(~beaten & ~np.isnan(goods).any(axis=1))
    front = is_on_front(goods)
    # the sample's own front first, then what is nearly as good
    rows = rows[np.lexsort((goods[rows, 0], ~front[rows]))]
    if len(rows) > config.n_confirmed:
        n_front = min(int(front[rows].sum()), config.n_confirmed)
        first, rest = rows[: front[rows].sum()], rows[front[rows].sum() :]
        rows = np.concatenate(
            [_spread(first, n_front), _spread(rest, config.n_confirmed - n_front)]
        )
    origin = known.index(space.origin) if space.origin in sampled.found else 0
    return [known[row] for row in dict.fromkeys([origin, *rows.tolist()])]


def _spread(rows: NDArray[np.intp], n: int) -> NDArray[np.intp]:
    if n <= 0 or not len(rows):
        return rows[:0]
    return rows[np.unique(np.linspace(0, len(rows) - 1, n).round().astype(int))]


def _mapped(sampled: Trials, again: Trials) -> tuple[Mapped, ...]:
    signs = [better_sign(aim) for aim in sampled.aims[:2]]
    on_front = is_on_front(again.values()[:, :2] * signs)
    front = {scenario for scenario, is_on in zip(again.found, on_front, strict=True) if is_on}
    is_one = again is sampled
    found = []
    for scenario, readings in sampled.found.items():
        is_confirmed = scenario in again.found
        now = again.found[scenario] if is_confirmed else readings
        before = readings if is_confirmed and not is_one else None
        found.append(Mapped(scenario, now, is_confirmed, before, scenario in front))
    return tuple(found)
