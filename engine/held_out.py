"""How well ordered lists find held-out items: the two figures that a fit reports."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from engine.arrays import PAD, Ragged
from engine.metrics.intervals import t_quantile

__all__ = [
    "LIST_LENGTH",
    "is_in_rows",
    "mean_with_half_width",
    "ndcg_at",
    "quality_of",
    "recall_at",
]

LIST_LENGTH = 10
RECALL_AT = 200


def is_in_rows(lists: NDArray[np.int32], rows: Ragged, n_items: int) -> NDArray[np.bool_]:
    """Whether each list entry is in the same person's row, bool of the shape of ``lists``.

    O(entries · log row). :data:`PAD` is in no row.
    """
    ones = np.ones(len(rows.indices), bool)
    shape = (rows.n_rows, n_items)
    table = sp.csr_matrix((ones, rows.indices, rows.indptr), shape=shape, copy=True)
    table.sum_duplicates()
    people = np.repeat(np.arange(len(lists)), lists.shape[1])
    found = np.asarray(table[people, np.maximum(lists, 0).ravel()]).reshape(lists.shape)
    return found.astype(bool) & (lists != PAD)


def ndcg_at(
    k: int, is_hit: NDArray[np.bool_], n_relevant: NDArray[np.integer]
) -> NDArray[np.float64]:
    """NDCG at ``k`` of every list; NaN where nothing was held out.

    ``Σ_j hit_j / log₂(j + 1)`` over the same of a list that has ``min(n_relevant, k)`` hits first.

    Parameters
    ----------
    k : int
    is_hit : bool array of shape (n_people, n)
    n_relevant : int array of shape (n_people,)

    Source
    ------
    Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", TOIS 2002.
    """
    discount = 1.0 / np.log2(np.arange(2, k + 2))
    top = is_hit[:, :k]
    gained = top @ discount[: top.shape[1]]
    ideal = np.concatenate(([np.nan], np.cumsum(discount)))[np.minimum(n_relevant, k)]
    return gained / ideal


def recall_at(
    k: int, is_hit: NDArray[np.bool_], n_relevant: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Share of the held-out items among the first ``k``; NaN where nothing was held out."""
    hits = is_hit[:, :k].sum(axis=1)
    return hits / np.where(n_relevant > 0, n_relevant, np.nan)


def quality_of(lists: NDArray[np.int32], holdout: Ragged, n_items: int) -> dict[str, float | int]:
    """NDCG@10 and recall@200 of ordered lists, over the people who have something held out.

    Parameters
    ----------
    lists : int32 array of shape (n_people, n)
    holdout : Ragged
    n_items : int

    Returns
    -------
    dict
        ``ndcg_at_10``, ``recall_at_200`` (of the ``n`` if the lists are shorter), and ``n``, the
        number of people behind them; NaN where that is 0. ``ndcg_half_width`` and
        ``recall_half_width`` are half of their 95 % intervals (Student's t over people): what
        other people of the same kind could have given. NaN for fewer than two.
    """
    is_hit = is_in_rows(lists, holdout, n_items)
    n_relevant = holdout.lengths()
    n = int((n_relevant > 0).sum())
    ndcg, ndcg_half = mean_with_half_width(ndcg_at(LIST_LENGTH, is_hit, n_relevant))
    recall, recall_half = mean_with_half_width(recall_at(RECALL_AT, is_hit, n_relevant))
    return {
        "ndcg_at_10": ndcg,
        "ndcg_half_width": ndcg_half,
        "recall_at_200": recall,
        "recall_half_width": recall_half,
        "n": n,
    }


def mean_with_half_width(values: NDArray[np.float64]) -> tuple[float, float]:
    """Mean of what is not NaN, and half of its 95 % interval (Student's t); NaN if undefined."""
    known = values[~np.isnan(values)]
    n = len(known)
    if n < 2:
        return (float(known[0]) if n else float("nan")), float("nan")
    half = t_quantile(np.array([n - 1]))[0] * known.std(ddof=1) / np.sqrt(n)
    return float(known.mean()), float(half)
