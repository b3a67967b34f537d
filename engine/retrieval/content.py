"""Likeness by what an item is: its genres and the words that describe it."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from engine.retrieval.catalogue import Catalogue

__all__ = ["content_vectors"]

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
