"""Likeness by what an item is: its genres and the words that describe it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.links import ByLinks, Links
from engine.pipeline.retrieval.profiles import Profile
from engine.pipeline.retrieval.source import ModelRecord, SourceRecord
from engine.pipeline.retrieval.source_config import SourceConfig

__all__ = ["MODELS", "SOURCES", "Content", "content_of", "content_vectors"]

GENRE_WEIGHT = 2.0
"""Genres count this many times as much as words: a shared word in two titles is often chance."""


def content_vectors(catalogue: Catalogue) -> sp.csr_matrix:
    """TF-IDF of genres and words, rows of unit length (or zero where an item has neither).

    Returns
    -------
    float32 sparse matrix of shape (n_items, n_terms)
    """
    parts = [GENRE_WEIGHT * _unit(_genre_vectors(catalogue)), _word_vectors(catalogue.texts)]
    return sp.csr_matrix(_unit(sp.hstack(parts, format="csr")), dtype=np.float32)


def content_of(audience: Histories, catalogue: Catalogue) -> sp.csr_matrix:
    """Return :func:`content_vectors`, made once for all who ask beside the same audience."""
    return audience.remember(("content", catalogue), lambda: content_vectors(catalogue))


def _genre_vectors(catalogue: Catalogue) -> sp.csr_matrix:
    idf = np.log((1 + catalogue.n_items) / (1 + catalogue.genre_matrix.sum(axis=0))) + 1
    return sp.csr_matrix(catalogue.genre_matrix * idf, dtype=np.float32)


def _unit(vectors: sp.csr_matrix) -> sp.csr_matrix:
    return normalize(vectors) if vectors.shape[1] else vectors


def _word_vectors(texts: tuple[str, ...]) -> sp.csr_matrix:
    vectorizer = TfidfVectorizer(stop_words="english", min_df=2, max_df=0.5, dtype=np.float32)
    try:
        return vectorizer.fit_transform(texts)
    except ValueError:  # no word occurs in two items: there is nothing to compare
        return sp.csr_matrix((len(texts), 0), dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Content:
    """Scores are cosines of content, summed over the profile: terms link to the items with them.

    Attributes
    ----------
    vectors : float32 sparse matrix of shape (n_items, n_terms)
        Unit rows.
    """

    vectors: sp.csr_matrix

    def source(self, profile: Profile) -> ByLinks:
        """Add up the terms of the items that ``profile`` names."""
        vectors = self.vectors

        def weigh(histories: Histories) -> sp.csr_matrix:
            return sp.csr_matrix(profile.weights(histories) @ vectors)

        return ByLinks(weigh, Links.from_csr(sp.csr_matrix(vectors.T)))

    def save(self, folder: Path) -> None:
        """Write the vectors."""
        sp.save_npz(folder / "vectors.npz", self.vectors, compressed=False)

    def report(self) -> dict[str, Any]:
        """Say the method and how many terms there are."""
        return {"method": "TF-IDF cosine of genres and words", "terms": self.vectors.shape[1]}


def _fit(audience: Histories, catalogue: Catalogue, _config: SourceConfig, _seed: int) -> Content:
    return Content(content_of(audience, catalogue))


def _load(folder: Path, _config: SourceConfig) -> Content:
    return Content(sp.csr_matrix(sp.load_npz(folder / "vectors.npz")))


MODELS = (ModelRecord("content", _fit, _load),)

SOURCES = (
    SourceRecord("content", "same genres and words", 200, "content", Profile(last=20), ("words",)),
)
