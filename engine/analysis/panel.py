"""The people that settings are tried on, and what they have in the baseline."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.metrics.audience import Audience, audience_of
from engine.metrics.user_matrix import Measured, Settings, measure
from engine.reranking.candidate_pool import pool_of
from engine.reranking.plan import make_plan
from engine.scenario import NEUTRAL, Scenario

__all__ = ["ENOUGH", "Panel", "confirming", "halves", "make_panel", "panel_about", "sample_of"]
__all__ += ["stratified"]

ENOUGH = 15_000
"""Settings are measured on everyone up to so many people, beyond that on so many of them."""


@dataclass(frozen=True, eq=False)
class Panel:
    """Some of the people, with their lists in the baseline measured.

    Attributes
    ----------
    artifacts : Artifacts
    audience : Audience
    users : int64 array of shape (n,)
    baseline : Scenario
    before : Measured
        The baseline's lists of these people.
    settings : Settings
    """

    artifacts: Artifacts
    audience: Audience
    users: NDArray[np.int64]
    baseline: Scenario
    before: Measured
    settings: Settings

    @property
    def is_everyone(self) -> bool:
        """Whether nobody is left out."""
        return len(self.users) == self.audience.n_users

    def measure(self, scenario: Scenario, metrics: Collection[str] | None = None) -> Measured:
        """Re-rank these people under ``scenario`` and measure their lists; see ``measure``."""
        plan = make_plan(pool_of(self.artifacts), replace(scenario, name=""))
        items = plan.run(self.users).items
        return measure(
            self.audience,
            items,
            baseline=self.before.items,
            users=self.users,
            settings=self.settings,
            metrics=metrics,
        )


def make_panel(
    artifacts: Artifacts,
    *,
    users: NDArray[np.integer] | None = None,
    baseline: Scenario = NEUTRAL,
    settings: Settings | None = None,
) -> Panel:
    """Measure the baseline for ``users`` (indices), or for everyone."""
    audience, settings = audience_of(artifacts), settings or Settings()
    rows = np.arange(audience.n_users) if users is None else np.asarray(users, np.int64)
    baseline = replace(baseline, name="")
    items = make_plan(pool_of(artifacts), baseline).run(rows).items
    before = measure(audience, items, users=rows, settings=settings)
    return Panel(artifacts, audience, rows, baseline, before, settings)


def panel_about(artifacts: Artifacts, baseline: Scenario, before: Measured) -> Panel:
    """Return the panel of lists that were measured already, those of ``baseline``."""
    audience = audience_of(artifacts)
    named = replace(baseline, name="")
    return Panel(artifacts, audience, before.users, named, before, before.settings)


def sample_of(audience: Audience, n: int, *, seed: int) -> NDArray[np.int64]:
    """Draw ``n`` people, or everyone, in whom the first three attributes keep their shares."""
    return stratified(audience, tuple(audience.attributes)[:3], n, seed=seed)


def confirming(audience: Audience, n: int = ENOUGH) -> NDArray[np.int64]:
    """Return the people on whom what looks good is measured again: everyone, or always the same."""
    return sample_of(audience, n, seed=20_240)


def stratified(
    audience: Audience, attributes: Sequence[str], n: int, *, seed: int
) -> NDArray[np.int64]:
    """Draw ``n`` people (or everyone) so that every group has its share, sorted by index.

    People are put in order of their groups, at random within one, and every ``N/n``-th is taken:
    systematic sampling from a random start, so each person has the same chance and no group is
    more than one person off its share.

    Parameters
    ----------
    audience : Audience
    attributes : sequence of str
        Whose groups keep their shares, the first before the second.
    n : int
    seed : int
    """
    if n >= audience.n_users:
        return np.arange(audience.n_users)
    rng = np.random.default_rng(seed)
    codes = [audience.codes(name).astype(np.float64) for name in reversed(attributes)]
    order = np.lexsort([rng.random(audience.n_users), *codes])
    places = ((np.arange(n) + rng.random()) * (audience.n_users / n)).astype(np.int64)
    return np.sort(order[places])


def halves(
    audience: Audience, attributes: Sequence[str], *, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Divide people into two halves at random, alike in their groups; see :func:`stratified`."""
    first = stratified(audience, attributes, (audience.n_users + 1) // 2, seed=seed)
    is_first = np.zeros(audience.n_users, bool)
    is_first[first] = True
    return first, np.flatnonzero(~is_first)
