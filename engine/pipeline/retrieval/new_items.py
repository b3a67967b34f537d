"""Factors for items that nobody has liked yet: from their content, or the mean of their kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from engine.pipeline.retrieval.catalogue import Catalogue

__all__ = ["content_regression", "unit_rows", "with_new_items"]

STEPS, CLOSE = 100, 1e-6


def unit_rows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows scaled to unit length; a zero row stays zero."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(length > 0, length, 1.0)).astype(np.float32)


def with_new_items(
    item_factors: NDArray[np.float32],
    n_likes: NDArray[np.int64],
    catalogue: Catalogue,
    *,
    content: sp.csr_matrix | None = None,
    meaning: NDArray[np.float32] | None = None,
    ridge: float = 0.0,
) -> NDArray[np.float32]:
    """Give items without a like what a regression on content says, or the mean of their kind.

    Where no content is given, or none of an item's terms is known of a liked item, it takes the
    mean factor of its genres, else of its provider; an item of several genres the mean of the
    genres' means. One that has nothing in common with any liked item keeps the zero factor:
    nothing is known about it.

    Parameters
    ----------
    item_factors : float32 array of shape (n_items, d)
    n_likes : int64 array of shape (n_items,)
    catalogue : Catalogue
    content : sparse matrix of shape (n_items, n_terms), optional
    meaning : float32 array of shape (n_items, m), optional
        Further columns of the content: what texts mean, zero where nothing is known.
    ridge : float
        Penalty of the regression; 0 leaves it out.

    Returns
    -------
    float32 array of shape (n_items, d)
    """
    is_new = n_likes == 0
    if not is_new.any() or is_new.all():
        return np.where(is_new[:, None], 0, item_factors).astype(np.float32)
    provider = catalogue.provider_codes[:, None] == np.arange(len(catalogue.provider_names))
    result = np.where(is_new[:, None], 0, item_factors).astype(np.float32)
    is_open = is_new.copy()
    if content is not None and ridge > 0:
        found = content_regression(content, item_factors, ~is_new, ridge, meaning)
        is_told = content @ (content[~is_new].sum(axis=0).A1 > 0) > 0
        if meaning is not None and np.any(meaning[~is_new]):
            is_told |= np.any(meaning != 0, axis=1)
        result[is_new & is_told] = found[is_new & is_told]
        is_open &= ~is_told
    for labels in (catalogue.genre_matrix, provider):
        weights = labels.astype(np.float64)
        n_liked = weights[~is_new].sum(axis=0)
        means = weights[~is_new].T @ item_factors[~is_new] / np.maximum(n_liked, 1)[:, None]
        usable = weights * (n_liked > 0)
        n_labels = usable.sum(axis=1)
        takes = is_open & (n_labels > 0)
        result[takes] = (usable[takes] @ means) / n_labels[takes, None]
        is_open = is_open & ~takes
    return result


@dataclass(frozen=True, eq=False)
class _Columns:
    """What is known of items, as the columns of a regression: sparse ones, then dense ones."""

    sparse: sp.csr_matrix
    dense: NDArray[np.float64]

    def of(self, rows: NDArray[np.bool_]) -> _Columns:
        return _Columns(sp.csr_matrix(self.sparse[rows]), self.dense[rows])

    def times(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        n = self.sparse.shape[1]
        return np.asarray(self.sparse @ weights[:n] + self.dense @ weights[n:])

    def back(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.vstack([self.sparse.T @ values, self.dense.T @ values])


def content_regression(
    content: sp.csr_matrix,
    factors: NDArray[np.float32],
    is_known: NDArray[np.bool_],
    ridge: float,
    meaning: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """Predict factors from content by ridge regression on the items whose factors are known.

    ``W = (XᵀX + λI)⁻¹ Xᵀ Y`` with a column of ones in ``X``, by conjugate gradients on all columns
    of ``Y`` at once: O(steps · (nnz + n_items · m) · d), and nothing of terms × terms is made.

    Parameters
    ----------
    content : sparse matrix of shape (n_items, n_terms)
    factors : float32 array of shape (n_items, d)
    is_known : bool array of shape (n_items,)
    ridge : float > 0
        λ, in items.
    meaning : float32 array of shape (n_items, m), optional
        Further columns.

    Returns
    -------
    float32 array of shape (n_items, d)
        Of every item.

    Source
    ------
    Gantner et al., "Learning attribute-to-feature mappings for cold-start recommendations", ICDM
    2010; Hestenes and Stiefel, "Methods of conjugate gradients", 1952.
    """
    dense = np.ones((content.shape[0], 1))
    if meaning is not None:
        dense = np.hstack([meaning.astype(np.float64), dense])
    columns = _Columns(sp.csr_matrix(content, dtype=np.float64), dense)
    known = columns.of(is_known)
    rest = known.back(factors[is_known].astype(np.float64))
    weights, step = np.zeros_like(rest), rest.copy()
    size = first = (rest**2).sum(axis=0)
    for _ in range(STEPS):
        if (size <= CLOSE**2 * first).all():
            break
        ahead = known.back(known.times(step)) + ridge * step
        pace = size / np.maximum((step * ahead).sum(axis=0), np.finfo(float).tiny)
        weights += pace * step
        rest -= pace * ahead
        size, before = (rest**2).sum(axis=0), size
        step = rest + size / np.maximum(before, np.finfo(float).tiny) * step
    return np.asarray(columns.times(weights), np.float32)
