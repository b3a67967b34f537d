"""Features of how much of an item people take: seconds watched, times played, or the rating given.

An amount counts beside the same person's others: its logarithm (with its sign), less the mean of
those of the person. Of what is liked and what is only met much is lost; this keeps the degree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from engine.pipeline.retrieval.factor_search import grid_rows, pair_scores
from engine.pipeline.retrieval.histories import Histories, entry_rows

if TYPE_CHECKING:
    from engine.pipeline.ranking.candidate_features import Context

__all__ = ["amount_features", "item_amounts", "relative_amounts"]

PRIOR_PEOPLE = 10.0
"""An item's mean is drawn towards 0, the usual, by so many imagined people."""


def relative_amounts(histories: Histories) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Amounts beside the person's mean, shape (nnz,), and those means, shape (n_people,).

    0 for an amount that is not known; NaN for the mean of somebody of whom none is.

    Examples
    --------
    >>> from engine.arrays import Ragged
    >>> seen = Ragged.from_rows([[0, 1], []])
    >>> amount = np.array([0.0, np.e**2 - 1], np.float32)
    >>> two = Histories(2, seen, np.ones(2, bool), np.zeros(2), amount=amount)
    >>> [np.round(part, 3).tolist() for part in relative_amounts(two)]
    [[-1.0, 1.0], [1.0, nan]]
    """
    assert histories.amount is not None
    amount = histories.amount.astype(np.float64)
    logs = np.sign(amount) * np.log1p(np.abs(amount))
    rows, is_known = entry_rows(histories.seen), ~np.isnan(logs)
    logs = np.where(is_known, logs, 0.0)
    n = np.bincount(rows, is_known, histories.n_people)
    mean = np.bincount(rows, logs, histories.n_people) / np.where(n > 0, n, np.nan)
    return np.where(is_known, logs - mean[rows], 0.0), mean


def item_amounts(audience: Histories) -> NDArray[np.float32]:
    """Mean of an item's relative amounts over the people who met it, float32 of (n_items,)."""
    assert audience.amount is not None
    relative, _ = relative_amounts(audience)
    items, n_items = audience.seen.indices, audience.n_items
    n = np.bincount(items, ~np.isnan(audience.amount), n_items)
    total = np.bincount(items, relative, n_items)
    return (total / (n + PRIOR_PEOPLE)).astype(np.float32)


def amount_features(context: Context) -> dict[str, NDArray[Any]]:
    """Say how much of it people take, how much the person does, and how it suits what they took.

    "taste by amounts" is the inner product of the item's vector with the sum of those of the
    history, each times its relative amount: what was taken little of speaks against.
    """
    histories, statistics = context.histories, context.statistics
    if histories.amount is None or not len(statistics.amount):
        return {}
    relative, usual = relative_amounts(histories)
    ends, lengths = histories.seen.indptr[1:], histories.seen.lengths()
    last = np.full(len(lengths), np.nan)
    last[lengths > 0] = relative[ends[lengths > 0] - 1]
    shape = (histories.n_people, histories.n_items)
    weights = sp.csr_matrix((relative, histories.seen.indices, histories.seen.indptr), shape=shape)
    weight = np.bincount(entry_rows(histories.seen), np.abs(relative), histories.n_people)
    people = weights @ context.item_factors / np.maximum(weight, 1e-9)[:, None]
    people = np.ascontiguousarray(people, np.float32)
    taste = pair_scores(people, context.item_factors, grid_rows(context.candidates))
    return {
        "much of it taken": statistics.amount[context.columns],
        "taste by amounts": taste.reshape(context.candidates.shape),
        "person's usual amount": context.of_person(usual),
        "last amount against usual": context.of_person(last),
    }
