"""Which items nobody is offered, and by which filter each is taken out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import DataError
from engine.pipeline.filtering.near_duplicates import copies
from engine.pipeline.retrieval.catalogue import Catalogue

__all__ = ["EXPIRY", "FILTERS", "FilterConfig", "Filterable", "filters_of", "taken_out"]

EXPIRY = "expires"
"""Column of the items: the moment from which an item is no longer to be had; empty for never."""

WORD, GENRE = "word", "genre"
MOST_MET_RATE = 0.5


@dataclass(frozen=True)
class FilterConfig:
    """Settings of the filters; by default only what has expired is taken out.

    Parameters
    ----------
    blocked : tuple of str
        Ids of items.
    near_duplicates : float
        Of items whose titles and genres are at least so alike (Jaccard), the most popular stays;
        0 compares none.
    met_bloom : float from 0 to .5
        Share of what a person has not met that their Bloom filter may take for met; 0 looks what
        was met up in the history itself.
    moderation : tuple of str
        Rules ``genre:NAME`` and ``word:TEXT`` (a whole word of the title, in any case).
    """

    blocked: tuple[str, ...] = ()
    near_duplicates: float = 0.0
    moderation: tuple[str, ...] = ()
    met_bloom: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.near_duplicates <= 1:
            raise ValueError(
                "`near_duplicates` of FilterConfig must be from 0 (none) to 1 (equal); got "
                f"{self.near_duplicates}."
            )
        if not (0 <= self.met_bloom <= MOST_MET_RATE):
            raise ValueError(
                f"`met_bloom` of FilterConfig must be from 0 (no such filter) to {MOST_MET_RATE}; "
                f"got {self.met_bloom}."
            )
        for rule in self.moderation:
            kind, _, text = rule.partition(":")
            if kind not in (WORD, GENRE) or not text.strip():
                raise ValueError(
                    f"A rule of moderation is genre:NAME or word:TEXT; got {rule!r:.60}."
                )


def filters_of(given: Mapping[str, Any]) -> FilterConfig:
    """Return the settings that a manifest holds; JSON has lists where they have tuples."""
    lists: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in given.items()
    }
    return FilterConfig(**lists)


@dataclass(frozen=True, eq=False)
class Filterable:
    """What filters look at.

    Attributes
    ----------
    items : DataFrame
        In index order.
    catalogue : Catalogue
    popularity : int64 array of shape (n_items,)
    now_day : float
        The moment from which lists are served, as days since 1970.
    """

    items: pd.DataFrame
    catalogue: Catalogue
    popularity: NDArray[np.int64]
    now_day: float


def _blocked(of: Filterable, config: FilterConfig) -> NDArray[np.bool_]:
    return of.items["item_id"].isin(config.blocked).to_numpy(bool)


def _expired(of: Filterable, _config: FilterConfig) -> NDArray[np.bool_]:
    if EXPIRY not in of.items.columns:
        return np.zeros(len(of.items), bool)
    told = of.items[EXPIRY].astype(object).where(of.items[EXPIRY].notna(), "")
    until = pd.to_datetime(told.astype(str), format="ISO8601", errors="coerce", utc=True)
    unread = told[until.isna() & (told.astype(str).str.strip() != "")]
    if len(unread):
        raise DataError(
            f"items, column {EXPIRY}: {len(unread):,} of {len(told):,} values are no moments, the "
            f"first {str(unread.iloc[0])!r:.40}; write them as 2026-01-31, or leave them empty."
        )
    days = (until - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1)
    return (days <= of.now_day).to_numpy(bool)


def _moderated(of: Filterable, config: FilterConfig) -> NDArray[np.bool_]:
    found = np.zeros(len(of.items), bool)
    if not config.moderation:
        return found
    words = [set(re.findall(r"\w+", str(title).casefold())) for title in of.items["title"]]
    genres = [name.casefold() for name in of.catalogue.genre_names]
    for rule in config.moderation:
        kind, _, text = rule.partition(":")
        wanted = text.strip().casefold()
        if kind == WORD:
            found |= np.array([wanted in own for own in words], bool)
        elif wanted in genres:
            found |= of.catalogue.genre_matrix[:, genres.index(wanted)]
    return found


def _near_duplicates(of: Filterable, config: FilterConfig) -> NDArray[np.bool_]:
    if not config.near_duplicates:
        return np.zeros(len(of.items), bool)
    parts = (of.items["title"].astype(str), of.items["genres"].astype(str))
    texts = [f"{title} {genres}" for title, genres in zip(*parts, strict=True)]
    return copies(texts, of.popularity, config.near_duplicates)


Filter = Callable[[Filterable, FilterConfig], NDArray[np.bool_]]

FILTERS: Mapping[str, tuple[str, Filter]] = {
    "blocked": ("blocked by name", _blocked),
    "expired": ("expired", _expired),
    "moderated": ("taken out by a rule of moderation", _moderated),
    "near duplicates": ("nearly the same as a more popular one", _near_duplicates),
}
"""Filter → its words and what it does, in the order in which an item is put down to one."""


def taken_out(of: Filterable, config: FilterConfig) -> NDArray[np.uint8]:
    """Say of each item which filter takes it out.

    Returns
    -------
    uint8 array of shape (n_items,)
        0 for items that stay, else the place of the filter in :data:`FILTERS`, from 1; an item
        that several would take out counts for the first. Near-duplicates are looked for among what
        the others leave.
    """
    out = np.zeros(len(of.items), np.uint8)
    for place, (_, find) in enumerate(FILTERS.values(), start=1):
        left = np.flatnonzero(out == 0)
        part = Filterable(
            of.items.iloc[left], _some(of.catalogue, left), of.popularity[left], of.now_day
        )
        out[left[find(part, config)]] = place
    return out


def _some(catalogue: Catalogue, items: NDArray[np.int64]) -> Catalogue:
    return Catalogue(
        texts=tuple(catalogue.texts[item] for item in items),
        genre_names=catalogue.genre_names,
        genre_matrix=catalogue.genre_matrix[items],
        released_day=catalogue.released_day[items],
        provider_names=catalogue.provider_names,
        provider_codes=catalogue.provider_codes[items],
    )
