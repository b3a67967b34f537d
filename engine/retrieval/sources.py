"""Every source of candidates: what it is called, how it is made, how deep it is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.retrieval.histories import Histories
from engine.retrieval.item_item import ByContent, ItemItem
from engine.retrieval.popularity import Popularity
from engine.retrieval.profiles import Profile
from engine.retrieval.source_parts import SourceParts

__all__ = ["PROPOSING", "SOURCES", "Source", "SourceSpec", "make_sources"]


class Source(Protocol):
    """Scores every item for a batch of people; only positive scores are proposals."""

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        """Float32 array of shape (n_people, n_items)."""
        ...


@dataclass(frozen=True)
class SourceSpec:
    """A source's name, its words for people, how many items it proposes, and how it is made.

    A depth of 0 makes it an input of the ranker that proposes nothing.
    """

    name: str
    label: str
    depth: int
    make: Callable[[SourceParts], Source]


def _by_links(profile: Profile, links: str) -> Callable[[SourceParts], Source]:
    return lambda parts: ItemItem(profile, parts.links[links])


LIKED_NOW = Profile(decay=0.8)
LIKED_LATELY = Profile(decay=0.9)
SEEN_NOW = Profile(decay=0.8, of_seen=True)
SEEN_LATELY = Profile(decay=0.9, of_seen=True)

SOURCES: tuple[SourceSpec, ...] = (
    SourceSpec("als", "taste (matrix factorisation)", 80, lambda parts: parts.als),
    SourceSpec("ease", "liked together", 80, _by_links(Profile(), "ease")),
    SourceSpec("ease_last_5", "like the last 5 liked", 80, _by_links(Profile(last=5), "ease")),
    SourceSpec("next_liked_3", "liked right after", 80, _by_links(LIKED_NOW, "liked_within_3")),
    SourceSpec("next_liked_20", "liked soon after", 80, _by_links(LIKED_LATELY, "liked_within_20")),
    SourceSpec("next_seen_3", "seen right after", 80, _by_links(SEEN_NOW, "seen_within_3")),
    SourceSpec("next_seen_20", "seen soon after", 80, _by_links(SEEN_LATELY, "seen_within_20")),
    SourceSpec(
        "content",
        "same genres and words",
        30,
        lambda parts: ByContent(Profile(last=20), parts.content),
    ),
    SourceSpec("popular", "popular lately", 40, lambda parts: Popularity(parts.popular)),
    SourceSpec("cosine_last_5", "cosine, last 5 liked", 0, _by_links(Profile(last=5), "cosine")),
    SourceSpec("cosine_last_20", "cosine, last 20 liked", 0, _by_links(Profile(last=20), "cosine")),
)
"""Those that propose come first, in the order of the bits of ``source_masks``."""

PROPOSING = tuple(spec for spec in SOURCES if spec.depth)


def make_sources(parts: SourceParts) -> dict[str, Source]:
    """Make every source from its learned state, in the order of :data:`SOURCES`."""
    return {spec.name: spec.make(parts) for spec in SOURCES}
