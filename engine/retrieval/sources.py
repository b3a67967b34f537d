"""Every source of candidates: what it is called, how it is fitted, how deep it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from engine.retrieval.als import AlsConfig, fit_als
from engine.retrieval.catalogue import Catalogue
from engine.retrieval.content import content_vectors
from engine.retrieval.ease import ease_links
from engine.retrieval.histories import Histories
from engine.retrieval.item_cosine import cosine_links
from engine.retrieval.item_item import ItemItem
from engine.retrieval.new_items import with_new_items
from engine.retrieval.popularity import Popularity, recent_popularity
from engine.retrieval.profiles import Profile
from engine.retrieval.transitions import transition_links

__all__ = ["SOURCES", "Source", "SourceConfig", "SourceSpec", "fit_sources"]


class Source(Protocol):
    """Scores every item for a batch of people; only positive scores are proposals."""

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        """Float32 array of shape (n_people, n_items)."""
        ...


@dataclass(frozen=True)
class SourceConfig:
    """Settings of the sources; the defaults were tuned on MovieLens 100K.

    Parameters
    ----------
    als : AlsConfig
    ease_regularisation : float
    max_dense_items : int
        Above this many items EASE, which inverts an ``n_items × n_items`` matrix, gives way to
        cosine, and links are kept sparse.
    recent_days : float
        Window of recent popularity.
    """

    als: AlsConfig = field(default_factory=AlsConfig)
    ease_regularisation: float = 400.0
    max_dense_items: int = 8000
    recent_days: float = 30.0


@dataclass(frozen=True, eq=False)
class Material:
    """What a source may be fitted on."""

    audience: Histories
    catalogue: Catalogue
    config: SourceConfig
    seed: int
    made: dict[str, NDArray | sp.csr_matrix] = field(default_factory=dict)

    @property
    def is_small(self) -> bool:
        """Whether item-item matrices may be dense."""
        return self.audience.n_items <= self.config.max_dense_items

    def links(self, name: str) -> NDArray[np.float32] | sp.csr_matrix:
        """Item-item matrix ``name``, computed once and shared by the sources that read it."""
        if name not in self.made:
            matrix = LINKS[name](self)
            if isinstance(matrix, sp.csr_matrix) and self.is_small:
                matrix = matrix.toarray()
            self.made[name] = matrix
        return self.made[name]


def _ease_or_cosine(material: Material) -> NDArray | sp.csr_matrix:
    likes = material.audience.likes
    if material.is_small:
        return ease_links(likes, material.config.ease_regularisation)
    return cosine_links(likes)


def _content_links(material: Material) -> sp.csr_matrix:
    vectors = content_vectors(material.catalogue)
    links = sp.csr_matrix(vectors @ vectors.T)
    links.setdiag(0.0)
    return links


def _transitions(window: int, *, of_seen: bool) -> Callable[[Material], sp.csr_matrix]:
    def make(material: Material) -> sp.csr_matrix:
        audience = material.audience
        rows = audience.seen if of_seen else audience.liked
        return transition_links(rows, audience.n_items, window, power=0.7)

    return make


LINKS: Mapping[str, Callable[[Material], NDArray | sp.csr_matrix]] = {
    "ease": _ease_or_cosine,
    "cosine": lambda material: cosine_links(material.audience.likes),
    "content": _content_links,
    "liked_within_3": _transitions(3, of_seen=False),
    "liked_within_20": _transitions(20, of_seen=False),
    "seen_within_3": _transitions(3, of_seen=True),
    "seen_within_20": _transitions(20, of_seen=True),
}
"""Item-item matrices by name."""


@dataclass(frozen=True)
class SourceSpec:
    """A source's name, its words, its fit and how many items it proposes (0: features only)."""

    name: str
    label: str
    depth: int
    fit: Callable[[Material], Source]


def _item_item(profile: Profile, links: str) -> Callable[[Material], Source]:
    return lambda material: ItemItem(profile, material.links(links))


def _als(material: Material) -> Source:
    likes = material.audience.likes
    als = fit_als(likes, material.config.als, seed=material.seed)
    n_likes = np.bincount(likes.indices, minlength=likes.shape[1])
    return replace(als, item_factors=with_new_items(als.item_factors, n_likes, material.catalogue))


def _popularity(material: Material) -> Source:
    audience = material.audience
    recent = recent_popularity(audience, material.config.recent_days)
    # the whole history only orders items that were equally popular lately
    whole = audience.popularity / (1.0 + audience.popularity.max(initial=0))
    return Popularity((recent + whole).astype(np.float32))


SOURCES: tuple[SourceSpec, ...] = (
    SourceSpec("als", "taste (matrix factorisation)", 80, _als),
    SourceSpec("ease", "liked together", 80, _item_item(Profile(), "ease")),
    SourceSpec("ease_last_5", "like the last 5 liked", 80, _item_item(Profile(last=5), "ease")),
    SourceSpec(
        "next_liked_3",
        "liked right after",
        80,
        _item_item(Profile(decay=0.8), "liked_within_3"),
    ),
    SourceSpec(
        "next_liked_20",
        "liked soon after",
        80,
        _item_item(Profile(decay=0.9), "liked_within_20"),
    ),
    SourceSpec(
        "next_seen_3",
        "seen right after",
        80,
        _item_item(Profile(decay=0.8, of_seen=True), "seen_within_3"),
    ),
    SourceSpec(
        "next_seen_20",
        "seen soon after",
        80,
        _item_item(Profile(decay=0.9, of_seen=True), "seen_within_20"),
    ),
    SourceSpec("content", "same genres and words", 30, _item_item(Profile(last=20), "content")),
    SourceSpec("popular", "popular lately", 40, _popularity),
    SourceSpec("cosine_last_5", "cosine, last 5 liked", 0, _item_item(Profile(last=5), "cosine")),
    SourceSpec(
        "cosine_last_20", "cosine, last 20 liked", 0, _item_item(Profile(last=20), "cosine")
    ),
)
"""In the order of the bits of ``source_masks``; those of depth 0 come last and have no bit."""


def fit_sources(
    audience: Histories,
    catalogue: Catalogue,
    config: SourceConfig,
    *,
    seed: int,
    on_source: Callable[[str], None] | None = None,
) -> dict[str, Source]:
    """Fit every source on what ``audience`` did; nothing else is looked at.

    Parameters
    ----------
    audience : Histories
    catalogue : Catalogue
    config : SourceConfig
    seed : int
    on_source : callable, optional
        Called with the name of each source once it is fitted.

    Returns
    -------
    dict of str to Source
        In the order of :data:`SOURCES`.
    """
    material = Material(audience, catalogue, config, seed)
    fitted = {}
    for spec in SOURCES:
        fitted[spec.name] = spec.fit(material)
        if on_source:
            on_source(spec.name)
    return fitted
