"""How the people of one group depart from everybody's scores, drawn back to them by a ridge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, nan

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.ranking.cross_fit import N_PARTS, CrossFit
from engine.pipeline.ranking.design import Design
from engine.pipeline.ranking.folds import label_ndcg
from engine.pipeline.ranking.log_loss import least_log_loss
from engine.pipeline.ranking.logistic import Logistic
from engine.pipeline.ranking.offset_loss import least_offset_losses
from engine.pipeline.ranking.ranker import TrainingSet

__all__ = ["RIDGES", "Departure", "GroupLists", "chosen_ridge", "departure"]
__all__ += ["group_lists", "learned", "scores_outside", "slope"]

RIDGES = (inf, 30_000.0, 3_000.0, 300.0, 30.0, 3.0)
"""Penalties tried, in rows; the first leaves everybody's scores as they are and wins ties."""

ROWS_A_PERSON, MOST_ROWS = 60, 30_000
"""Rows to learn from: of more, candidates that are no labels are left out by chance."""

LEAST_SLOPE = 1e-6


@dataclass(frozen=True, eq=False)
class Departure:
    """What is added to everybody's scores.

    Attributes
    ----------
    ridge : float
        Penalty that it was learned with; infinite where nothing is added.
    weights : float64 array of shape (n_columns,)
        In everybody's scores, by column of the design.
    """

    ridge: float
    weights: NDArray[np.float64]

    def as_ranker(self, design: Design) -> Logistic:
        """Return what gives the addition to the scores of candidates."""
        return Logistic(design, self.weights, 0.0)


@dataclass(frozen=True, eq=False)
class GroupLists:
    """The candidates of one group's people, laid out to learn a departure from.

    Attributes
    ----------
    columns : float32 array of shape (n_people, n, n_columns)
    lists : TrainingSet
        Of the same people.
    is_kept : bool array of shape (n_people, n)
        Candidates to learn from.
    part : int64 array of shape (n_people,)
    """

    columns: NDArray[np.float32]
    lists: TrainingSet
    is_kept: NDArray[np.bool_]
    part: NDArray[np.int64]


def group_lists(
    training: TrainingSet,
    people: NDArray[np.int64],
    part: NDArray[np.int64],
    design: Design,
    *,
    seed: int,
) -> GroupLists:
    """Lay out the candidates of some of the people.

    Parameters
    ----------
    training : TrainingSet
    people : int64 array of shape (n_group,)
        Rows of ``training``.
    part : int64 array of shape (n_people,)
        Of everybody, see :class:`CrossFit`.
    design : Design
    seed : int
        Thins the rows.
    """
    lists = training.take(people)
    flat = design.columns(lists.features.reshape(-1, lists.features.shape[2]))
    # by a share that no label has a word in, so that none is heard of in another part
    share = min(MOST_ROWS, ROWS_A_PERSON * len(people)) / max(int(lists.is_candidate.sum()), 1)
    stays = np.random.default_rng(seed).random(lists.is_label.shape) < share
    shape = (*lists.is_label.shape, design.n_columns)
    return GroupLists(
        flat.reshape(shape), lists, lists.is_candidate & (lists.is_label | stays), part[people]
    )


def learned(
    group: GroupLists,
    scores: NDArray[np.float32],
    line: float,
    who: NDArray[np.bool_],
    ridges: Sequence[float],
) -> NDArray[np.float64]:
    """Learn the departure of some of a group's people for every ridge.

    Parameters
    ----------
    group : GroupLists
    scores : float32 array of shape (n_group, n)
        Everybody's, by a ranker that did not see these labels.
    line : float
        Log-odds a unit of score, from :func:`slope`.
    who : bool array of shape (n_group,)
        Whose labels are looked at.
    ridges : sequence of float

    Returns
    -------
    float64 array of shape (n_ridges, n_columns)
        In units of the scores.
    """
    rows = group.is_kept & who[:, None]
    offset = line * scores[rows].astype(np.float64)
    labels = group.lists.is_label[rows]
    return least_offset_losses(group.columns[rows], labels, offset, ridges) / line


def slope(training: TrainingSet, scores: NDArray[np.float32], who: NDArray[np.bool_]) -> float:
    """Log-odds of a like that a unit of everybody's score is worth; NaN where it is worth none.

    Parameters
    ----------
    training : TrainingSet
    scores : float32 array of shape (n_people, n)
    who : bool array of shape (n_people,)
        Whose labels are looked at.
    """
    rows = training.is_candidate & who[:, None]
    values = scores[rows][:, None].astype(np.float32)
    spread = float(values.std()) if len(values) else 0.0
    if spread == 0:
        return nan
    found = least_log_loss(values / spread, training.is_label[rows], 1.0)[0] / spread
    return float(found) if found > LEAST_SLOPE else nan


def chosen_ridge(
    group: GroupLists,
    scores: NDArray[np.float32],
    line: float,
    who: NDArray[np.bool_],
    ridges: Sequence[float],
) -> float:
    """Return the ridge whose departure orders best for people whose labels it was not taught.

    Each part of the people in ``who`` is scored by departures that were learned from the others of
    them; the best mean of NDCG@10 wins, of equals the larger ridge.
    """
    total = np.zeros(len(ridges))
    for number in range(N_PARTS):
        held, taught = who & (group.part == number), who & (group.part != number)
        if not held.any() or not taught.any():
            continue
        lists = group.lists.take(held)
        for place, weights in enumerate(learned(group, scores, line, taught, ridges)):
            moved = scores[held] + group.columns[held] @ weights
            total[place] += label_ndcg(moved, lists).sum()
    return ridges[int(np.argmax(np.round(total, 9)))]


def departure(
    group: GroupLists, scores: NDArray[np.float32], line: float, who: NDArray[np.bool_]
) -> Departure:
    """Choose the ridge and learn with it from all in ``who``."""
    if np.isnan(line):
        return Departure(inf, np.zeros(group.columns.shape[2]))
    ridge = chosen_ridge(group, scores, line, who, RIDGES)
    return Departure(ridge, learned(group, scores, line, who, (ridge,))[0])


def scores_outside(
    training: TrainingSet, crossed: CrossFit, group: GroupLists, people: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Score a group's people by departures that no label of their own part had a word in.

    Neither the ranker below, nor the ridge, nor the departure: all three are made anew for each
    part, from the others.

    Returns
    -------
    float64 array of shape (n_group, n)
    """
    found = crossed.outside[people].astype(np.float64)
    for number in range(N_PARTS):
        scores, taught = crossed.without[number], crossed.part != number
        own = group.part != number
        if not own.any() or own.all():
            continue
        line = slope(training, scores, taught)
        made = departure(group, scores[people], line, own)
        found[~own] += group.columns[~own] @ made.weights
    return found
