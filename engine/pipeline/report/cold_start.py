"""How well somebody new is served: people held back on purpose, with their first few interactions.

Sources and statistics are made anew without the people asked about, who are then folded in with
the last ``n`` interactions of their history. The ranker is the fit's own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD, Ragged, closed_up
from engine.artifacts import Artifacts
from engine.held_out import is_in_rows, ndcg_at
from engine.pipeline.moment import Moment
from engine.pipeline.ranking.ordering import LEANS_BELOW
from engine.pipeline.report.cold_moment import (
    COLD_LENGTHS,
    evenly,
    lists_as_of,
    moment_as_fitted,
)
from engine.pipeline.report.estimates import Estimate, mean_of
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.serving import everybodys_histories

__all__ = ["ColdPoint", "cold_start_curve", "held_back", "last_of"]

LIST_LENGTH = 10
ONE_OF, MOST_PEOPLE = 5, 400
"""People held back: one of so many, and at most so many."""

Told = Callable[[float], None]


@dataclass(frozen=True)
class ColdPoint:
    """How people are served of whom ``known`` interactions are known; -1 for their whole history.

    Attributes
    ----------
    known : int
    ndcg, popularity : Estimate
        NDCG@10 of the pipeline's lists, and of the most liked items.
    gain : Estimate
        The difference, person by person.
    leans : bool
        Whether lists of so short a history lean on popularity.
    """

    known: int
    ndcg: Estimate
    popularity: Estimate
    gain: Estimate
    leans: bool


def held_back(artifacts: Artifacts) -> NDArray[np.int64]:
    """Choose the people to ask about: evenly spaced, with a history to hide and likes held out.

    Returns
    -------
    int64 array of shape (n,)
        Rising; at most a fifth of all, so that the others still teach the sources.
    """
    able = np.flatnonzero(
        (artifacts.history.lengths() >= max(COLD_LENGTHS)) & (artifacts.holdout.lengths() > 0)
    )
    n = min(len(able), artifacts.n_users // ONE_OF, MOST_PEOPLE)
    return evenly(able, n)


def cold_start_curve(
    artifacts: Artifacts,
    *,
    lengths: Sequence[int] = COLD_LENGTHS,
    tell: Told = lambda _: None,
) -> tuple[ColdPoint, ...]:
    """Measure NDCG@10 against the number of interactions that are known, beside popularity.

    What a person did besides the ``n`` last interactions is hidden from the pipeline and, unless
    items come again, left out of both lists: it would take places that can hold no held-out like.

    Parameters
    ----------
    artifacts : Artifacts
    lengths : sequence of int
    tell : callable
        Hears the share done; may raise to stop.

    Returns
    -------
    tuple of ColdPoint
        The whole history last; empty where nobody can be asked.
    """
    people = held_back(artifacts)
    if not len(people):
        return ()
    everybody = everybodys_histories(artifacts)
    others = np.setdiff1d(np.arange(artifacts.n_users), people)
    moment = moment_as_fitted(artifacts, everybody.take(others), others)
    tell(0.4)
    whole, holdout = everybody.take(people), artifacts.holdout.take(people)
    popular = _popular(moment, whole)
    points = []
    for number, length in enumerate((*lengths, -1)):
        known = whole if length < 0 else last_of(whole, length)
        lists = lists_as_of(artifacts, moment, people, known)
        leans = 0 <= length < LEANS_BELOW
        points.append(_point(length, lists, popular, whole, holdout, leans=leans))
        tell(0.4 + 0.6 * (number + 1) / (len(lengths) + 1))
    return tuple(points)


def last_of(histories: Histories, n: int) -> Histories:
    """Keep the last ``n`` interactions of everybody."""
    lengths = histories.seen.lengths()
    kept = np.minimum(lengths, n)
    ends = histories.seen.indptr[1:]
    entries = np.concatenate(
        [np.arange(end - size, end) for end, size in zip(ends, kept, strict=True)]
        or [np.empty(0, np.int64)]
    ).astype(np.int64)
    indptr = np.concatenate(([0], np.cumsum(kept))).astype(np.int64)
    return histories.of_entries(entries, indptr)


def _popular(moment: Moment, whole: Histories) -> NDArray[np.int32]:
    """Return everybody's most liked items, enough that ten stay when what was met is left out."""
    order = np.argsort(-moment.statistics.liked, kind="stable")
    most = int(whole.seen.lengths().max(initial=0)) + LIST_LENGTH
    return np.tile(order[:most].astype(np.int32), (whole.n_people, 1))


def _point(
    length: int,
    lists: NDArray[np.int32],
    popular: NDArray[np.int32],
    whole: Histories,
    holdout: Ragged,
    *,
    leans: bool,
) -> ColdPoint:
    own, simple = (_ndcg(rows, whole, holdout) for rows in (lists, popular))
    gain = mean_of(own - simple, bounds=None)
    return ColdPoint(length, mean_of(own), mean_of(simple), gain, leans)


def _ndcg(rows: NDArray[np.int32], whole: Histories, holdout: Ragged) -> NDArray[np.float64]:
    """NDCG@10 of the rows without what was met before, unless it may come again."""
    is_out = rows == PAD
    if whole.count is None:
        is_out |= is_in_rows(rows, whole.seen, whole.n_items)
    kept = closed_up(rows, is_out, LIST_LENGTH)
    return ndcg_at(LIST_LENGTH, is_in_rows(kept, holdout, whole.n_items), holdout.lengths())
