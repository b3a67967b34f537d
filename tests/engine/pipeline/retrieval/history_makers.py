"""Random histories for the tests of retrieval and ranking."""

from __future__ import annotations

import numpy as np

from engine.arrays import Ragged
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.histories import Histories


def random_histories(seed=0, n_people=30, n_items=20, longest=12) -> Histories:
    """People with 0 to ``longest`` different items each, about half of them liked."""
    rng = np.random.default_rng(seed)
    rows = [
        rng.choice(n_items, rng.integers(0, min(longest, n_items) + 1), replace=False)
        for _ in range(n_people)
    ]
    seen = Ragged.from_rows(rows)
    n = len(seen.indices)
    return Histories(n_items, seen, rng.random(n) < 0.6, np.sort(rng.random(n) * 100))


def histories_of(rows, liked=None, n_items=None) -> Histories:
    """Histories written out by hand, one day per interaction."""
    seen = Ragged.from_rows(rows)
    n = len(seen.indices)
    is_liked = np.ones(n, bool) if liked is None else np.concatenate(liked).astype(bool)
    size = n_items or int(seen.indices.max(initial=-1)) + 1
    return Histories(size, seen, is_liked, np.arange(n, dtype=np.float64))


def plain_catalogue(n_items, genres=None, providers=None, years=None) -> Catalogue:
    """A catalogue of untitled items; ``genres`` as a list of sets of column numbers."""
    n_genres = 1 + max((g for row in genres or [] for g in row), default=-1)
    matrix = np.zeros((n_items, n_genres), bool)
    for item, row in enumerate(genres or []):
        matrix[item, list(row)] = True
    codes = np.array(providers if providers is not None else [-1] * n_items, np.int16)
    year = np.array(years if years is not None else [np.nan] * n_items, np.float64)
    return Catalogue(
        texts=tuple(f"item number {item}" for item in range(n_items)),
        genre_names=tuple(f"genre {g}" for g in range(n_genres)),
        genre_matrix=matrix,
        released_day=(year - 1970) * 365.25,
        provider_names=tuple(f"provider {p}" for p in range(codes.max(initial=-1) + 1)),
        provider_codes=codes,
    )
