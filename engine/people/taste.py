"""What a history, a list or a group of people is like: genres and latent factors."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from engine.arrays import PAD, Ragged
from engine.artifacts import Artifacts

__all__ = [
    "distance_from_centre",
    "genre_membership",
    "genre_mix",
    "liked_items",
    "liked_rows",
    "list_genre_mix",
    "nearest_items",
]


def liked_rows(artifacts: Artifacts) -> Ragged:
    """Every person's liked items before the test, oldest first."""
    is_liked = np.asarray(artifacts.history_is_liked)
    running = np.concatenate(([0], np.cumsum(is_liked, dtype=np.int64)))
    indices = np.asarray(artifacts.history.indices)[is_liked]
    return Ragged(running[artifacts.history.indptr], indices)


def liked_items(artifacts: Artifacts, user: int) -> NDArray[np.int32]:
    """One person's liked items before the test, oldest first; O(their history)."""
    history = artifacts.history
    span = slice(history.indptr[user], history.indptr[user + 1])
    return np.asarray(history.indices[span])[np.asarray(artifacts.history_is_liked[span])]


def genre_membership(
    artifacts: Artifacts, items: NDArray[np.integer] | None = None
) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """Share each item evenly among its genres: labels, and ``p(g | i)``.

    Parameters
    ----------
    artifacts : Artifacts
    items : integer array of shape (n,), optional
        Which items; all of the catalogue by default.

    Returns
    -------
    labels : tuple of str
        The genres, and last ``"no genre"`` where some item of the catalogue has none.
    membership : float32 array of shape (n, len(labels))
        Rows sum to 1.
    """
    genres = np.asarray(artifacts.genre_matrix)
    member, labels = genres if items is None else genres[items], artifacts.genre_names
    if not genres.any(axis=1).all():
        member = np.column_stack([member, ~member.any(axis=1)])
        labels = (*labels, "no genre")
    return labels, (member / member.sum(axis=1, keepdims=True)).astype(np.float32)


def genre_mix(rows: Ragged, membership: NDArray[np.float32]) -> NDArray[np.float64]:
    """Share of each genre in every row: the mean of ``p(g | i)`` over the row's items.

    Parameters
    ----------
    rows : Ragged
    membership : float32 array of shape (n_items, n_genres)
        ``p(g | i)``; rows sum to 1 (:func:`genre_membership`).

    Returns
    -------
    float64 array of shape (n_rows, n_genres)
        Rows sum to 1; NaN where a row is empty. O(entries · genres).

    Source
    ------
    Steck, "Calibrated recommendations", RecSys 2018, equation 2 with equal weights.
    """
    lengths = rows.lengths()
    ones = np.ones(len(rows.indices), np.float32)
    shape = (rows.n_rows, len(membership))
    table = sp.csr_matrix((ones, rows.indices, rows.indptr), shape=shape)
    totals = (table @ membership).astype(np.float64)
    return totals / np.where(lengths > 0, lengths, np.nan)[:, None]


def list_genre_mix(
    lists: NDArray[np.int32], membership: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Share of each genre in every list of a rectangular array, as :func:`genre_mix`.

    Parameters
    ----------
    lists : int32 array of shape (n_lists, k)
        :data:`~engine.arrays.PAD` fills short rows.
    membership : float32 array of shape (n_items, n_genres)

    Returns
    -------
    float64 array of shape (n_lists, n_genres)
        NaN where a list is empty.
    """
    is_item = lists != PAD
    indptr = np.concatenate(([0], np.cumsum(is_item.sum(axis=1), dtype=np.int64)))
    return genre_mix(Ragged(indptr, lists[is_item]), membership)


def distance_from_centre(
    parts: tuple[NDArray[Any], ...], among: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """How far each marked person is from the mean of all marked, over several descriptions.

    Each description is weighed by its own spread, so that none outvotes another by its scale:
    ``d² = mean over parts of ‖x_u − x̄‖² / mean_v ‖x_v − x̄‖²``. The root mean square of ``d`` is 1,
    so 0.5 reads as "half as far from the centre as a usual member". The person with the smallest
    ``d`` stands for the group (its medoid, taking the mean as centre).

    Parameters
    ----------
    parts : tuple of float arrays of shape (n_users, width)
        Descriptions, such as a genre mix and unit-length factors; NaN rows are people without.
    among : bool array of shape (n_users,)

    Returns
    -------
    float64 array of shape (n_users,)
        NaN for people who are not marked or lack a description. 0 where all are the same.
    """
    usable = among.copy()
    for part in parts:
        usable &= np.isfinite(part).all(axis=1)
    squared = np.full(len(among), np.nan)
    if not usable.any():
        return squared
    total = np.zeros(int(usable.sum()))
    for part in parts:
        members = part[usable].astype(np.float64)
        spread = ((members - members.mean(axis=0)) ** 2).sum(axis=1)
        mean = spread.mean()
        # what rounding leaves of members who are all the same is no spread
        is_spread = mean > 1e-20 * (members**2).sum(axis=1).mean()
        total += spread / mean if is_spread else 0.0
    squared[usable] = total / len(parts)
    return np.sqrt(squared)


def nearest_items(
    factors: NDArray[np.float32],
    anchors: NDArray[np.int32],
    items: NDArray[np.int32],
    *,
    n: int = 3,
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Find the anchors most like each item: "because they liked …".

    Parameters
    ----------
    factors : float32 array of shape (n_items, d)
        Unit length; likeness is the dot product, in [-1, 1].
    anchors : int32 array of shape (n_anchors,)
        Oldest first; of equally like ones the latest wins. An item is never its own anchor.
    items : int32 array of shape (m,)
        :data:`~engine.arrays.PAD` is allowed.
    n : int

    Returns
    -------
    nearest : int32 array of shape (m, n)
        Most alike first; :data:`~engine.arrays.PAD` where there are fewer anchors.
    likeness : float32 array of shape (m, n)
        NaN where padded.
    """
    latest_first = np.asarray(anchors)[::-1]
    likeness = factors[items] @ factors[latest_first].T
    likeness[items[:, None] == latest_first[None, :]] = -np.inf
    likeness[items == PAD] = -np.inf
    order = np.argsort(-likeness, axis=1, kind="stable")[:, :n]
    best = np.take_along_axis(likeness, order, axis=1)
    nearest = np.full((len(items), n), PAD, np.int32)
    values = np.full((len(items), n), np.nan, np.float32)
    is_real = np.isfinite(best)
    nearest[:, : order.shape[1]][is_real] = latest_first[order][is_real]
    values[:, : order.shape[1]][is_real] = best[is_real]
    return nearest, values
