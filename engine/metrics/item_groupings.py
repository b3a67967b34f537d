"""Ways to sort the catalogue into groups of items: popularity band, genre, decade, provider.

A grouping is a membership matrix whose rows each sum to one, so that the shares of all groups
always sum to one and an item with several genres is not counted several times.

>>> bands = by_popularity(np.array([6, 2, 1, 1, 0]))
>>> [bands.labels[group] for group in bands.membership.argmax(axis=1)]
['Top hits', 'Niche', 'Long tail', 'Long tail', 'No history']
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arrays import read_only
from engine.artifacts import Artifacts

__all__ = [
    "GROUPINGS",
    "ItemGrouping",
    "by_decade",
    "by_genre",
    "by_popularity",
    "by_provider",
    "group_items",
    "usable_groupings",
]

BANDS = ("Top hits", "Hits", "Middle", "Niche", "Long tail", "No history")
MAX_DECADES = 8
MAX_PROVIDERS = 12


@dataclass(frozen=True, eq=False)
class ItemGrouping:
    """A partition of the catalogue, where an item may belong to several groups in part.

    Attributes
    ----------
    name : str
        Key in :data:`GROUPINGS`.
    label : str
        For people: ``"Popularity band"``.
    rule : str
        One sentence for people: how items are put into groups.
    labels : tuple of str
        Names of the groups, in the order to show them.
    membership : float32 array of shape (n_items, n_groups)
        Share of each item that belongs to each group, in [0, 1]; rows sum to 1.
    """

    name: str
    label: str
    rule: str
    labels: tuple[str, ...]
    membership: NDArray[np.float32]

    @property
    def n_items(self) -> NDArray[np.float64]:
        """Items in each group (parts of items add up), shape (n_groups,)."""
        return self.membership.sum(axis=0, dtype=np.float64)


def _from_codes(
    name: str, label: str, rule: str, labels: Sequence[str], codes: NDArray[np.integer]
) -> ItemGrouping:
    """One group per item; groups that hold no item are left out."""
    used = np.unique(codes)
    membership = (codes[:, None] == used[None, :]).astype(np.float32)
    names = tuple(labels[code] for code in used)
    return ItemGrouping(name, label, rule, names, read_only(membership))


def by_popularity(popularity: NDArray[np.integer]) -> ItemGrouping:
    """Sort items into five bands that each hold about a fifth of all history.

    Items are taken from the most to the least popular (ties by item index); an item's band is the
    fifth of the history in which it begins. So every band's share of history is about 20 %, and
    the last one is exactly the long tail of :attr:`Artifacts.is_long_tail` (Abdollahpouri et al.
    2019: what lies outside the head that covers 80 % of history), apart from items that nobody
    has in their history, which have a group of their own.

    Parameters
    ----------
    popularity : int array of shape (n_items,)
        People with the item in their history, 0 or more.

    Returns
    -------
    ItemGrouping
        Groups that hold no item are left out.
    """
    counts = np.asarray(popularity, dtype=np.int64)
    order = np.argsort(-counts, kind="stable")
    before = np.cumsum(counts[order]) - counts[order]
    bounds = np.array([0.2, 0.4, 0.6, 0.8]) * counts.sum()
    codes = np.empty(len(counts), dtype=np.int64)
    codes[order] = np.searchsorted(bounds, before, side="right")
    codes[counts == 0] = len(BANDS) - 1
    rule = (
        "Items in order of popularity, cut where each band holds a fifth of all history; "
        "the long tail is the last fifth."
    )
    return _from_codes("popularity", "Popularity band", rule, BANDS, codes)


def by_genre(genre_matrix: NDArray[np.bool_], genre_names: Sequence[str]) -> ItemGrouping:
    """Give each of an item's ``m`` genres one ``m``-th of it.

    Parameters
    ----------
    genre_matrix : bool array of shape (n_items, n_genres)
    genre_names : sequence of str, of length n_genres

    Returns
    -------
    ItemGrouping
        In the order of ``genre_names``; genres without items are left out, items without genres
        are in a last group ``"No genre"``.
    """
    has_none = ~genre_matrix.any(axis=1)
    parts = np.column_stack([genre_matrix, has_none]).astype(np.float32)
    parts /= parts.sum(axis=1, keepdims=True)
    used = np.flatnonzero(parts.any(axis=0))
    names = (*genre_names, "No genre")
    rule = "An item with several genres counts in equal parts towards each."
    return ItemGrouping(
        "genre", "Genre", rule, tuple(names[g] for g in used), read_only(parts[:, used])
    )


def by_decade(released_day: NDArray[np.float64]) -> ItemGrouping:
    """Sort items by the decade of their release, the earliest ones taken together.

    Parameters
    ----------
    released_day : float64 array of shape (n_items,)
        Days since 1970; NaN where unknown.

    Returns
    -------
    ItemGrouping
        Newest decade first; at most eight decades, then ``"No date"`` where there are such items.
    """
    is_known = np.isfinite(released_day)
    days = np.where(is_known, released_day, 0.0).astype(np.int64).astype("datetime64[D]")
    decades = (days.astype("datetime64[Y]").astype(np.int64) + 1970) // 10
    found = np.unique(decades[is_known])[::-1]
    codes = np.searchsorted(-found, -decades)
    labels = [f"{decade}0s" for decade in found]
    if len(found) > MAX_DECADES:
        codes = np.minimum(codes, MAX_DECADES - 1)
        labels = [*labels[: MAX_DECADES - 1], f"Before {found[MAX_DECADES - 2]}0"]
    codes[~is_known] = len(labels)
    rule = "By the year of release."
    return _from_codes("decade", "Decade", rule, (*labels, "No date"), codes)


def by_provider(
    provider_codes: NDArray[np.integer],
    provider_names: Sequence[str],
    popularity: NDArray[np.integer],
) -> ItemGrouping:
    """Sort items by provider; beyond the twelve with most history, the rest are one group.

    Parameters
    ----------
    provider_codes : int array of shape (n_items,)
        Index into ``provider_names``; -1 where unknown.
    provider_names : sequence of str
    popularity : int array of shape (n_items,)
        People with the item in their history.

    Returns
    -------
    ItemGrouping
        Most history first, then ``"n others"`` and ``"No provider"`` where there are such items.
    """
    codes = np.asarray(provider_codes, dtype=np.int64)
    is_known = codes >= 0
    n_providers = len(provider_names)
    history = np.bincount(
        codes[is_known], weights=popularity[is_known].astype(np.float64), minlength=n_providers
    )
    ranked = np.argsort(-history, kind="stable")
    n_named = n_providers if n_providers <= MAX_PROVIDERS else MAX_PROVIDERS
    place = np.full(n_providers + 1, n_named + 1, dtype=np.int64)  # the last one: code -1
    place[ranked] = np.minimum(np.arange(n_providers), n_named)
    labels = [provider_names[provider] for provider in ranked[:n_named]]
    labels += [f"{n_providers - n_named} others", "No provider"]
    rule = "By who provides the item; the providers with most history are named."
    return _from_codes("provider", "Provider", rule, labels, place[codes])


GROUPINGS: dict[str, tuple[str, Callable[[Artifacts], ItemGrouping]]] = {
    "popularity": ("Popularity band", lambda art: by_popularity(art.popularity)),
    "genre": ("Genre", lambda art: by_genre(art.genre_matrix, art.genre_names)),
    "decade": ("Decade", lambda art: by_decade(art.released_day)),
    "provider": (
        "Provider",
        lambda art: by_provider(art.provider_codes, art.provider_names, art.popularity),
    ),
}
"""Name → label and how to make it from a fit."""


def group_items(artifacts: Artifacts, name: str) -> ItemGrouping:
    """Return grouping ``name`` of :data:`GROUPINGS` for the catalogue of one fit."""
    return GROUPINGS[name][1](artifacts)


def usable_groupings(artifacts: Artifacts) -> dict[str, ItemGrouping]:
    """Return the groupings that tell items apart here: those with two groups or more.

    A data set without providers, say, has no grouping by provider.
    """
    made = {name: group_items(artifacts, name) for name in GROUPINGS}
    return {name: grouping for name, grouping in made.items() if len(grouping.labels) > 1}
