"""Matrix factorisation that learns to put what a person liked above what they did not meet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from implicit.cpu.bpr import BayesianPersonalizedRanking
from numpy.typing import NDArray

from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.factor_index import Indexable
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.hnsw_search import HnswIndex
from engine.pipeline.retrieval.index_measure import IndexReport
from engine.pipeline.retrieval.source import ModelRecord, SourceRecord
from engine.pipeline.retrieval.source_config import SourceConfig

__all__ = ["MODELS", "SOURCES", "Bpr", "fit_bpr", "voices_of"]

FACTORS, ITERATIONS, RATE, PENALTY = 64, 60, 0.05, 0.02


@dataclass(frozen=True, eq=False)
class Bpr(Indexable):
    """Fitted item factors, and how a person's factors follow from what they liked.

    Attributes
    ----------
    item_factors : float32 array of shape (n_items, d)
        The last column is the item's bias.
    voices : float32 array of shape (n_items, d)
        A person's factors are the mean of these over the items that they liked.
    """

    item_factors: NDArray[np.float32]
    voices: NDArray[np.float32]
    index: HnswIndex | None = None
    index_report: IndexReport | None = None

    def factors_of(self, histories: Histories) -> NDArray[np.float32]:
        """Factors of people; zero for those who liked nothing."""
        return histories.remember(self, lambda: _mean_rows(histories.likes, self.voices))

    def save(self, folder: Path) -> None:
        """Write the arrays."""
        np.save(folder / "item_factors.npy", self.item_factors)
        np.save(folder / "voices.npy", self.voices)
        self.save_index(folder)

    def report(self) -> dict[str, Any]:
        """Say the method."""
        method = f"BPR, {self.item_factors.shape[1] - 1} factors"
        return {"method": method, **self.index_words()}


def _mean_rows(weights: sp.csr_matrix, rows: NDArray[np.float32]) -> NDArray[np.float32]:
    total = np.maximum(np.asarray(weights.sum(axis=1)), 1.0)
    return np.asarray((weights @ rows) / total, np.float32)


def voices_of(
    likes: sp.csr_matrix, item_factors: NDArray[np.float32], people: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Rows whose mean over a person's likes comes nearest to the factors that were learned.

    ``x_u ≈ ȳ_u M`` by least squares over people, with ``ȳ_u`` the mean of ``(y_i, 1)`` over the
    likes; since that is linear, ``M`` is applied to items once. Somebody new is folded in alike.

    Parameters
    ----------
    likes : sparse matrix of shape (n_people, n_items)
    item_factors, people : float32 arrays of shapes (n_items, d) and (n_people, d)

    Returns
    -------
    float32 array of shape (n_items, d)
    """
    items = np.hstack([item_factors, np.ones((len(item_factors), 1), np.float32)])
    able = np.diff(likes.indptr) > 0
    means = _mean_rows(likes[able], items).astype(np.float64)
    gram = means.T @ means + 1e-3 * np.eye(means.shape[1])
    return (items @ np.linalg.solve(gram, means.T @ people[able])).astype(np.float32)


def fit_bpr(likes: sp.csr_matrix, *, seed: int) -> Bpr:
    """Learn by stochastic steps, O(iterations · nnz · factors); one thread, so a seed seeds.

    Items that nobody liked get the zero factor, which proposes nothing.

    Source
    ------
    Rendle, Freudenthaler, Gantner, Schmidt-Thieme, "BPR: Bayesian personalized ranking from
    implicit feedback", UAI 2009.
    """
    model = BayesianPersonalizedRanking(
        factors=FACTORS,
        iterations=ITERATIONS,
        learning_rate=RATE,
        regularization=PENALTY,
        num_threads=1,
        random_state=seed,
    )
    model.fit(likes, show_progress=False)
    is_liked = np.bincount(likes.indices, minlength=likes.shape[1]) > 0
    items = np.where(is_liked[:, None], np.asarray(model.item_factors), 0).astype(np.float32)
    return Bpr(items, voices_of(likes, items, np.asarray(model.user_factors)))


def _fit(audience: Histories, _catalogue: Catalogue, _config: SourceConfig, seed: int) -> Bpr:
    if not audience.likes.nnz:
        nothing = np.zeros((audience.n_items, FACTORS + 1), np.float32)
        return Bpr(nothing, nothing)
    return fit_bpr(audience.likes, seed=seed)


def _load(folder: Path, _config: SourceConfig) -> Bpr:
    parts = (f"{part}.npy" for part in ("item_factors", "voices"))
    arrays = (np.load(folder / part, allow_pickle=False) for part in parts)
    return Bpr(*arrays).with_saved_index(folder)


MODELS = (ModelRecord("bpr", _fit, _load),)

SOURCES = (SourceRecord("bpr", "taste (pairwise factorisation)", 200, "bpr", is_option=True),)
