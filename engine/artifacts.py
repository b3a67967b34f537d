"""What a fit leaves behind, opened: the seam between fit and tune."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.arrays import PAD, Ragged, read_only
from engine.fit_reading import read_fit
from engine.genre_profiles import genre_profiles
from engine.manifest import Manifest

__all__ = ["STAGES", "Artifacts", "open_artifacts"]

STAGES = ("retrieved", "filtered", "ranked", "reranked")
"""The stages of the pipeline, in order; the same words in code, charts and text."""


@dataclass(frozen=True, eq=False)
class Artifacts:
    """All that tuning needs of one fitted data set; every array is read-only.

    ``n_users`` people × ``n_candidates`` ranked candidates each; ``-1`` (:data:`PAD`) fills rows
    that have fewer.

    Attributes
    ----------
    folder : Path
        The fit's folder (``models/`` is in it). Its name identifies the fit.
    manifest : Manifest
        The fields are those of :class:`engine.manifest.Manifest`.
        Undefined numbers are ``None``.
    users, items : DataFrame
        One row per user / item, in index order; text columns.
    candidates : int32 array of shape (n_users, n_candidates)
        Item indices, best ranker score first, :data:`PAD` at the end.
    scores : float32 array of shape (n_users, n_candidates)
        Ranker scores, falling along each row; 0 where padded.
    source_masks : uint16 array of shape (n_users, n_candidates)
        Bit ``b`` is set where source ``source_names[b]`` proposed the candidate.
    retrieved : int32 array of shape (n_users, n_retrieved)
        The retrieval stage's order (reciprocal-rank fusion), with items already seen still in.
    filtered : int32 array of shape (n_users, n_candidates)
        The same order without items already seen, unless they may come again.
    item_factors : float32 array of shape (n_items, d)
        Unit-length latent factors; likeness is their dot product.
    mf_item_factors, mf_user_factors : float32 arrays of shape (n_items, d) and (n_users, d)
        The matrix factorisation as fitted, for folding in a what-if history.
    genre_matrix : bool array of shape (n_items, n_genres)
    released_day : float64 array of shape (n_items,)
        Release as days since 1970; NaN where unknown.
    popularity : int32 array of shape (n_items,)
        Number of people with the item in their history (test interactions not counted).
    provider_codes : int16 array of shape (n_items,)
        Index into ``provider_names``; -1 where unknown.
    user_groups : int16 array of shape (n_users, n_attributes)
        Index into the labels of each attribute, in the order of ``manifest["attributes"]``.
    history : Ragged
        Everything before the test part, oldest first.
    history_is_liked : bool array of shape (nnz of history,)
    holdout : Ragged
        Liked items held out for the test; may be empty for a user.
    later_not_liked : Ragged
        Items that the person met in the time of the test and did not like: known dislikes.
    service : float32 array of shape (n_users,)
        NDCG@10 of the *retrieved* order on the ranker's label slice, which retrieval never saw:
        how well a person is served before any re-ranking. NaN where nothing was in the slice.
    features : float32 array of shape (n_users, n_candidates, n_features), or None
        The ranker's inputs, for explaining a rank; None where they were not kept.
    history_day : float64 array of shape (nnz of history,), or None
        Moment of each interaction, as days since 1970.
    history_count : int32 array of shape (nnz of history,), or None
        Where items come again: how often each was met, and ``history`` is in the order of the last
        times. None where what was met once is offered to nobody again.
    history_amount : float32 array of shape (nnz of history,), or None
        How much of each interaction there was, where the ranker reads it; NaN where unknown.
    history_where : int16 array of shape (nnz of history,), or None
        Number of the device or place of each, where the ranker reads it; -1 where unknown.
    history_did : uint16 array of shape (nnz of history,), or None
        What else was done with each item before the test: bit ``b`` is that of
        ``objective_names[b]``. None where the fit has no rankers of other objectives.
    objectives : float32 array of shape (n_users, n_candidates, n_objectives), or None
        Each person's candidates by those rankers, from 0 for their lowest to 1 for their highest,
        the scale that re-ranking brings ``scores`` to; 0 where padded.
    objective_holdout : Ragged or None
        What each person did in the test: a row for each of the ``n_users`` people by the first
        objective, then by the second …
    fallback : uint8 array of shape (n_users,), or None
        1 where a history is so short that the list leans on what is popular, 2 where on what is
        popular in the person's groups, else 0.
    filtered_out : uint8 array of shape (n_items,), or None
        0 for items that stay, else the place, from 1, of the filter that takes one out in
        ``manifest["metrics"]["filters"]``.
    """

    folder: Path
    manifest: Manifest
    users: pd.DataFrame
    items: pd.DataFrame
    candidates: NDArray[np.int32]
    scores: NDArray[np.float32]
    source_masks: NDArray[np.uint16]
    retrieved: NDArray[np.int32]
    filtered: NDArray[np.int32]
    item_factors: NDArray[np.float32]
    mf_item_factors: NDArray[np.float32]
    mf_user_factors: NDArray[np.float32]
    genre_matrix: NDArray[np.bool_]
    released_day: NDArray[np.float64]
    popularity: NDArray[np.int32]
    provider_codes: NDArray[np.int16]
    user_groups: NDArray[np.int16]
    history: Ragged
    history_is_liked: NDArray[np.bool_]
    holdout: Ragged
    later_not_liked: Ragged
    service: NDArray[np.float32]
    features: NDArray[np.float32] | None = None
    history_day: NDArray[np.float64] | None = None
    history_count: NDArray[np.int32] | None = None
    history_amount: NDArray[np.float32] | None = None
    history_where: NDArray[np.int16] | None = None
    history_did: NDArray[np.uint16] | None = None
    objectives: NDArray[np.float32] | None = None
    objective_holdout: Ragged | None = None
    fallback: NDArray[np.uint8] | None = None
    filtered_out: NDArray[np.uint8] | None = None

    @property
    def n_users(self) -> int:
        """Number of people."""
        return self.candidates.shape[0]

    @property
    def n_items(self) -> int:
        """Number of items in the catalogue."""
        return len(self.popularity)

    @property
    def fit_id(self) -> str:
        """Identifies this fit; a key for caches."""
        return self.folder.name

    @property
    def offers_again(self) -> bool:
        """Whether lists may hold what a person has met before."""
        return self.history_count is not None

    @property
    def now_day(self) -> float:
        """The last moment that was known, as days since 1970: ages are counted from it."""
        return float(self.manifest["now_day"])

    @property
    def genre_names(self) -> tuple[str, ...]:
        """Names of the columns of ``genre_matrix``."""
        return tuple(self.manifest["genre_names"])

    @property
    def provider_names(self) -> tuple[str, ...]:
        """Names that ``provider_codes`` index."""
        return tuple(self.manifest["provider_names"])

    @property
    def attributes(self) -> dict[str, tuple[str, ...]]:
        """Attribute → its group labels, in the order of the columns of ``user_groups``."""
        return {name: tuple(labels) for name, labels in self.manifest["attributes"].items()}

    @property
    def objective_names(self) -> tuple[str, ...]:
        """What the columns of ``objectives`` are of; keys of ``engine.objectives.OBJECTIVES``."""
        if self.objectives is None:
            return ()
        return tuple(one["name"] for one in self.manifest["metrics"]["objectives"])

    @property
    def no_objectives(self) -> dict[str, str]:
        """Why the fit has no ranker of the other objectives; empty for fits of before them."""
        return dict(self.manifest.get("metrics", {}).get("no_objectives", {}))

    @cached_property
    def n_valid(self) -> NDArray[np.int32]:
        """Number of candidates that each user really has, shape (n_users,)."""
        return read_only((self.candidates != PAD).sum(axis=1).astype(np.int32))

    @cached_property
    def user_index(self) -> dict[str, int]:
        """External user id → row."""
        return {str(user): row for row, user in enumerate(self.users["user_id"])}

    @cached_property
    def item_index(self) -> dict[str, int]:
        """External item id → index."""
        return {str(item): row for row, item in enumerate(self.items["item_id"])}

    @cached_property
    def genre_profiles(self) -> NDArray[np.float32]:
        """Share of each genre in each history, shape (n_users, n_genres)."""
        return genre_profiles(self.history, self.genre_matrix)

    @cached_property
    def is_long_tail(self) -> NDArray[np.bool_]:
        """Items outside the short head, shape (n_items,).

        The short head is the smallest set of most popular items that covers 80 % of history
        (Abdollahpouri et al. 2019). Ties in popularity are broken by item index.
        """
        order = np.argsort(-self.popularity.astype(np.int64), kind="stable")
        before = np.cumsum(self.popularity[order], dtype=np.int64) - self.popularity[order]
        tail = np.empty(self.n_items, dtype=bool)
        tail[order] = before >= 0.8 * self.popularity.sum(dtype=np.int64)
        return read_only(tail)


def open_artifacts(out: Path, *, is_checked: bool = False) -> Artifacts:
    """Open the current fit under ``out``, memory-mapped and read-only.

    ``is_checked``: another process has just opened it, and found it whole.

    Raises
    ------
    ArtifactError
        Nothing fitted there, half-written, another version, a file missing, foreign or not as it
        was written, or an index, list or number that cannot be; see
        :func:`engine.fit_reading.read_fit`.
    """
    stored = read_fit(out, is_checked=is_checked)
    arrays = dict(stored.arrays)
    history = Ragged(arrays.pop("history_indptr"), arrays.pop("history_indices"))
    holdout = Ragged(arrays.pop("holdout_indptr"), arrays.pop("holdout_indices"))
    later = Ragged(arrays.pop("later_not_liked_indptr"), arrays.pop("later_not_liked_indices"))
    done = [arrays.pop(f"objective_holdout_{part}", None) for part in ("indptr", "indices")]
    return Artifacts(
        folder=stored.folder,
        manifest=stored.manifest,
        users=stored.tables["users"],
        items=stored.tables["items"],
        history=history,
        holdout=holdout,
        later_not_liked=later,
        objective_holdout=None if done[0] is None or done[1] is None else Ragged(done[0], done[1]),
        **arrays,
    )
