"""Factors for items that nobody has liked yet."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.retrieval.catalogue import Catalogue

__all__ = ["unit_rows", "with_new_items"]


def unit_rows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows scaled to unit length; a zero row stays zero."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(length > 0, length, 1.0)).astype(np.float32)


def with_new_items(
    item_factors: NDArray[np.float32], n_likes: NDArray[np.int64], catalogue: Catalogue
) -> NDArray[np.float32]:
    """Give items without a like the mean factor of their genres, else of their provider.

    An item of several genres takes the mean of the genres' means. One that has neither genre nor
    provider in common with any liked item keeps the zero factor: nothing is known about it.

    Parameters
    ----------
    item_factors : float32 array of shape (n_items, d)
    n_likes : int64 array of shape (n_items,)
    catalogue : Catalogue

    Returns
    -------
    float32 array of shape (n_items, d)
    """
    is_new = n_likes == 0
    if not is_new.any() or is_new.all():
        return np.where(is_new[:, None], 0, item_factors).astype(np.float32)
    provider = catalogue.provider_codes[:, None] == np.arange(len(catalogue.provider_names))
    result = np.where(is_new[:, None], 0, item_factors).astype(np.float32)
    is_open = is_new
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
