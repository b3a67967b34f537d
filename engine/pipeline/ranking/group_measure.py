"""Models of their own for the groups of an attribute, on people whose labels they did not see."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from engine.metrics.statistics.verdict import Verdict
from engine.pipeline.ranking.cross_fit import N_PARTS, CrossFit
from engine.pipeline.ranking.departure import (
    Departure,
    GroupLists,
    departure,
    group_lists,
    scores_outside,
    slope,
)
from engine.pipeline.ranking.design import Design
from engine.pipeline.ranking.folds import first_places, label_ndcg, scored_by_others
from engine.pipeline.ranking.group_evidence import gap_verdicts, visible_groups
from engine.pipeline.ranking.ranker import Ranker, TrainingSet

__all__ = ["KINDS", "SEPARATE", "SHRUNK", "GroupScores", "Measured", "measured_groups", "people_of"]
__all__ += ["own_departure", "own_scores"]

SHRUNK, SEPARATE = "shrunk", "separate"
KINDS = (SHRUNK, SEPARATE)

Fit = Callable[[TrainingSet], Ranker]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class GroupScores:
    """What one kind of model of its own gives a group's people.

    Attributes
    ----------
    ndcg : float64 array of shape (n_group,)
        On the labels, which it did not see.
    is_changed : bool array of shape (n_group,)
        Whose list of ten holds another item.
    seconds : float
        CPU seconds.
    """

    ndcg: Floats
    is_changed: NDArray[np.bool_]
    seconds: float


@dataclass(frozen=True, eq=False)
class Measured:
    """Everybody's figures, and those of models of their own for groups that lie below the others.

    Attributes
    ----------
    sample : TrainingSet
    codes : int64 array of shape (n_people,)
        Group of each of its people; -1 for none.
    crossed : CrossFit
        Everybody's ranker.
    ndcg : float64 array of shape (n_people,)
        By it.
    shown : bool array of shape (n_groups,)
    gaps : mapping of int to Verdict
        Of the groups that are shown.
    tried : mapping of int to mapping of str to GroupScores
        Of the groups that lie below the others, by kind.
    """

    sample: TrainingSet
    codes: NDArray[np.int64]
    crossed: CrossFit
    ndcg: Floats
    shown: NDArray[np.bool_]
    gaps: Mapping[int, Verdict]
    tried: Mapping[int, Mapping[str, GroupScores]]


def people_of(codes: NDArray[np.integer], code: int) -> NDArray[np.int64]:
    """Rows of a group's people, rising."""
    return np.flatnonzero(codes == code)


def measured_groups(
    sample: TrainingSet,
    codes: NDArray[np.int64],
    n_groups: int,
    crossed: CrossFit,
    fit: Fit,
    *,
    design: Design,
    seed: int,
    spared: tuple[int, ...] = (),
    tell: Callable[[float], None] = lambda _: None,
) -> Measured:
    """Find the groups that lie below the others, and try both kinds of model for each.

    Parameters
    ----------
    sample : TrainingSet
    codes : int64 array of shape (n_people,)
    n_groups : int
    crossed : CrossFit
        Of everybody's ranker over ``sample``.
    fit : callable
        Fits a ranker of the same kind on some of the people.
    design : Design
        What departures read.
    seed : int
        Thins the rows that departures learn from.
    spared : tuple of int
        Groups that get no model: people who did not say theirs, say.
    tell : callable
        Hears the share of the work done.
    """
    ndcg = label_ndcg(crossed.outside, sample)
    shown = visible_groups(codes, n_groups)
    gaps = gap_verdicts(ndcg, codes, shown)
    below = [code for code, gap in gaps.items() if gap.value < 0 and code not in spared]
    found = {}
    for number, code in enumerate(below):
        people = people_of(codes, code)
        found[code] = own_scores(sample, people, crossed, fit, design=design, seed=seed)
        tell((number + 1) / len(below))
    return Measured(sample, codes, crossed, ndcg, shown, gaps, found)


def own_scores(
    sample: TrainingSet,
    people: NDArray[np.int64],
    crossed: CrossFit,
    fit: Fit,
    *,
    design: Design,
    seed: int,
) -> dict[str, GroupScores]:
    """Try both kinds of model for some people, on labels that neither kind saw.

    Parameters
    ----------
    sample : TrainingSet
    people : int64 array of shape (n_group,)
        Rows of it.
    crossed : CrossFit
        Of everybody's ranker over ``sample``.
    fit : callable
    design : Design
    seed : int

    Returns
    -------
    dict
        By kind, of :data:`KINDS`.
    """
    lists = group_lists(sample, people, crossed.part, design, seed=seed)
    own, before = sample.take(people), crossed.outside[people]
    return {
        SHRUNK: _scored(partial(scores_outside, sample, crossed, lists, people), own, before),
        SEPARATE: _scored(partial(_separate_outside, own, lists, fit), own, before),
    }


def _scored(
    score: Callable[[], NDArray[np.floating]], own: TrainingSet, before: NDArray[np.float32]
) -> GroupScores:
    begun = time.process_time()
    scores = score()
    seconds = time.process_time() - begun
    items = np.sort(first_places(scores, own), axis=1) != np.sort(first_places(before, own), axis=1)
    return GroupScores(label_ndcg(scores, own), items.any(axis=1), seconds)


def _separate_outside(own: TrainingSet, lists: GroupLists, fit: Fit) -> NDArray[np.float32]:
    """Score a group's people by rankers that learned from the other parts of the group alone."""
    scores = np.zeros(own.is_label.shape, np.float32)
    for number in range(N_PARTS):
        held = lists.part == number
        if not held.any() or held.all():
            continue
        scores[held] = scored_by_others(fit, own, held)
    return scores


def own_departure(measured: Measured, code: int, design: Design, *, seed: int) -> Departure:
    """Learn a group's departure from all of its people that were asked, for serving."""
    sample, crossed = measured.sample, measured.crossed
    people = people_of(measured.codes, code)
    lists = group_lists(sample, people, crossed.part, design, seed=seed)
    line = slope(sample, crossed.outside, np.ones(sample.n_people, bool))
    return departure(lists, crossed.outside[people], line, np.ones(len(people), bool))
