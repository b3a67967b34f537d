"""What re-ranking needs of a fitted data set: checked once, laid out for the kernel, then shared.

One :class:`CandidatePool` per :class:`~engine.artifacts.Artifacts` object, kept in a table of weak
references: it lives as long as the artifacts do, and sessions that share the artifacts share it.
"""

from __future__ import annotations

import threading
import weakref
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Ragged, read_only
from engine.artifacts import Artifacts
from engine.recent import Recent
from engine.reranking.kernel.inputs import frozen
from engine.reranking.kernel.records import ITEM, N_GENRE_BITS
from engine.reranking.pool_checks import MAX_GENRES, check_candidates

__all__ = ["MAX_GENRES", "CandidatePool", "pool_of"]


@dataclass(frozen=True, eq=False)
class CandidatePool:
    """People, candidates and items as the kernel reads them; every array is locked.

    Attributes
    ----------
    candidates : uint32 array of shape (n_users, n_candidates)
    scores : float32 array of shape (n_users, n_candidates)
    n_valid : int32 array of shape (n_users,)
    items : array of :data:`~engine.reranking.kernel.records.ITEM` of shape (n_items,)
        Genres and provider of each item; nothing pinned, nobody lifted.
    genre_ids : uint16 array
        The genres of each item, flat.
    factors : float32 array of shape (n_items, d)
        Unit length, or all zero.
    genre_matrix : bool array of shape (n_items, n_genres)
    objectives : float32 array of shape (n_users, n_candidates, n_objectives)
        No columns where the fit has none; ``no_objectives`` says why it lacks others.
    profiles : float32 array of shape (n_users, n_genres)
        Of :attr:`engine.artifacts.Artifacts.genre_profiles`.
    vectors, plans, efforts, lifts : Recent
        Results of the expensive steps of :mod:`engine.reranking`, by their settings.
    """

    candidates: NDArray[np.uint32]
    scores: NDArray[np.float32]
    n_valid: NDArray[np.int32]
    items: NDArray[np.void]
    genre_ids: NDArray[np.uint16]
    factors: NDArray[np.float32]
    genre_matrix: NDArray[np.bool_]
    is_long_tail: NDArray[np.bool_]
    popularity: NDArray[np.int32]
    released_day: NDArray[np.float64]
    now_day: float
    user_groups: NDArray[np.int16]
    service: NDArray[np.float32]
    history: Ragged
    profiles: NDArray[np.float32]
    genre_names: tuple[str, ...]
    provider_names: tuple[str, ...]
    attributes: dict[str, tuple[str, ...]]
    item_ids: NDArray[np.object_]
    titles: NDArray[np.object_]
    objectives: NDArray[np.float32]
    objective_names: tuple[str, ...]
    no_objectives: dict[str, str]
    is_kept_elsewhere: ClassVar[bool] = True  # than with what is made of it, see engine.recent
    vectors: Recent[NDArray[np.float32]] = field(default_factory=lambda: Recent(4))
    plans: Recent[Any] = field(default_factory=lambda: Recent(16))
    efforts: Recent[Any] = field(default_factory=lambda: Recent(64))
    lifts: Recent[Any] = field(default_factory=lambda: Recent(16))

    @property
    def n_users(self) -> int:
        """Number of people."""
        return self.candidates.shape[0]

    @property
    def n_items(self) -> int:
        """Number of items in the catalogue."""
        return len(self.items)

    @property
    def n_providers(self) -> int:
        """Number of known providers."""
        return len(self.provider_names)

    def objective(self, name: str) -> NDArray[np.float32] | None:
        """Everybody's candidates by an objective, shape (n_users, n_candidates), or None."""
        if name not in self.objective_names:
            return None
        return self.objectives[:, :, self.objective_names.index(name)]

    @cached_property
    def everyone(self) -> NDArray[np.int64]:
        """All user indices, shape (n_users,)."""
        return read_only(np.arange(self.n_users))

    @cached_property
    def whole_shares(self) -> NDArray[np.float64]:
        """1 for everyone: all weights apply in full."""
        return read_only(np.ones(self.n_users))

    @cached_property
    def is_candidate(self) -> NDArray[np.bool_]:
        """Whether anybody has the item among their candidates, shape (n_items,)."""
        mark = np.zeros(self.n_items + 1, dtype=bool)  # the last one takes the padding, -1
        for start in range(0, self.n_users, 65_536):
            mark[self.candidates[start : start + 65_536].view(np.int32)] = True
        return read_only(mark[:-1])

    @cached_property
    def release_year(self) -> NDArray[np.str_]:
        """Year of release as text, shape (n_items,); empty where it is unknown."""
        days = np.nan_to_num(self.released_day).astype("datetime64[D]")
        years = days.astype("datetime64[Y]").astype(np.int64) + 1970
        return read_only(np.where(np.isnan(self.released_day), "", years.astype(str)))

    @cached_property
    def release_years(self) -> tuple[str, ...]:
        """The years in which items were released, in order."""
        return tuple(sorted({str(year) for year in self.release_year} - {""}, key=int))


