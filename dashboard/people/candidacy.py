"""Why an item is a candidate at all: who proposed it, and what they liked that is like it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import PAD
from engine.artifacts import Artifacts
from engine.people import liked_items, nearest_items

__all__ = ["Candidacy", "candidacy"]


@dataclass(frozen=True)
class Candidacy:
    """How one item came to be a candidate of one person.

    Attributes
    ----------
    sources : tuple of str
        Labels of the sources that proposed it; empty where it is no candidate.
    n_sources : int
        How many sources there are.
    rank : int or None
        Among the person's ranked candidates, 1 = top; ``None`` where it is none of them.
    n_candidates : int
    alike : tuple of (str, float)
        Liked items most like it: title and likeness in [-1, 1], most alike first.
    is_seen : bool
        Already in the history, which is why it is no candidate.
    times_met : int
        How often they met it before, where such items may come again; else 0.
    is_new : bool
        Nobody's history has a like of it.
    """

    sources: tuple[str, ...]
    n_sources: int
    rank: int | None
    n_candidates: int
    alike: tuple[tuple[str, float], ...]
    is_seen: bool
    times_met: int
    is_new: bool


def candidacy(artifacts: Artifacts, user: int, item: int, *, n_alike: int = 3) -> Candidacy:
    """Explain why ``item`` is (or is not) a candidate of the person in row ``user``."""
    manifest = artifacts.manifest
    labels = manifest.get("source_labels", manifest["source_names"])
    places = np.flatnonzero(np.asarray(artifacts.candidates[user]) == item)
    mask = int(artifacts.source_masks[user, places[0]]) if len(places) else 0
    nearest, likeness = nearest_items(
        np.asarray(artifacts.item_factors),
        liked_items(artifacts, user),
        np.array([item], np.int32),
        n=n_alike,
    )
    titles = artifacts.items["title"]
    is_of_item = artifacts.history.indices == item
    own, counts = slice(*artifacts.history.indptr[user : user + 2]), artifacts.history_count
    is_own = np.asarray(is_of_item[own])
    alike = tuple(
        (str(titles.iloc[anchor]), float(value))
        for anchor, value in zip(nearest[0], likeness[0], strict=True)
        if anchor != PAD and value > 0
    )
    return Candidacy(
        sources=tuple(label for bit, label in enumerate(labels) if mask >> bit & 1),
        n_sources=len(labels),
        rank=int(places[0]) + 1 if len(places) else None,
        n_candidates=int(artifacts.n_valid[user]),
        alike=alike,
        is_seen=bool(is_own.any()) and not artifacts.offers_again,
        times_met=int(counts[own][is_own].sum()) if counts is not None else 0,
        is_new=not (np.asarray(artifacts.history_is_liked) & is_of_item).any(),
    )
