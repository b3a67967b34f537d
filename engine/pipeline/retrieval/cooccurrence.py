"""Items liked together, weighed by BM25: people who like everything say less of any two items."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import scipy.sparse as sp
from implicit.nearest_neighbours import all_pairs_knn, bm25_weight

from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.links import LinkModel, Links
from engine.pipeline.retrieval.source import ModelRecord, SourceRecord
from engine.pipeline.retrieval.source_config import SourceConfig
from engine.threads import thread_count

__all__ = ["MODELS", "SOURCES", "bm25_links"]

K1, B = 1.2, 0.75
"""Robertson and Zaragoza, 2009: the usual saturation and correction for length."""


def bm25_links(likes: sp.csr_matrix, n: int) -> Links:
    """``Σ_u w_ui w_uj`` over people, with BM25 weights; the ``n`` largest of each item.

    An item is a document and the people who like it are its words:
    ``w_ui = (K1 + 1) / (K1 (1 − B + B n_i / mean n) + 1) · log(n_items / (1 + n_u))``.

    Parameters
    ----------
    likes : sparse matrix of shape (n_people, n_items)
        1 where a person likes an item.
    n : int

    Source
    ------
    Robertson and Zaragoza, "The probabilistic relevance framework: BM25 and beyond", 2009.
    """
    n_items = likes.shape[1]
    if not likes.nnz:
        return Links.from_csr(sp.csr_matrix((n_items, n_items), dtype=np.float32))
    weighed = sp.csr_matrix(bm25_weight(likes.T, K1, B).T, dtype=np.float64)
    # one more than asked for: an item is its own nearest neighbour
    found = all_pairs_knn(weighed, min(n + 1, n_items), thread_count(), show_progress=False)
    found = sp.csr_matrix(found, dtype=np.float32)
    found.setdiag(0)
    found.eliminate_zeros()
    found.sort_indices()
    return Links.from_csr(found)


def _fit(audience: Histories, _catalogue: Catalogue, config: SourceConfig, _seed: int) -> LinkModel:
    kept = config.links_per_item
    return LinkModel(bm25_links(audience.likes, kept), f"BM25 co-occurrence, {kept} an item")


def _load(folder: Path, _config: SourceConfig) -> LinkModel:
    return LinkModel.load(folder)


MODELS = (ModelRecord("liked_together_bm25", _fit, _load),)

SOURCES = (
    SourceRecord(
        "bm25_together", "liked together (BM25)", 200, "liked_together_bm25", is_option=True
    ),
)
