"""Likeness by what an item is, ranked as a search would: BM25 over genres and words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import CountVectorizer

from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.links import ByLinks, Links
from engine.pipeline.retrieval.profiles import Profile
from engine.pipeline.retrieval.source import ModelRecord, SourceRecord
from engine.pipeline.retrieval.source_config import SourceConfig

__all__ = ["MODELS", "SOURCES", "ContentBm25", "bm25_vectors"]

K1, B = 1.2, 0.75


def bm25_vectors(terms: sp.csr_matrix) -> sp.csr_matrix:
    """BM25 weight of each term of each item; a term is there or not.

    ``log(1 + (n − n_t + ½) / (n_t + ½)) · (K1 + 1) / (K1 (1 − B + B l_i / mean l) + 1)``.

    Parameters
    ----------
    terms : sparse matrix of shape (n_items, n_terms)
        1 where an item has a term.

    Returns
    -------
    float32 sparse matrix of the same shape

    Source
    ------
    Robertson and Zaragoza, "The probabilistic relevance framework: BM25 and beyond", 2009.
    """
    n_with = np.asarray(terms.sum(axis=0)).ravel()
    rare = np.log(1 + (terms.shape[0] - n_with + 0.5) / (n_with + 0.5))
    length = np.asarray(terms.sum(axis=1)).ravel()
    against = 1 - B + B * length / max(float(length.mean()) if len(length) else 0.0, 1e-9)
    weighed = sp.diags_array((K1 + 1) / (K1 * against + 1)) @ terms @ sp.diags_array(rare)
    return sp.csr_matrix(weighed, dtype=np.float32)


def _terms(catalogue: Catalogue) -> sp.csr_matrix:
    """Genres, and words that at least two items have."""
    genres = sp.csr_matrix(catalogue.genre_matrix, dtype=np.float32)
    vectorizer = CountVectorizer(
        stop_words="english", min_df=2, max_df=0.5, binary=True, dtype=np.float32
    )
    try:
        words = vectorizer.fit_transform(catalogue.texts)
    except ValueError:  # no word occurs in two items: there is nothing to compare
        return genres
    return sp.csr_matrix(sp.hstack([genres, words], format="csr"))


@dataclass(frozen=True, eq=False)
class ContentBm25:
    """A person's liked items are the query, each item a document.

    Attributes
    ----------
    vectors : float32 sparse matrix of shape (n_items, n_terms)
        Of :func:`bm25_vectors`.
    """

    vectors: sp.csr_matrix

    def source(self, profile: Profile) -> ByLinks:
        """Ask for the terms of the items that ``profile`` names."""
        terms = self.vectors.copy()
        terms.data = np.ones_like(terms.data)

        def weigh(histories: Histories) -> sp.csr_matrix:
            return sp.csr_matrix(profile.weights(histories) @ terms)

        return ByLinks(weigh, Links.from_csr(sp.csr_matrix(self.vectors.T)))

    def save(self, folder: Path) -> None:
        """Write the vectors."""
        sp.save_npz(folder / "vectors.npz", self.vectors, compressed=False)

    def report(self) -> dict[str, Any]:
        """Say the method and how many terms there are."""
        return {"method": "BM25 of genres and words", "terms": self.vectors.shape[1]}


def _fit(
    _audience: Histories, catalogue: Catalogue, _config: SourceConfig, _seed: int
) -> ContentBm25:
    return ContentBm25(bm25_vectors(_terms(catalogue)))


def _load(folder: Path, _config: SourceConfig) -> ContentBm25:
    return ContentBm25(sp.csr_matrix(sp.load_npz(folder / "vectors.npz")))


MODELS = (ModelRecord("content_bm25", _fit, _load),)

SOURCES = (
    SourceRecord(
        "content_bm25",
        "same genres and words (BM25)",
        200,
        "content_bm25",
        Profile(last=20),
        ("words",),
        is_option=True,
    ),
)
