"""Groups of items: popularity bands, genres, providers, decades. Shares over groups add up to 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from engine.arrays import read_only
from engine.artifacts import Artifacts

__all__ = ["BANDS", "ItemGroups", "group_items", "popularity_bands"]

BANDS = ("Most popular", "Popular", "Middle", "Less popular", "Long tail")
"""Each band holds a fifth of all history; the last one is the long tail."""

UNKNOWN = "unknown"


@dataclass(frozen=True, eq=False)
class ItemGroups:
    """One way of grouping the catalogue.

    Attributes
    ----------
    name, label : str
    labels : tuple of str
        One per group.
    weights : float64 CSR array of shape (n_items, n_groups)
        How much of each item belongs to each group; rows add up to 1. An item of three genres
        counts a third to each.
    codes : int16 array of shape (n_items,), or None
        The one group of each item; None where items belong to several (genres).
    """

    name: str
    label: str
    labels: tuple[str, ...]
    weights: sparse.csr_array
    codes: NDArray[np.int16] | None

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return len(self.labels)

    @property
    def sizes(self) -> NDArray[np.float64]:
        """Number of items of each group (parts of items count as parts), shape (n_groups,)."""
        return np.asarray(self.weights.sum(axis=0), dtype=np.float64).ravel()

    def total(self, per_item: NDArray[Any]) -> NDArray[np.float64]:
        """Sum values per item over groups: shape (..., n_items) → (..., n_groups)."""
        flat = np.atleast_2d(np.asarray(per_item, dtype=np.float64))
        return (self.weights.T @ flat.T).T.reshape(*per_item.shape[:-1], self.n_groups)


def popularity_bands(popularity: NDArray[np.integer]) -> NDArray[np.int16]:
    """Cut the catalogue, most popular first, into :data:`BANDS` of a fifth of history each.

    Parameters
    ----------
    popularity : int array of shape (n_items,)

    Returns
    -------
    int16 array of shape (n_items,)
        Ties in popularity are broken by item index, as in ``Artifacts.is_long_tail``.

    Examples
    --------
    >>> popularity_bands(np.array([5, 2, 2, 1])).tolist()
    [0, 2, 3, 4]
    """
    counts = popularity.astype(np.int64)
    order = np.argsort(-counts, kind="stable")
    before = np.cumsum(counts[order]) - counts[order]
    edges = np.arange(1, len(BANDS)) / len(BANDS) * counts.sum()
    edges[-1] = 0.8 * counts.sum()
    bands = np.empty(len(counts), dtype=np.int16)
    bands[order] = np.searchsorted(edges, before, side="right")
    return bands


def group_items(artifacts: Artifacts) -> dict[str, ItemGroups]:
    """Return every grouping that the data allows, by name.

    ``popularity_band`` always; ``head_tail`` always; ``genre``, ``provider`` and ``decade`` where
    known. Items without one are in the group "unknown".
    """
    tail = artifacts.is_long_tail.astype(np.int16)
    groups = [
        _by_code(
            "popularity_band", "Popularity band", BANDS, popularity_bands(artifacts.popularity)
        ),
        _by_code("head_tail", "Short head or long tail", ("Short head", "Long tail"), tail),
    ]
    if artifacts.genre_names:
        groups.append(_by_genre(artifacts))
    if artifacts.provider_names:
        groups.append(
            _by_code(
                "provider", "Provider", artifacts.provider_names, np.array(artifacts.provider_codes)
            )
        )
    if np.isfinite(artifacts.released_day).any():
        groups.append(_by_decade(artifacts.released_day))
    return {group.name: group for group in groups}


def _by_code(
    name: str, label: str, labels: tuple[str, ...], codes: NDArray[np.int16]
) -> ItemGroups:
    is_unknown = codes < 0
    if is_unknown.any():
        codes = np.where(is_unknown, len(labels), codes).astype(np.int16)
        labels = (*labels, UNKNOWN)
    n_items = len(codes)
    weights = sparse.csr_array(
        (np.ones(n_items), codes.astype(np.int64), np.arange(n_items + 1)),
        shape=(n_items, len(labels)),
    )
    return ItemGroups(name, label, labels, weights, read_only(codes))


def _by_genre(artifacts: Artifacts) -> ItemGroups:
    member = np.asarray(artifacts.genre_matrix, dtype=np.float64)
    labels = artifacts.genre_names
    without = member.sum(axis=1) == 0
    if without.any():
        member = np.column_stack([member, without])
        labels = (*labels, "no genre")
    weights = sparse.csr_array(member / member.sum(axis=1, keepdims=True))
    return ItemGroups("genre", "Genre", labels, weights, None)


def _by_decade(released_day: NDArray[np.float64]) -> ItemGroups:
    known = np.isfinite(released_day)
    days = np.where(known, released_day, 0).astype("datetime64[D]")
    decade = np.where(known, (days.astype("datetime64[Y]").astype(np.int64) + 1970) // 10, -1)
    found = np.unique(decade[known])
    codes = np.where(known, np.searchsorted(found, decade), -1).astype(np.int16)
    return _by_code("decade", "Decade", tuple(f"{10 * d}s" for d in found), codes)
