"""What the sources are built from: fitted on an audience, or opened from a fit's folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from engine.retrieval.als import Als, AlsConfig, fit_als
from engine.retrieval.catalogue import Catalogue
from engine.retrieval.content import content_vectors
from engine.retrieval.ease import ease_links
from engine.retrieval.histories import Histories
from engine.retrieval.item_cosine import cosine_links
from engine.retrieval.item_item import Links
from engine.retrieval.new_items import with_new_items
from engine.retrieval.popularity import recent_popularity
from engine.retrieval.transitions import transition_links

__all__ = ["LINKS", "SourceConfig", "SourceParts", "fit_parts"]


@dataclass(frozen=True)
class SourceConfig:
    """Settings of the sources; the defaults were tuned on MovieLens 100K.

    Parameters
    ----------
    als : AlsConfig
    ease_regularisation : float
    transition_power : float
        How strongly a transition is divided by the popularity of the item it starts from.
    max_dense_items : int
        Above this many items EASE, which inverts an ``n_items × n_items`` matrix, gives way to
        cosine, and links are kept sparse.
    recent_days : float
        Window of recent popularity.
    """

    als: AlsConfig = field(default_factory=AlsConfig)
    ease_regularisation: float = 400.0
    transition_power: float = 0.7
    max_dense_items: int = 8000
    recent_days: float = 30.0


@dataclass(frozen=True, eq=False)
class SourceParts:
    """Learned state of all sources.

    Attributes
    ----------
    als : Als
    links : dict of str to Links
        Item-item matrices by name; see :data:`LINKS`.
    content : float32 sparse matrix of shape (n_items, n_terms)
        Unit rows: what each item is.
    popular : float32 array of shape (n_items,)
    """

    als: Als
    links: dict[str, Links]
    content: sp.csr_matrix
    popular: NDArray[np.float32]


MakeLinks = Callable[[Histories, SourceConfig], "NDArray | sp.csr_matrix"]


def _ease_or_cosine(*, of_seen: bool) -> MakeLinks:
    def make(audience: Histories, config: SourceConfig) -> NDArray | sp.csr_matrix:
        chosen = audience.views if of_seen else audience.likes
        if audience.n_items > config.max_dense_items:
            return cosine_links(chosen)
        return ease_links(chosen, config.ease_regularisation)

    return make


def _transitions(window: int, *, of_seen: bool) -> MakeLinks:
    def make(audience: Histories, config: SourceConfig) -> sp.csr_matrix:
        rows = audience.seen if of_seen else audience.liked
        return transition_links(rows, audience.n_items, window, power=config.transition_power)

    return make


LINKS: Mapping[str, MakeLinks] = {
    "liked_together": _ease_or_cosine(of_seen=False),
    "seen_together": _ease_or_cosine(of_seen=True),
    "liked_within_3": _transitions(3, of_seen=False),
    "liked_within_20": _transitions(20, of_seen=False),
    "seen_within_20": _transitions(20, of_seen=True),
}
"""Item-item matrices by name."""


def fit_parts(
    audience: Histories,
    catalogue: Catalogue,
    config: SourceConfig,
    *,
    seed: int,
    tell: Callable[[float], None] = lambda _: None,
) -> SourceParts:
    """Fit what the sources need on what ``audience`` did; nothing else is looked at.

    Parameters
    ----------
    audience : Histories
    catalogue : Catalogue
    config : SourceConfig
    seed : int
    tell : callable
        Called with the share of the work done.
    """
    als = fit_als(audience.likes, config.als, seed=seed)
    n_likes = np.bincount(audience.liked.indices, minlength=audience.n_items)
    als = replace(als, item_factors=with_new_items(als.item_factors, n_likes, catalogue))
    links = {}
    for number, (name, make) in enumerate(LINKS.items(), start=1):
        tell(number / (len(LINKS) + 1))
        links[name] = _compact(make(audience, config), config)
    recent = recent_popularity(audience, config.recent_days)
    # the whole history only orders items that were equally popular lately
    whole = audience.popularity / (1.0 + audience.popularity.max(initial=0))
    popular = (recent + whole).astype(np.float32)
    return SourceParts(als, links, content_vectors(catalogue), popular)


def _compact(matrix: NDArray | sp.csr_matrix, config: SourceConfig) -> Links:
    """Round to float16, which is how links are stored: a fit and its replay see the same."""
    if isinstance(matrix, sp.csr_matrix):
        n_items = matrix.shape[0]
        if n_items > config.max_dense_items or matrix.nnz <= DENSE_FROM * n_items**2:
            return matrix
        matrix = matrix.toarray()
    return matrix.astype(np.float16).astype(np.float32)


DENSE_FROM = 0.1
"""A matrix with this share of entries is quicker to multiply by when it is dense."""
