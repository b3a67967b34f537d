"""Matrix factorisation by alternating least squares, and folding a person into it."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from implicit.cpu.als import AlternatingLeastSquares
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from engine.retrieval.histories import Histories

__all__ = ["Als", "AlsConfig", "fit_als"]

logging.getLogger("implicit").setLevel(logging.ERROR)


@dataclass(frozen=True)
class AlsConfig:
    """Settings of the factorisation; the defaults were tuned on MovieLens 100K.

    Parameters
    ----------
    factors : int
    regularisation : float
    alpha : float
        Confidence of a like; everything else has confidence 1.
    iterations : int
    """

    factors: int = 64
    regularisation: float = 30.0
    alpha: float = 10.0
    iterations: int = 12


@dataclass(frozen=True, eq=False)
class Als:
    """Fitted item factors; a person's factor is solved for from their history.

    Attributes
    ----------
    item_factors : float32 array of shape (n_items, factors)
    config : AlsConfig
    """

    item_factors: NDArray[np.float32]
    config: AlsConfig

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

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        """Score of every item for every person, float32 of shape (n_people, n_items)."""
        return self.fold_in(histories.likes) @ self.item_factors.T


def _model(config: AlsConfig, seed: int) -> AlternatingLeastSquares:
    return AlternatingLeastSquares(
        factors=config.factors,
        regularization=config.regularisation,
        alpha=config.alpha,
        iterations=config.iterations,
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
