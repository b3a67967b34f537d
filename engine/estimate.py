"""A first answer from some of the people, for where everybody takes longer than one likes to wait.

``estimate_scenario(artifacts, Scenario(diversity=0.3)).figures["ndcg"]`` is what the same question
to everybody will answer, within its interval: the people are drawn so that each has the same
chance, and groups keep their shares. What is counted over all lists together (coverage, Gini …) is
undefined here: fewer lists hold fewer items, so a sample's would be another number.
"""

from __future__ import annotations

import threading
import weakref
from dataclasses import dataclass, field, replace
from math import nan

import numpy as np
from numpy.typing import NDArray

from engine.analysis.panel import sample_of
from engine.artifacts import Artifacts
from engine.data.wording import counted
from engine.evaluation import Evaluation, evaluate_scenario
from engine.metrics.audience import audience_of
from engine.metrics.figures import figures_of
from engine.metrics.registry import AUDIENCE_METRICS, HEADLINE
from engine.metrics.settings import Settings
from engine.metrics.unjudged import Unjudged
from engine.metrics.user_matrix import Measured
from engine.recent import Recent
from engine.reranking import Lists
from engine.scenario import Scenario

__all__ = ["MANY", "SAMPLE", "estimate_scenario"]

MANY = 200_000
"""People from which on an estimate comes first: two cores take about a second for all of them."""

SAMPLE, SEED = 20_000, 20_261
"""People of an estimate, and the seed by which they are drawn: always the same ones."""


@dataclass(frozen=True, eq=False)
class _Sample:
    """Those who stand for everybody, and the baselines that were measured on them."""

    users: NDArray[np.int64]
    baselines: Recent[tuple[Lists, Measured]] = field(default_factory=lambda: Recent(8))


_SAMPLES: weakref.WeakKeyDictionary[Artifacts, dict[int, _Sample]] = weakref.WeakKeyDictionary()
_LOCK = threading.Lock()


def estimate_scenario(
    artifacts: Artifacts,
    scenario: Scenario,
    *,
    baseline: Scenario | None = None,
    settings: Settings | None = None,
    n: int = SAMPLE,
) -> Evaluation:
    """Re-rank and measure ``n`` of the people under a scenario; all of them where they are fewer.

    Parameters
    ----------
    artifacts : Artifacts
    scenario : Scenario
    baseline : Scenario, optional
        The ranker's own order at the same list length by default.
    settings : Settings, optional
        How to measure.
    n : int

    Returns
    -------
    Evaluation
        Its ``n_users`` says how many they are. Metrics of all lists together have no value, and
        say why.

    Raises
    ------
    ScenarioError, ScoreError
        The scenario or a setting does not fit the data.
    """
    sample = _sample(artifacts, n)
    found = evaluate_scenario(
        artifacts,
        scenario,
        baseline=baseline,
        settings=settings,
        users=sample.users,
        baselines=sample.baselines,
    )
    return found if len(sample.users) == artifacts.n_users else _of_some(found)


def _sample(artifacts: Artifacts, n: int) -> _Sample:
    with _LOCK:
        kept = _SAMPLES.setdefault(artifacts, {})
        if n not in kept:
            kept[n] = _Sample(sample_of(audience_of(artifacts), n, seed=SEED))
        return kept[n]


def _of_some(found: Evaluation) -> Evaluation:
    """Take away what some of the people cannot say."""
    why = (
        f"It is counted over all lists together, and {counted(found.n_users, 'person')} stand for "
        "everybody here: fewer lists hold fewer items."
    )
    unknown = {name: _unknown(found.n_users, why) for name in AUDIENCE_METRICS}
    unjudged = {name: unknown.get(name, known) for name, known in found.unjudged.items()}
    return replace(found, unjudged=unjudged, figures=figures_of(unjudged, shown=HEADLINE))


def _unknown(n_people: int, why: str) -> Unjudged:
    return Unjudged(nan, nan, nan, 0, n_people, nan, nan, nan, nan, reason=why, change_reason=why)
