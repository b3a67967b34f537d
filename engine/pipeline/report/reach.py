"""How much of the ceiling is reached: lists against the best order of their candidates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.held_out import is_in_rows, ndcg_at
from engine.metrics.audience import audience_of
from engine.metrics.ceiling import best_ndcg
from engine.metrics.stages import retrieval_recall
from engine.pipeline.report.estimates import Estimate, GroupEstimates, group_means, mean_of

__all__ = ["REACH", "Reach", "group_reach", "reach_of"]

REACH = ("found", "retrieved", "ranked", "reranked", "ceiling")
"""Recall of all candidates; NDCG in the retrieved order, the ranker's, now, and at best."""


@dataclass(frozen=True, eq=False)
class Reach:
    """What every person's lists reach, and could.

    Attributes
    ----------
    k : int
        Length of the lists.
    values : dict of str to float64 array of shape (n_users,)
        By :data:`REACH`; NaN where nothing is held out.
    everyone : dict of str to Estimate
        Their means.
    """

    k: int
    values: dict[str, NDArray[np.float64]]
    everyone: dict[str, Estimate]


def reach_of(artifacts: Artifacts, reranked: NDArray[np.int32]) -> Reach:
    """Measure lists of one length at every stage against the best that the candidates allow.

    Parameters
    ----------
    artifacts : Artifacts
    reranked : int32 array of shape (n_users, k)
        The lists under the setting.
    """
    k, n_held = reranked.shape[1], artifacts.holdout.lengths()

    def ndcg(lists: NDArray[np.int32]) -> NDArray[np.float64]:
        top = np.asarray(lists)[:, :k]
        return ndcg_at(k, is_in_rows(top, artifacts.holdout, artifacts.n_items), n_held)

    values = {
        "found": retrieval_recall(artifacts),
        "retrieved": ndcg(artifacts.filtered),
        "ranked": ndcg(artifacts.candidates),
        "reranked": ndcg(reranked),
        "ceiling": best_ndcg(audience_of(artifacts), k).astype(np.float64),
    }
    return Reach(k, values, {name: mean_of(one) for name, one in values.items()})


def group_reach(artifacts: Artifacts, reach: Reach, attribute: str) -> dict[str, GroupEstimates]:
    """Return the means of :data:`REACH` by group of an attribute."""
    return {name: group_means(artifacts, attribute, one) for name, one in reach.values.items()}
