"""What each control does: turn it off alone, keep all others, and see what changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from engine.artifacts import Artifacts
from engine.controls import CONTROLS
from engine.evaluation import Evaluation, evaluate
from engine.formats import interval
from engine.metrics.figures import Figure, judge_each
from engine.reranking import Lists, effective_weights, relevance_kept, rerank
from engine.scenario import WEIGHTS, Scenario

__all__ = ["Removal", "active_controls", "removal_frame", "remove_each"]

LIMITS = ("caps", "rules")
VERDICT_SIGNS = {"better": "▲", "worse": "▼", "as before": "="}


@dataclass(frozen=True)
class Removal:
    """One control turned off alone.

    Attributes
    ----------
    name : str
        A weight, ``caps`` or ``rules``.
    weight : float
        As set; NaN for caps and rules.
    share : float
        Of the sum of weights, the ranker's score counting 1; NaN where it is no term of that sum.
    changed : float
        Share of people whose list is another without the control.
    effort : float
        Share of the ranker's score that the control costs, beside all others.
    ndcg : Figure
        Without the control, against with it; judged with those of all other controls turned off.
    """

    name: str
    weight: float
    share: float
    changed: float
    effort: float
    ndcg: Figure

    @property
    def label(self) -> str:
        """Name for people."""
        return CONTROLS[self.name].label if self.name in CONTROLS else self.name.capitalize()


def active_controls(scenario: Scenario) -> tuple[str, ...]:
    """Names of the controls that are turned on."""
    weights = tuple(name for name in WEIGHTS if getattr(scenario, name) > 0)
    return weights + tuple(name for name in LIMITS if getattr(scenario, name))


def remove_each(artifacts: Artifacts, scenario: Scenario, found: Evaluation) -> tuple[Removal, ...]:
    """Turn off every active control in turn; one re-ranking and one measurement each.

    Parameters
    ----------
    artifacts : Artifacts
    scenario : Scenario
    found : Evaluation
        Everybody's lists under ``scenario``.
    """
    shares = effective_weights(scenario)
    kept = _mean_kept(artifacts, found.measured.items, found.lists)
    removals, unjudged = [], []
    for name in active_controls(scenario):
        lists = rerank(artifacts, scenario.without(name))
        without = evaluate(found.audience, lists, found.measured)
        unjudged.append(without.unjudged["ndcg"])
        changed = (lists.items != found.measured.items).any(axis=1).mean()
        removals.append(
            Removal(
                name,
                float("nan") if name in LIMITS else getattr(scenario, name),
                shares.get(name) or float("nan"),
                float(changed),
                _mean_kept(artifacts, lists.items, lists) - kept,
                without.figures["ndcg"],
            )
        )
    judged = judge_each("ndcg", unjudged)
    return tuple(
        replace(removal, ndcg=figure) for removal, figure in zip(removals, judged, strict=True)
    )


def _mean_kept(artifacts: Artifacts, items: np.ndarray, lists: Lists | None) -> float:
    if lists is None or not len(items):
        return float("nan")
    kept = relevance_kept(artifacts, lists)
    return float(np.nanmean(kept)) if np.isfinite(kept).any() else float("nan")


def removal_frame(removals: Sequence[Removal]) -> pd.DataFrame:
    """Return the table, strongest first; shares in per cent."""
    rows = sorted(removals, key=lambda removal: -removal.changed)
    return pd.DataFrame(
        {
            "control": [row.label for row in rows],
            "weight": [row.weight for row in rows],
            "share": [100 * row.share for row in rows],
            "effort": [100 * row.effort for row in rows],
            "changed": [100 * row.changed for row in rows],
            "ndcg": [_change(row.ndcg) for row in rows],
        }
    )


def _change(ndcg: Figure) -> str:
    """Inside the noise it is no change, whatever its sign."""
    sign = VERDICT_SIGNS.get(ndcg.verdict, "≈")
    return f"{sign} {interval(ndcg.difference_low, ndcg.difference_high)}"
