"""Everything the metrics need to know about people and items, digested once per fit."""

from __future__ import annotations

import threading
import weakref
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Ragged, read_only
from engine.artifacts import Artifacts
from engine.genre_profiles import genre_shares
from engine.metrics.item_groups import ItemGroups, group_items, popularity_bands
from engine.metrics.kernels.exposure_blocks import count_rows
from engine.metrics.person_profiles import genre_words, profile_people, sorted_rows
from engine.recent import Recent

__all__ = ["Audience", "audience_of", "describe"]

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, eq=False)
class Audience:
    """People and items of one fit, as the metrics read them. All arrays are read-only.

    Attributes
    ----------
    name : str
        Data-set name.
    n_users, n_items : int
    holdout, later_not_liked, history : Ragged
        As in the artifacts, but each row sorted by item, without duplicates.
    ranking : int32 array of shape (n_users, n_candidates)
        The ranker's order.
    popularity : int32 array of shape (n_items,)
        People with the item in their history.
    popularity_rank : int32 array of shape (n_items,)
        1 is the most popular; ties by item index.
    popularity_quantile : float64 array of shape (n_items,)
        Share of items that are no more popular; 0 for an item nobody knows.
    is_tail : bool array of shape (n_items,)
    bin_codes : int8 array of shape (n_items,)
        0, 1, 2: items that hold the first 20, the next 60, the last 20 % of history.
    age_years : float64 array of shape (n_items,)
        At the last interaction; 0 where released later, NaN where unknown.
    factors : float32 array of shape (n_items, d)
    genre_words : uint64 array of shape (n_items, n_words)
        Genres as bits.
    genre_shares : float32 array of shape (n_items, n_genres)
        p(g|i): 1 / number of genres; a row of zeros where there is none.
    taste : float32 array of shape (n_users, d)
        Mean factor of the history.
    genre_taste : float32 array of shape (n_users, n_genres)
        p(g|u): mean of ``genre_shares`` over the history items that have a genre.
    history_bins : float32 array of shape (n_users, 3)
        Share of the history in each of ``bin_codes``; zeros where the history is empty.
    history_popularity : float64 array of shape (n_users,)
        Mean share of people who know the items of the history; NaN where it is empty.
    held_blocks, past_blocks : int64 arrays of shape (N_BLOCKS, n_items)
        People for whom the item is held out, and who have it in their history, by block.
    user_groups : int16 array of shape (n_users, n_attributes)
    attributes : dict
        Attribute → group labels.
    offers_again : bool
        Whether lists may hold what a person has met before.
    objective_holdout : Ragged
        As in the artifacts, but each row sorted by item; no row where the fit has none.
    objective_names : tuple of str
    item_groups : dict
        Name → :class:`ItemGroups`.
    ideals : Recent
        List length → ideals of :mod:`engine.metrics.kernels.ideal_order`.
    baselines : Recent
        Baselines measured lately.
    """

    name: str
    n_users: int
    n_items: int
    holdout: Ragged
    later_not_liked: Ragged
    history: Ragged
    ranking: NDArray[np.int32]
    popularity: NDArray[np.int32]
    popularity_rank: NDArray[np.int32]
    popularity_quantile: NDArray[np.float64]
    is_tail: NDArray[np.bool_]
    bin_codes: NDArray[np.int8]
    age_years: NDArray[np.float64]
    factors: NDArray[np.float32]
    genre_words: NDArray[np.uint64]
    genre_shares: NDArray[np.float32]
    taste: NDArray[np.float32]
    genre_taste: NDArray[np.float32]
    history_bins: NDArray[np.float32]
    history_popularity: NDArray[np.float64]
    held_blocks: NDArray[np.int64]
    past_blocks: NDArray[np.int64]
    user_groups: NDArray[np.int16]
    attributes: dict[str, tuple[str, ...]]
    item_groups: dict[str, ItemGroups] = field(repr=False)
    is_kept_elsewhere: ClassVar[bool] = True  # than with what is made of it, see engine.recent
    ideals: Recent[NDArray[np.float64]] = field(default_factory=lambda: Recent(4), repr=False)
    offers_again: bool = False
    objective_holdout: Ragged = field(default_factory=lambda: Ragged.from_rows([]), repr=False)
    objective_names: tuple[str, ...] = ()
    baselines: Recent[Any] = field(default_factory=lambda: Recent(8), repr=False)

    def codes(self, attribute: str) -> NDArray[np.int16]:
        """Group code of every person for one attribute, shape (n_users,)."""
        return self.user_groups[:, list(self.attributes).index(attribute)]

    def blocks_of(self, users: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return ``held_blocks`` and ``past_blocks`` of some of the people."""
        if len(users) == self.n_users:
            return self.held_blocks, self.past_blocks
        chosen = np.bincount(users, minlength=self.n_users) > 0
        held, past = _keep(self.holdout, chosen), _keep(self.history, chosen)
        return count_rows(held, self.n_items), count_rows(past, self.n_items)

    @property
    def merit(self) -> NDArray[np.int64]:
        """Held-out likes per item, shape (n_items,)."""
        return self.held_blocks.sum(axis=0)


def describe(artifacts: Artifacts) -> Audience:
    """Digest what the metrics need of a fit, once; O(interactions · d). The caller keeps it."""
    history = sorted_rows(artifacts.history)
    holdout = sorted_rows(artifacts.holdout)
    counts = np.array(artifacts.popularity, dtype=np.int32)
    bands = popularity_bands(counts)
    bins = np.digitize(bands, (1, 4)).astype(np.int8)
    shares = genre_shares(artifacts.genre_matrix)
    factors = np.array(artifacts.item_factors, dtype=np.float32)
    profile = profile_people(artifacts, factors, bins)
    return Audience(
        name=str(artifacts.manifest.get("name", "")),
        n_users=artifacts.n_users,
        n_items=artifacts.n_items,
        holdout=holdout,
        later_not_liked=sorted_rows(artifacts.later_not_liked),
        history=history,
        ranking=_locked(artifacts.candidates),
        popularity=read_only(counts),
        popularity_rank=read_only(_ranks(counts)),
        popularity_quantile=read_only(_quantiles(counts)),
        is_tail=read_only(np.array(artifacts.is_long_tail)),
        bin_codes=read_only(bins),
        age_years=read_only(_ages(artifacts)),
        factors=read_only(factors),
        genre_words=read_only(genre_words(np.asarray(artifacts.genre_matrix))),
        genre_shares=read_only(shares),
        taste=profile.taste,
        genre_taste=profile.genre_taste,
        history_bins=profile.bins,
        history_popularity=profile.popularity,
        held_blocks=read_only(count_rows(holdout, artifacts.n_items)),
        past_blocks=read_only(count_rows(history, artifacts.n_items)),
        user_groups=read_only(np.array(artifacts.user_groups, dtype=np.int16)),
        attributes=artifacts.attributes,
        item_groups=group_items(artifacts),
        offers_again=artifacts.offers_again,
        objective_holdout=sorted_rows(artifacts.objective_holdout or Ragged.from_rows([])),
        objective_names=artifacts.objective_names,
    )


_AUDIENCES: weakref.WeakKeyDictionary[Artifacts, Audience] = weakref.WeakKeyDictionary()
_LOCK = threading.Lock()


def audience_of(artifacts: Artifacts) -> Audience:
    """Return :func:`describe` of these artifacts, made at the first call and kept with them."""
    with _LOCK:
        found = _AUDIENCES.get(artifacts)
        if found is None:
            found = _AUDIENCES[artifacts] = describe(artifacts)
        return found


def _keep(rows: Ragged, is_kept: NDArray[np.bool_]) -> Ragged:
    """Empty the rows of everyone else."""
    lengths = np.where(is_kept, rows.lengths(), 0)
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    return Ragged(indptr, rows.indices[np.repeat(is_kept, rows.lengths())])


def _locked(array: NDArray[np.int32]) -> NDArray[np.int32]:
    """View an array, often a memory-mapped one, as a plain locked one without copying it."""
    return read_only(np.ascontiguousarray(array).view())


def _ranks(counts: NDArray[np.int32]) -> NDArray[np.int32]:
    ranks = np.empty(len(counts), dtype=np.int32)
    ranks[np.argsort(-counts.astype(np.int64), kind="stable")] = np.arange(1, len(counts) + 1)
    return ranks


def _quantiles(counts: NDArray[np.int32]) -> NDArray[np.float64]:
    no_more = np.searchsorted(np.sort(counts), counts, side="right")
    return np.where(counts > 0, no_more / len(counts), 0.0)


def _ages(artifacts: Artifacts) -> NDArray[np.float64]:
    days = artifacts.now_day - np.asarray(artifacts.released_day, dtype=np.float64)
    return np.maximum(days, 0.0) / DAYS_PER_YEAR
