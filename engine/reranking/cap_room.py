"""Whether a cap can be kept at all: which people's candidates leave no list that keeps it.

A broken cap is not proof: an earlier choice may have used up what the cap needed. Here the
candidates are counted, so that "cannot be kept" means that no order of them would keep it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.reranking.candidate_pool import CandidatePool
from engine.scenario import Cap

__all__ = ["capped_marks", "no_room"]

PEOPLE_AT_ONCE = 8192
OUT = np.iinfo(np.int64).max // 1024
"""Class, or units, of what is no open candidate: sorts last and never fits."""


def no_room(
    pool: CandidatePool, cap: Cap, k: int, is_hidden: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return for whom no ``k`` of their candidates could keep the cap, shape (n_users,).

    Exact for a cap on one genre or provider and for a cap on any provider. For a cap on any genre,
    where an item may have several, a person is reported only where it is proven: by counting every
    item against one of its genres, or all its genres against the room in all of them.

    Parameters
    ----------
    pool : CandidatePool
    cap : Cap
    k : int
        List length.
    is_hidden : bool array of shape (n_items,)
        Items that a rule hides.
    """
    if cap.at_most >= min(cap.top, k):
        return np.zeros(pool.n_users, dtype=bool)
    classes = _classes(pool, cap)
    units = pool.genre_matrix.sum(axis=1).astype(np.int64)
    is_open = np.append(~is_hidden, False)  # the last one takes the padding, -1
    out = np.empty(pool.n_users, dtype=bool)
    for start in range(0, pool.n_users, PEOPLE_AT_ONCE):
        rows = slice(start, start + PEOPLE_AT_ONCE)
        candidates = pool.candidates[rows].view(np.int32)
        is_there = is_open[candidates]
        places = np.minimum(min(cap.top, k), is_there.sum(axis=1))
        bounds = [_most_by_class(of[candidates], is_there, cap.at_most) for of in classes]
        if len(classes) > 1:
            room = cap.at_most * pool.genre_matrix.shape[1]
            bounds.append(_most_by_units(units[candidates], is_there, room))
        out[rows] = np.min(bounds, axis=0) < places
    return out


def capped_marks(pool: CandidatePool, cap: Cap) -> NDArray[np.bool_]:
    """Return what the cap counts of each item, a column per genre or provider that it means."""
    if cap.kind == "provider":
        marks = pool.items["provider"][:, None] == np.arange(pool.n_providers)
        names = pool.provider_names
    else:
        marks, names = pool.genre_matrix, pool.genre_names
    return marks if cap.value is None else marks[:, [names.index(cap.value)]]


def _classes(pool: CandidatePool, cap: Cap) -> list[NDArray[np.int64]]:
    """Return ways to give each item one class that the cap counts, -1 where it counts none."""
    if cap.kind == "provider":
        provider = pool.items["provider"].astype(np.int64)
        known = np.where(provider < pool.n_providers, provider, -1)
        if cap.value is None:
            return [known]
        return [np.where(known == pool.provider_names.index(cap.value), 0, -1)]
    genres = pool.genre_matrix
    if cap.value is not None:
        return [np.where(genres[:, pool.genre_names.index(cap.value)], 0, -1)]
    if not genres.shape[1]:
        return [np.full(pool.n_items, -1)]
    sizes = genres[pool.is_candidate].sum(axis=0)
    orders = (np.argsort(-sizes, kind="stable"), np.argsort(sizes, kind="stable"))
    has_any = genres.any(axis=1)
    return [np.where(has_any, order[genres[:, order].argmax(axis=1)], -1) for order in orders]


def _most_by_class(
    of: NDArray[np.int64], is_there: NDArray[np.bool_], at_most: int
) -> NDArray[np.int64]:
    """Return how many of a row fit if each class holds ``at_most``, shape (n_rows,)."""
    sorted_ = np.sort(np.where(is_there, of, OUT), axis=1)
    places = np.arange(sorted_.shape[1])
    is_first = np.diff(sorted_, axis=1, prepend=-2) != 0
    before = places - np.maximum.accumulate(np.where(is_first, places, 0), axis=1)
    fits = (sorted_ < OUT) & ((before < at_most) | (sorted_ < 0))
    return fits.sum(axis=1)


def _most_by_units(
    units: NDArray[np.int64], is_there: NDArray[np.bool_], room: int
) -> NDArray[np.int64]:
    """Return how many of a row fit into ``room`` if each takes its units, shape (n_rows,)."""
    taken = np.cumsum(np.sort(np.where(is_there, units, OUT), axis=1), axis=1)
    return (taken <= room).sum(axis=1)
