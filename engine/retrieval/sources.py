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


DEPTH = 200
"""How many items a source proposes to each person."""

LIKED_NOW = Profile(decay=0.8)
LIKED_LATELY = Profile(decay=0.9)
SEEN_LATELY = Profile(decay=0.9, of_seen=True)
LAST_5_SEEN = Profile(last=5, of_seen=True)
LAST_20_SEEN = Profile(last=20, of_seen=True)

SOURCES: tuple[SourceSpec, ...] = (
    SourceSpec("als", "taste (matrix factorisation)", DEPTH, lambda parts: parts.als),
    SourceSpec("ease", "liked together", DEPTH, _by_links(Profile(), "liked_together")),
    SourceSpec(
        "ease_last_5", "like the last 5 liked", DEPTH, _by_links(Profile(last=5), "liked_together")
    ),
    SourceSpec(
        "ease_seen", "seen together", DEPTH, _by_links(Profile(of_seen=True), "seen_together")
    ),
    SourceSpec(
        "ease_seen_last_20",
        "like the last 20 seen",
        DEPTH,
        _by_links(LAST_20_SEEN, "seen_together"),
    ),
    SourceSpec("next_liked_3", "liked right after", DEPTH, _by_links(LIKED_NOW, "liked_within_3")),
    SourceSpec(
        "next_liked_20", "liked soon after", DEPTH, _by_links(LIKED_LATELY, "liked_within_20")
    ),
    SourceSpec("next_seen_20", "seen soon after", DEPTH, _by_links(SEEN_LATELY, "seen_within_20")),
    SourceSpec(
        "content",
        "same genres and words",
        DEPTH,
        lambda parts: ByContent(Profile(last=20), parts.content),
    ),
    SourceSpec("popular", "popular lately", DEPTH, lambda parts: Popularity(parts.popular)),
    SourceSpec(
        "ease_seen_last_5", "like the last 5 seen", 0, _by_links(LAST_5_SEEN, "seen_together")
    ),
)
"""Those that propose come first, in the order of the bits of ``source_masks``."""

PROPOSING = tuple(spec for spec in SOURCES if spec.depth)


def make_sources(parts: SourceParts) -> dict[str, Source]:
    """Make every source from its learned state, in the order of :data:`SOURCES`."""
    return {spec.name: spec.make(parts) for spec in SOURCES}
