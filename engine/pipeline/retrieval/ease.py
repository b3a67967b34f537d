"""Items liked (or seen) together: EASE, and cosine where the catalogue is too large for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from engine.arrays import Ragged
from engine.pipeline.kernels.gram import gram_of_rows, regressions_of
from engine.pipeline.kernels.neighbours import item_occurrences, links_together
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.histories import Histories, entry_rows
from engine.pipeline.retrieval.links import LinkModel, Links, rows_of, strongest
from engine.pipeline.retrieval.profiles import Profile
from engine.pipeline.retrieval.source import ORDER, ModelRecord, SourceRecord
from engine.pipeline.retrieval.source_config import SourceConfig

__all__ = ["MODELS", "SOURCES", "cosine_links", "ease_weights"]


def ease_weights(rows: Ragged, n_items: int, regularisation: float) -> NDArray[np.float32]:
    """Item-item weights in closed form, O(n_items³): each item from the others.

    ``P = (XᵀX + λI)⁻¹``, ``B_ij = −P_ij / P_jj``, ``B_jj = 0``.

    Parameters
    ----------
    rows : Ragged
        Different items of each person: X has a 1 there.
    n_items : int
    regularisation : float > 0
        λ.

    Returns
    -------
    float32 array of shape (n_items, n_items)

    Source
    ------
    Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019, equation 8.
    """
    # The kernel fills rows up to the diagonal, which is the lower triangle to LAPACK's columns.
    gram = gram_of_rows(*rows_of(rows), n_items).T
    gram[np.diag_indices_from(gram)] += regularisation
    # P is symmetric: its Cholesky factor gives the inverse at half the cost of the general way.
    # In float32 the weights of 4,000 items are off by 1e-7 at most.
    factor, _ = lapack.spotrf(gram, lower=True, overwrite_a=True)
    inverse, _ = lapack.spotri(factor, lower=True, overwrite_c=True)
    return regressions_of(inverse.T)


def cosine_links(rows: Ragged, n_items: int, n: int) -> Links:
    """``n_ij / √(n_i n_j)``, with n_ij people who have both; the ``n`` largest of each item.

    O(Σ row²); at no time is there more than one item's row of all items.
    """
    count = np.bincount(rows.indices, minlength=n_items)
    scale = (1.0 / np.sqrt(np.maximum(count, 1))).astype(np.float32)
    indptr, flat = rows_of(rows)
    occurrences = item_occurrences(flat, n_items)
    of_rows = (entry_rows(rows), indptr, flat)

    def write(
        first: int, start: int, stop: int, *, items: NDArray[Any], values: NDArray[Any]
    ) -> None:
        links_together(occurrences, of_rows, scale, first, start, stop, items, values)

    return Links.in_blocks(n_items, n, write)


def _fit(rows: Ragged, n_items: int, config: SourceConfig) -> LinkModel:
    kept = config.links_per_item
    if n_items > config.max_dense_items:
        return LinkModel(cosine_links(rows, n_items, kept), f"cosine, {kept} an item")
    weights = ease_weights(rows, n_items, config.ease_regularisation)
    links = Links.from_rows(*strongest(weights, kept), n_items)
    return LinkModel(links, f"EASE, {min(kept, n_items)} an item")


def _fit_liked(
    audience: Histories, _catalogue: Catalogue, config: SourceConfig, _seed: int
) -> LinkModel:
    return _fit(audience.distinct(liked=True), audience.n_items, config)


def _fit_seen(
    audience: Histories, _catalogue: Catalogue, config: SourceConfig, _seed: int
) -> LinkModel:
    return _fit(audience.distinct(liked=False), audience.n_items, config)


def _load(folder: Path, _config: SourceConfig) -> LinkModel:
    return LinkModel.load(folder)


MODELS = (
    ModelRecord("liked_together", _fit_liked, _load),
    ModelRecord("seen_together", _fit_seen, _load),
)

SEEN = ("not liked",)
SOURCES = (
    SourceRecord("ease", "liked together", 200, "liked_together"),
    SourceRecord(
        "ease_last_5", "like the last 5 liked", 200, "liked_together", Profile(last=5), ORDER
    ),
    SourceRecord("ease_seen", "seen together", 200, "seen_together", Profile(of_seen=True), SEEN),
    SourceRecord(
        "ease_seen_last_20",
        "like the last 20 seen",
        200,
        "seen_together",
        Profile(last=20, of_seen=True),
        (*SEEN, *ORDER),
    ),
    SourceRecord(
        "ease_seen_last_5",
        "like the last 5 seen",
        0,
        "seen_together",
        Profile(last=5, of_seen=True),
        (*SEEN, *ORDER),
    ),
)
