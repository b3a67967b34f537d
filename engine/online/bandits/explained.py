"""Explanations as arms: each is shown with the candidate that it fits best.

"Because you liked …" is a different title from "popular near you", so what is chosen is a pair of a
reason and a title (McInerney et al. 2018, "Explore, exploit, and explain"). The words themselves
move nobody in a simulated world: what is learned there is where each reason leads.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD, Ragged
from engine.artifacts import Artifacts
from engine.people.taste import liked_rows

__all__ = ["explained_titles"]

Shown = NDArray[np.int64]
LAST_LIKED = 10
PLACES = ("region", "country", "city", "state", "county", "location", "postcode")
"""Names of attributes that say where somebody is."""


def explained_titles(
    artifacts: Artifacts, people: NDArray[np.int64], candidates: NDArray[np.int32]
) -> tuple[list[str], Shown]:
    """Find the title of each explanation for each person.

    Parameters
    ----------
    artifacts : Artifacts
    people : int64 array of shape (n,)
        Rows of the artifacts.
    candidates : int32 array of shape (n, n_candidates)
        Theirs, in the ranker's order.

    Returns
    -------
    labels : list of str
        Only those that these data can give: "new" needs dates, "your genre" genres.
    shown : int64 array of shape (n, n_labels)
        Items; -1 where there is none for the person.
    """
    liked = liked_rows(artifacts)
    place, group = _near(artifacts, liked, people, candidates)
    likes, own = np.bincount(liked.indices, minlength=artifacts.n_items), liked.take(people)
    released = np.nan_to_num(np.asarray(artifacts.released_day, np.float64), nan=-np.inf)
    found: dict[str, Shown] = {
        "picked for you": candidates[:, 0].astype(np.int64),
        "because you liked …": _like_what_they_liked(artifacts, own, candidates),
        place: group,
        "liked by everybody": _largest(candidates, likes[np.maximum(candidates, 0)]),
        "new": _largest(candidates, released[np.maximum(candidates, 0)]),
        "more of your genre": _of_genre(artifacts, own, candidates),
    }
    kept = {label: items for label, items in found.items() if (items >= 0).any()}
    return list(kept), np.column_stack(list(kept.values())).astype(np.int64)


def _largest(candidates: NDArray[np.int32], values: NDArray[Any]) -> Shown:
    """Return the candidate with the largest value, the better ranked among equals; -1 for none."""
    own = np.where(candidates == PAD, -np.inf, values)
    at = own.argmax(axis=1)
    rows = np.arange(len(own))
    return np.where(np.isfinite(own[rows, at]), candidates[rows, at], -1).astype(np.int64)


def _near(
    artifacts: Artifacts,
    liked: Ragged,
    people: NDArray[np.int64],
    candidates: NDArray[np.int32],
) -> tuple[str, Shown]:
    """Find what is liked most where each person lives, or in their first group."""
    names = list(artifacts.attributes)
    where = next((n for n in names if any(word in n.casefold() for word in PLACES)), names[0])
    codes = np.asarray(artifacts.user_groups)[:, names.index(where)].astype(np.int64)
    cell = np.repeat(codes, liked.lengths()) * artifacts.n_items + liked.indices
    n_groups = int(codes.max(initial=0)) + 1
    table = np.bincount(cell, minlength=n_groups * artifacts.n_items).reshape(n_groups, -1)
    is_place = any(word in where.casefold() for word in PLACES)
    label = "popular near you" if is_place else f"popular among people of your {where}"
    return label, _largest(candidates, table[codes[people][:, None], np.maximum(candidates, 0)])


def _like_what_they_liked(
    artifacts: Artifacts, likes: Ragged, candidates: NDArray[np.int32]
) -> Shown:
    """Find the candidate most like any of the last ten liked titles."""
    factors = np.asarray(artifacts.item_factors)
    values = np.full(candidates.shape, -np.inf)
    for row in range(likes.n_rows):
        liked = likes.row(row)
        if len(liked):
            likeness = factors[np.maximum(candidates[row], 0)] @ factors[liked[-LAST_LIKED:]].T
            values[row] = likeness.max(axis=1)
    return _largest(candidates, values)


def _of_genre(artifacts: Artifacts, likes: Ragged, candidates: NDArray[np.int32]) -> Shown:
    """Find the best-ranked candidate of the genre that most of the person's likes have."""
    genres = np.asarray(artifacts.genre_matrix)
    values = np.full(candidates.shape, -np.inf)
    if not genres.shape[1]:
        return _largest(candidates, values)
    places = -np.arange(candidates.shape[1], dtype=np.float64)
    for row in range(likes.n_rows):
        liked = likes.row(row)
        counts = genres[liked].sum(axis=0)
        if counts.any():
            is_in = genres[np.maximum(candidates[row], 0), counts.argmax()]
            values[row] = np.where(is_in, places, -np.inf)
    return _largest(candidates, values)
