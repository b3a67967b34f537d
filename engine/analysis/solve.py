"""Goal-seek: the most of a metric that keeps limits, searched on one half, confirmed on the other.

The setting that looks best on the people it was searched on looks better than it is (the winner's
curse). So the search uses one half of the people, and what it offers is tested on the other:
from the surest offer to the boldest, until the first that cannot be shown to keep every limit.
The last one that could is the answer. Testing in a fixed order and stopping at the first failure
keeps the chance of a false "it holds" at one minus the confidence, whatever the number of offers.

Source
------
Angelopoulos et al., "Learn then Test: calibrating predictive algorithms to achieve risk control",
2021, section 3 (fixed sequence testing).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.analysis.aims import Aim, better_sign
from engine.analysis.constraints import Constraint, parts_of, refuse_contradictions
from engine.analysis.goal import Offer, Solution, SolveConfig
from engine.analysis.goal_search import GoalTrials, ladder, search
from engine.analysis.panel import Panel, halves, make_panel, stratified
from engine.analysis.shortfall import shortfalls
from engine.analysis.space import Space
from engine.analysis.trials import Told, checked_aims
from engine.artifacts import Artifacts
from engine.metrics.audience import audience_of
from engine.metrics.small_groups import MIN_N
from engine.scenario import NEUTRAL, Scenario

__all__ = ["solve"]


def solve(
    artifacts: Artifacts,
    space: Space,
    aim: Aim | str,
    such_that: Sequence[Constraint | str],
    *,
    least: bool = False,
    config: SolveConfig | None = None,
    baseline: Scenario = NEUTRAL,
    tell: Told = lambda _: None,
) -> Solution:
    """Find the setting with most of an aim that keeps the limits, and prove that it does.

    Parameters
    ----------
    artifacts : Artifacts
    space : Space
        The controls that may move.
    aim : Aim or text
    such_that : sequence of Constraint or text
    least : bool
        Have least of it instead. A metric that is better low is sought low anyway.
    config : SolveConfig, optional
    baseline : Scenario
        What losses are measured against, at the space's list length.
    tell : callable
        Hears the share done, and may stop the search by raising.

    Raises
    ------
    ScenarioError
        An aim or a limit that does not fit the data, or limits that contradict each other.
    """
    config = config or SolveConfig()
    limits = tuple(c if isinstance(c, Constraint) else Constraint.parse(c) for c in such_that)
    refuse_contradictions(limits)
    baseline = replace(baseline, k=space.origin.k)
    searched, confirming = _panels(artifacts, limits, config, baseline)
    (checked,) = checked_aims(searched, (aim,))
    sign = -1.0 if least else better_sign(checked)
    parts, notes = parts_of(searched.audience, limits, confirming.users, MIN_N)
    trials = GoalTrials(searched, checked, sign, parts)
    search(trials, space, config.n_settings, seed=config.seed, tell=lambda s: tell(0.9 * s))
    final = GoalTrials(confirming, checked, sign, parts)
    shown, estimated = _confirm(trials, final, config, lambda s: tell(0.9 + 0.1 * s))
    is_open = shown is None and estimated is None
    return Solution(
        aim=checked,
        sign=sign,
        parts=parts,
        shown=shown,
        estimated=estimated,
        nearest=_nearest(trials, final) if is_open else None,
        shortfalls=shortfalls(trials) if is_open else (),
        notes=notes,
        n_searched=len(searched.users),
        n_confirmed=len(confirming.users),
        n_settings=len(trials.found),
        confidence=config.confidence,
        confirm=config.confirm,
        fit_id=artifacts.fit_id,
    )


def _panels(
    artifacts: Artifacts, limits: tuple[Constraint, ...], config: SolveConfig, baseline: Scenario
) -> tuple[Panel, Panel]:
    audience = audience_of(artifacts)
    asked = dict.fromkeys(c.attribute for c in limits if c.attribute in audience.attributes)
    strata = tuple(dict.fromkeys([*asked, *audience.attributes]))[:3]
    one, other = halves(audience, strata, seed=config.seed)
    if len(one) > config.n_people:
        whole = np.zeros(audience.n_users, bool)
        whole[one] = True
        drawn = stratified(audience, strata, 2 * config.n_people, seed=config.seed + 1)
        one = drawn[whole[drawn]]
    second = None if config.confirm == "everyone" else other
    return (
        make_panel(artifacts, users=one, baseline=baseline),
        make_panel(artifacts, users=second, baseline=baseline),
    )


def _confirm(
    trials: GoalTrials, final: GoalTrials, config: SolveConfig, tell: Told
) -> tuple[Offer | None, Offer | None]:
    """Test the offers, surest first; see the module."""
    offers = ladder(trials, config.n_offers)
    shown: Offer | None = None
    is_open = True
    estimates: list[Offer] = []
    for number, scenario in enumerate(offers):
        tell(number / len(offers))
        offer = Offer(scenario, trials.found[scenario], final.of(scenario))
        is_open = is_open and offer.confirmed.margins.holds(config.confidence)
        if is_open:
            shown = offer
        elif offer.confirmed.margins.is_kept:
            estimates.append(offer)
    tell(1.0)
    best = max(estimates, key=lambda o: trials.sign * o.confirmed.reached.value[0], default=None)
    if best and shown:
        gain = best.confirmed.reached.value[0] - shown.confirmed.reached.value[0]
        best = best if trials.sign * gain > 0 else None
    return shown, best


def _nearest(trials: GoalTrials, final: GoalTrials) -> Offer:
    """Return the setting whose worst broken limit is the least broken, in standard errors."""
    scenario = list(trials.found)[int(np.argmax(trials.sureties()))]
    return Offer(scenario, trials.found[scenario], final.of(scenario))