_POOLS: weakref.WeakKeyDictionary[Artifacts, CandidatePool] = weakref.WeakKeyDictionary()
_LOCK = threading.Lock()


def pool_of(artifacts: Artifacts) -> CandidatePool:
    """Return the pool of these artifacts, building it at the first call.

    Raises
    ------
    ScoreError
        A score is NaN or infinite, scores rise along a row, a candidate is no item, or there are
        more than :data:`MAX_GENRES` genres.
    """
    with _LOCK:
        found = _POOLS.get(artifacts)
        if found is None:
            found = _POOLS[artifacts] = _build(artifacts)
        return found


def _build(artifacts: Artifacts) -> CandidatePool:
    check_candidates(artifacts)
    matrix = np.asarray(artifacts.genre_matrix)
    return CandidatePool(
        candidates=frozen(artifacts.candidates, np.int32).view(np.uint32),
        scores=frozen(artifacts.scores, np.float32),
        n_valid=frozen(artifacts.n_valid, np.int32),
        items=frozen(_items(artifacts), ITEM),
        genre_ids=frozen(np.nonzero(matrix)[1], np.uint16),
        factors=frozen(artifacts.item_factors, np.float32),
        genre_matrix=frozen(matrix, np.bool_),
        is_long_tail=frozen(artifacts.is_long_tail, np.bool_),
        popularity=frozen(artifacts.popularity, np.int32),
        released_day=frozen(artifacts.released_day, np.float64),
        now_day=artifacts.now_day,
        user_groups=artifacts.user_groups,
        service=frozen(artifacts.service, np.float32),
        history=artifacts.history,
        profiles=artifacts.genre_profiles,
        genre_names=artifacts.genre_names,
        provider_names=artifacts.provider_names,
        attributes=artifacts.attributes,
        item_ids=frozen(artifacts.items["item_id"].astype(str), np.object_),
        titles=frozen(artifacts.items["title"].astype(str), np.object_),
        objectives=frozen(_objectives(artifacts), np.float32),
        objective_names=artifacts.objective_names,
        no_objectives=artifacts.no_objectives,
    )


def _objectives(artifacts: Artifacts) -> NDArray[np.float32]:
    if artifacts.objectives is None:
        return np.empty((*artifacts.candidates.shape, 0), np.float32)
    return artifacts.objectives


def _items(artifacts: Artifacts) -> NDArray[np.void]:
    matrix = np.asarray(artifacts.genre_matrix)
    items = np.zeros(len(matrix), dtype=ITEM)
    for genre in range(matrix.shape[1]):
        items["mask"] |= matrix[:, genre].astype(np.uint64) << np.uint64(genre % N_GENRE_BITS)
    ends = np.cumsum(matrix.sum(axis=1))
    items["genre_start"] = np.r_[0, ends[:-1]] if len(ends) else ends
    items["genre_end"] = ends
    codes = np.asarray(artifacts.provider_codes).astype(np.int64)
    items["provider"] = np.where(codes < 0, len(artifacts.provider_names), codes)
    items["pin"] = -1
    return items
