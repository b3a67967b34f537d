"""From a scenario to figures: lists, metrics, groups and exposure, against a baseline.

``evaluate_scenario(artifacts, Scenario(diversity=0.3)).figures["ndcg"]`` has the value, its
interval, how many people it rests on, the change from the ranker's order and a verdict on it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.evaluation_json import to_json
from engine.group_comparison import GroupComparison
from engine.metrics.audience import Audience, audience_of
from engine.metrics.ceiling import ceiling
from engine.metrics.crossing import cross
from engine.metrics.figures import Figure, figures_of
from engine.metrics.groups import GroupTable, by_group, difference_by_group
from engine.metrics.registry import HEADLINE
from engine.metrics.stages import stage_lists
from engine.metrics.sums import Sums
from engine.metrics.unjudged import Unjudged, unjudged_of
from engine.metrics.user_matrix import Measured, Settings, measure
from engine.progress import part
from engine.recent import Recent
from engine.reranking import Lists, rerank
from engine.reranking.self_check import check_winners
from engine.scenario import Scenario, neutral

__all__ = [
    "Evaluation",
    "GroupComparison",
    "ceiling",
    "evaluate",
    "evaluate_scenario",
    "stage_lists",
    "sums_of",
    "to_json",
]

RERANKING = 0.45
"""Share of a step's time that goes into the lists, for the bar: the rest measures them."""


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Everything about one set of lists, against its baseline.

    Attributes
    ----------
    audience : Audience
    measured, baseline : Measured
        Per-user metrics and exposure, now and in the baseline, over the same people.
    unjudged : dict
        Name of a metric → what is known of it, to be judged in any family.
    figures : dict
        Name of a metric → :class:`Figure`.
    lists, baseline_lists : Lists or None
        Where they came from re-ranking.
    scenario, baseline_scenario : Scenario or None
    """

    audience: Audience
    measured: Measured
    baseline: Measured
    unjudged: dict[str, Unjudged]
    figures: dict[str, Figure]
    lists: Lists | None = None
    baseline_lists: Lists | None = None
    scenario: Scenario | None = None
    baseline_scenario: Scenario | None = None

    @property
    def settings(self) -> Settings:
        """How it was measured."""
        return self.measured.settings

    @property
    def n_users(self) -> int:
        """Number of people evaluated."""
        return len(self.measured.users)

    @property
    def sums(self) -> Sums:
        """All that the figures are made of, to be added to those of other people."""
        return sums_of(self.measured, self.baseline)

    @property
    def exposure(self) -> NDArray[np.float64]:
        """Attention that each item gets now, shape (n_items,)."""
        return self.measured.exposure

    @property
    def baseline_exposure(self) -> NDArray[np.float64]:
        """Attention that each item gets in the baseline, shape (n_items,)."""
        return self.baseline.exposure

    def frame(self) -> pd.DataFrame:
        """Return the figures as a table: a row per metric, a column per field of ``Figure``."""
        rows = [vars(figure) | {"verdict": str(figure.verdict)} for figure in self.figures.values()]
        return pd.DataFrame(rows).set_index("name")

    def groups(self, *attributes: str) -> GroupComparison:
        """Return every metric by group of an attribute, now and before; O(users · metrics).

        Of two or three attributes, the groups are their intersections.

        Raises
        ------
        ScenarioError
            An unknown attribute, one twice, none or more than three.
        """
        labels, everyones = cross(self.audience, attributes)
        codes = everyones[self.measured.users]
        n = len(labels)
        return GroupComparison(
            attributes,
            labels,
            codes,
            by_group(self.measured, codes, n),
            by_group(self.baseline, codes, n),
            difference_by_group(self.measured, self.baseline, codes, n),
        )


def sums_of(measured: Measured, baseline: Measured) -> Sums:
    """Add up everything that figures are made of; sums of two audiences add to those of both."""
    everyone = np.zeros(len(measured.users), dtype=np.int64)
    n = np.array([len(everyone)])
    return Sums(
        GroupTable(measured.names, n, *measured.totals),
        GroupTable(baseline.names, n, *baseline.totals),
        difference_by_group(measured, baseline, everyone, 1),
        measured.blocks,
        baseline.blocks,
        measured.groups,
        measured.target,
        measured.aims,
    )


def evaluate(
    audience: Audience,
    lists: Lists | NDArray[np.int32],
    baseline: Measured,
    settings: Settings | None = None,
    *,
    shown: tuple[str, ...] = HEADLINE,
) -> Evaluation:
    """Measure lists against a baseline that was measured over the same people.

    Parameters
    ----------
    audience : Audience
    lists : Lists, or int32 array of shape (n_rows, k)
        Of the same people as ``baseline``.
    baseline : Measured
    settings : Settings, optional
        Those of the baseline by default.
    shown : tuple of str
        Metrics whose verdicts are corrected together.

    Returns
    -------
    Evaluation
    """
    items = lists.items if isinstance(lists, Lists) else lists
    measured = measure(
        audience,
        items,
        baseline=baseline.items,
        users=baseline.users,
        settings=settings or baseline.settings,
    )
    sums = sums_of(measured, baseline)
    unjudged = unjudged_of(
        sums,
        replicates=(measured.replicates, baseline.replicates),
        by_item_group=(measured.by_item_group, baseline.by_item_group),
    )
    return Evaluation(
        audience,
        measured,
        baseline,
        unjudged,
        figures_of(unjudged, shown=shown),
        lists=lists if isinstance(lists, Lists) else None,
    )


def evaluate_scenario(
    artifacts: Artifacts,
    scenario: Scenario,
    *,
    baseline: Scenario | None = None,
    settings: Settings | None = None,
    users: NDArray[np.integer] | None = None,
    shown: tuple[str, ...] = HEADLINE,
    baselines: Recent[tuple[Lists, Measured]] | None = None,
) -> Evaluation:
    """Re-rank everyone under a scenario and measure it against a baseline.

    Parameters
    ----------
    artifacts : Artifacts
    scenario : Scenario
    baseline : Scenario, optional
        The ranker's own order at the same list length by default.
    settings : Settings, optional
        How to measure.
    users : integer array, optional
        Only these people.
    shown : tuple of str
        Metrics whose verdicts are corrected together.
    baselines : Recent, optional
        Where those of these people are kept; everyone's are kept by the audience.

    Returns
    -------
    Evaluation

    Raises
    ------
    ScenarioError, ScoreError
        The scenario or a setting does not fit the data.
    """
    audience = audience_of(artifacts)
    settings = settings or Settings()
    before = replace(baseline or neutral(scenario.k), name="")
    rows = None if users is None else np.asarray(users, dtype=np.int64)

    def measure_baseline() -> tuple[Lists, Measured]:
        lists = rerank(artifacts, before, users=rows)
        return lists, measure(audience, lists.items, users=rows, settings=settings)

    kept = audience.baselines if rows is None else baselines
    old_lists, old = (
        measure_baseline() if kept is None else kept.get((before, settings), measure_baseline)
    )
    with part(0.0, RERANKING):
        lists = rerank(artifacts, scenario, users=rows)
    check_winners(artifacts, scenario, lists, rows)
    with part(RERANKING, 1.0):
        found = evaluate(audience, lists, old, settings, shown=shown)
    return replace(found, baseline_lists=old_lists, scenario=scenario, baseline_scenario=before)
