"""The funnel: what each stage leaves of the catalogue, for everyone and for one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD
from engine.artifacts import Artifacts
from engine.held_out import is_in_rows
from engine.pipeline.report.estimates import Estimate, mean_of

__all__ = ["FUNNEL", "FunnelStage", "PersonStage", "funnel", "person_funnel", "stage_seconds"]

FUNNEL = ("catalogue", "retrieved", "filtered", "ranked", "reranked")
"""From all items to a person's list: candidates up to ``filtered``, then the first ``k``."""

MADE_BY = {
    "Split by time": "catalogue",
    "Sources": "retrieved",
    "Quality of the sources": "retrieved",
    "Index": "retrieved",
    "Candidates, before": "filtered",
    "Candidates and ranking": "ranked",
    "Ranker": "ranked",
}
"""First words of a step of the fit → the stage that it is for."""


@dataclass(frozen=True, eq=False)
class PersonStage:
    """What a stage holds for every person.

    Attributes
    ----------
    name : str
        One of :data:`FUNNEL`.
    n_items, n_seen : int64 arrays of shape (n_users,)
        Items of each person, and those of them that the person had met before.
    tail : float64 array of shape (n_users,)
        Share of the items that are of the long tail; NaN where there is none.
    found : float64 array of shape (n_users,)
        Share of the person's held-out likes among the items; NaN where nothing is held out.
    n_different : int
        Items that are in anybody's.
    """

    name: str
    n_items: NDArray[np.int64]
    n_seen: NDArray[np.int64]
    tail: NDArray[np.float64]
    found: NDArray[np.float64]
    n_different: int


@dataclass(frozen=True)
class FunnelStage:
    """The same over everyone: means over people, with intervals of what is sampled."""

    name: str
    n_items: float
    n_seen: float
    n_different: int
    tail: Estimate
    found: Estimate


def person_funnel(artifacts: Artifacts, reranked: NDArray[np.int32]) -> tuple[PersonStage, ...]:
    """Describe every stage for every person.

    Parameters
    ----------
    artifacts : Artifacts
    reranked : int32 array of shape (n_users, k)
        The lists under the setting; the ranker's are cut to the same length.

    Returns
    -------
    tuple of PersonStage
        In the order of :data:`FUNNEL`. O(n_users · n_candidates).
    """
    lists = {
        "retrieved": np.asarray(artifacts.retrieved),
        "filtered": np.asarray(artifacts.filtered),
        "ranked": np.asarray(artifacts.candidates)[:, : reranked.shape[1]],
        "reranked": reranked,
    }
    return (_catalogue(artifacts), *(_described(artifacts, *one) for one in lists.items()))


def _catalogue(artifacts: Artifacts) -> PersonStage:
    n_users, held = artifacts.n_users, artifacts.holdout.lengths()
    return PersonStage(
        "catalogue",
        np.full(n_users, artifacts.n_items, np.int64),
        artifacts.history.lengths(),
        np.full(n_users, artifacts.is_long_tail.mean()),
        np.where(held > 0, 1.0, np.nan),
        artifacts.n_items,
    )


def _described(artifacts: Artifacts, name: str, lists: NDArray[np.int32]) -> PersonStage:
    is_there = lists != PAD
    n_items = is_there.sum(axis=1)
    tail = (artifacts.is_long_tail[np.maximum(lists, 0)] & is_there).sum(axis=1)
    held = artifacts.holdout.lengths()
    hits = is_in_rows(lists, artifacts.holdout, artifacts.n_items).sum(axis=1)
    return PersonStage(
        name,
        n_items,
        is_in_rows(lists, artifacts.history, artifacts.n_items).sum(axis=1),
        _share(tail, n_items),
        _share(hits, held),
        len(np.unique(lists[is_there])),
    )


def _share(above: NDArray[np.integer], below: NDArray[np.integer]) -> NDArray[np.float64]:
    return np.divide(above, below, out=np.full(len(below), np.nan), where=below > 0)


def funnel(stages: tuple[PersonStage, ...]) -> tuple[FunnelStage, ...]:
    """Average :func:`person_funnel` over everyone.

    The catalogue is the same for all, so it has no interval.
    """
    return tuple(
        FunnelStage(
            one.name,
            float(one.n_items.mean()),
            float(one.n_seen.mean()),
            one.n_different,
            _mean(one, one.tail),
            _mean(one, one.found),
        )
        for one in stages
    )


def _mean(stage: PersonStage, values: NDArray[np.float64]) -> Estimate:
    found = mean_of(values)
    if stage.name != "catalogue":
        return found
    return Estimate(found.value, np.nan, np.nan, found.n)


def stage_seconds(timings: Mapping[str, float]) -> dict[str, float]:
    """Add up what the fit took by the stage that the step is for; ``other`` for the rest.

    >>> stage_seconds({"Sources, whole history": 2.0, "Index": 0.5, "Artifacts": 0.1})
    {'retrieved': 2.5, 'other': 0.1}
    """
    out: dict[str, float] = {}
    for step, seconds in timings.items():
        stage = next((one for start, one in MADE_BY.items() if step.startswith(start)), "other")
        out[stage] = out.get(stage, 0.0) + seconds
    return out
