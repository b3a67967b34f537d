"""Matrix factorisation by alternating least squares, and folding a person into it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from implicit.cpu.als import AlternatingLeastSquares
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.factor_index import Indexable
from engine.pipeline.retrieval.guessed_items import with_guessed
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.hnsw_search import HnswIndex
from engine.pipeline.retrieval.index_measure import IndexReport
from engine.pipeline.retrieval.source import ModelRecord, SourceRecord
from engine.pipeline.retrieval.source_config import AlsConfig, SourceConfig
from engine.threads import thread_count

__all__ = ["MODELS", "SOURCES", "Als", "als_of", "fit_als"]

logging.getLogger("implicit").setLevel(logging.ERROR)


@dataclass(frozen=True, eq=False)
class Als(Indexable):
    """Fitted item factors; a person's factor is solved for from their history.

    Attributes
    ----------
    item_factors : float32 array of shape (n_items, factors)
    config : AlsConfig
    index : HnswIndex or None
        Over the item factors.
    index_report : IndexReport or None
        How the index compares with the exact search; the faster one proposes.
    """

    item_factors: NDArray[np.float32]
    config: AlsConfig
    index: HnswIndex | None = None
    index_report: IndexReport | None = None

    def fold_in(self, likes: sp.csr_matrix) -> NDArray[np.float32]:
        """Solve for the factors of people with the items fixed, exactly.

        ``x_u = (YᵀY + λI + Σ_i (c − 1) y_i y_iᵀ)⁻¹ Σ_i c y_i`` over the liked ``i``, with
        confidence ``c = alpha``. O(nnz · factors² + n_people · factors³). A person without likes
        has the zero factor.

        Parameters
        ----------
        likes : sparse matrix of shape (n_people, n_items)

        Returns
        -------
        float32 array of shape (n_people, factors)

        Source
        ------
        Hu, Koren and Volinsky, "Collaborative filtering for implicit feedback datasets", ICDM
        2008, equation 4.
        """
        with threadpool_limits(1, "blas"):
            model = _model(self.config, seed=0)
            model.item_factors = self.item_factors
            people = np.arange(likes.shape[0])
            return model.recalculate_user(people, likes.astype(np.float32))

    def swept(self, people: NDArray[np.float32], likes: sp.csr_matrix) -> Als:
        """Solve for the items anew with the people fixed, exactly: half a sweep from where it is.

        O(nnz · factors² + n_items · factors³). Items without a like get the zero factor. The
        index, made for other factors, is left out.

        Parameters
        ----------
        people : float32 array of shape (n_people, factors)
        likes : sparse matrix of shape (n_people, n_items)
        """
        with threadpool_limits(1, "blas"):
            model = _model(self.config, seed=0)
            model.user_factors = people
            columns = likes.T.tocsr().astype(np.float32)
            items = model.recalculate_item(np.arange(columns.shape[0]), columns)
        return Als(np.asarray(items), self.config)

    def factors_of(self, histories: Histories) -> NDArray[np.float32]:
        """Fold people in, once for all who ask about the same histories."""
        return histories.remember(self, lambda: self.fold_in(histories.likes))

    def save(self, folder: Path) -> None:
        """Write the factors, and the index where there is one."""
        np.save(folder / "item_factors.npy", self.item_factors)
        self.save_index(folder)

    def report(self) -> dict[str, Any]:
        """Say the method, and compare the index with the exact search."""
        return {"method": f"ALS, {self.config.factors} factors", **self.index_words()}


def _model(config: AlsConfig, seed: int) -> AlternatingLeastSquares:
    return AlternatingLeastSquares(
        factors=config.factors,
        regularization=config.regularisation,
        alpha=config.alpha,
        iterations=config.iterations,
        num_threads=thread_count(),
        random_state=seed,
    )


def fit_als(likes: sp.csr_matrix, config: AlsConfig, *, seed: int) -> Als:
    """Factorise ``likes``, O(iterations · (nnz · factors² + (n_people + n_items) · factors³)).

    The same seed gives the same bits, whatever the number of threads: each row is solved alone.
    """
    # implicit threads over rows itself; a threaded BLAS below it would fight for the same cores
    with threadpool_limits(1, "blas"):
        model = _model(config, seed)
        model.fit(likes, show_progress=False)
    return Als(np.asarray(model.item_factors), config)


def als_of(audience: Histories, catalogue: Catalogue, config: SourceConfig, seed: int) -> Als:
    """Factorise what an audience liked, once for every source that asks for it."""

    def fit() -> Als:
        als = fit_als(audience.likes, config.als, seed=seed)
        return replace(
            als, item_factors=with_guessed(als.item_factors, audience, catalogue, config)
        )

    key = ("als", config.als, config.content_ridge, "sentences" in config.options, seed)
    return audience.remember(key, fit)


def _fit(audience: Histories, catalogue: Catalogue, config: SourceConfig, seed: int) -> Als:
    return als_of(audience, catalogue, config, seed)


def _load(folder: Path, config: SourceConfig) -> Als:
    factors = np.load(folder / "item_factors.npy", allow_pickle=False)
    return Als(factors, config.als).with_saved_index(folder)


MODELS = (ModelRecord("als", _fit, _load),)

SOURCES = (SourceRecord("als", "taste (matrix factorisation)", 200, "als"),)
