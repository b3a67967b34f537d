"""The ways to find a person worth looking at: one registry, each over everybody at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.people.taste import distance_from_centre, genre_membership, genre_mix, liked_rows

__all__ = ["FINDERS", "Finder", "Found", "Searched", "find_people"]


@dataclass(frozen=True, eq=False)
class Searched:
    """What people are searched by.

    Attributes
    ----------
    artifacts : Artifacts
    among : bool array of shape (n_users,)
        Who is looked at.
    overlap : float array of shape (n_users,), or None
        How much of the list the baseline's list shares, in [0, 1]; for "most changed".
    quality : float array of shape (n_users,), or None
        NDCG of the list; for "worst served". NaN where nothing is held out.
    """

    artifacts: Artifacts
    among: NDArray[np.bool_]
    overlap: NDArray[Any] | None = None
    quality: NDArray[Any] | None = None


@dataclass(frozen=True)
class Finder:
    """One way to find people: who comes first has the lowest value, or the highest.

    ``tie_break`` orders people of equal value, lowest first; without it the row decides.
    """

    name: str
    label: str
    value_label: str
    meaning: str
    values: Callable[[Searched], NDArray[Any]]
    tie_break: Callable[[Searched], NDArray[Any]] | None = None
    is_highest_first: bool = False


@dataclass(frozen=True, eq=False)
class Found:
    """People in order, with the value that put them there.

    Attributes
    ----------
    finder : Finder
        Its ``meaning`` says what the values are.
    user_indices : int64 array of shape (n,)
    values : float64 array of shape (n,)
    n_among : int
        How many people were looked at.
    n_undefined : int
        How many of them have no value (and so cannot be found this way).
    """

    finder: Finder
    user_indices: NDArray[np.int64]
    values: NDArray[np.float64]
    n_among: int
    n_undefined: int = field(default=0)


def _row(searched: Searched) -> NDArray[Any]:
    return np.arange(searched.artifacts.n_users, dtype=np.float64)


def _overlap(searched: Searched) -> NDArray[Any]:
    return _given(searched.overlap, searched)


def _quality(searched: Searched) -> NDArray[Any]:
    if searched.quality is None:
        return np.asarray(searched.artifacts.service)
    return searched.quality


def _given(values: NDArray[Any] | None, searched: Searched) -> NDArray[Any]:
    return np.full(searched.artifacts.n_users, np.nan) if values is None else values


def _held_out_first(searched: Searched) -> NDArray[Any]:
    """Of two people whose lists find nothing, the one with more to find is served worse."""
    return -searched.artifacts.holdout.lengths()


def _from_centre(searched: Searched) -> NDArray[Any]:
    artifacts = searched.artifacts
    _, membership = genre_membership(artifacts)
    factors = np.asarray(artifacts.mf_user_factors, np.float64)
    length = np.linalg.norm(factors, axis=1, keepdims=True)
    taste = factors / np.where(length > 0, length, np.nan)
    return distance_from_centre(
        (genre_mix(liked_rows(artifacts), membership), taste), searched.among
    )


def _history_length(searched: Searched) -> NDArray[Any]:
    return searched.artifacts.history.lengths()


FINDERS: dict[str, Finder] = {
    finder.name: finder
    for finder in (
        Finder("anyone", "Anyone", "Row", "In the order of the data.", _row),
        Finder(
            "most_changed",
            "Most changed",
            "Overlap",
            "Overlap of the list with the baseline's, counting the top more (RBO): "
            "1 is the same list, 0 shares nothing.",
            _overlap,
        ),
        Finder(
            "worst_served",
            "Worst served",
            "NDCG",
            "How well the list finds what was held out (NDCG): 1 is the best order, 0 finds "
            "nothing. Of equals, who has most held out comes first.",
            _quality,
            _held_out_first,
        ),
        Finder(
            "typical",
            "Typical of this group",
            "Distance",
            "Distance from the mean of the chosen people in genres liked and in taste: 0 is the "
            "mean itself, 1 is as far as they usually are.",
            _from_centre,
        ),
        Finder(
            "new_here",
            "Fewest interactions",
            "Items in history",
            "Number of items in the history: the fewest come first.",
            _history_length,
        ),
        Finder(
            "most_active",
            "Most interactions",
            "Items in history",
            "Number of items in the history: the most come first.",
            _history_length,
            is_highest_first=True,
        ),
    )
}
"""Name → way to find people, in the order to offer them."""


def find_people(searched: Searched, name: str, *, at_most: int = 50) -> Found:
    """Return the first people by one of :data:`FINDERS`.

    Parameters
    ----------
    searched : Searched
    name : str
        Key of :data:`FINDERS`.
    at_most : int
        How many to return, 1 or more.

    Returns
    -------
    Found
        Lowest value first (highest, where the finder says so); people of equal value in the order
        of the data. O(n_users log n_users).
    """
    finder = FINDERS[name]
    values = np.asarray(finder.values(searched), np.float64)
    ties = np.zeros(len(values)) if finder.tie_break is None else finder.tie_break(searched)
    usable = np.flatnonzero(searched.among & np.isfinite(values))
    # lexsort is stable, so the row decides what value and tie-break leave open
    keys = -values if finder.is_highest_first else values
    order = np.lexsort((ties[usable], keys[usable]))
    first = usable[order[:at_most]]
    n_among = int(searched.among.sum())
    return Found(finder, first, values[first], n_among, n_among - len(usable))
