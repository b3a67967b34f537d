"""What the ranker is told about each candidate of each person.

A feature is a function of what was known when the candidates were made; the registry
:data:`FEATURE_FAMILIES` is all there is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD
from engine.pipeline.ranking.again_features import again_features
from engine.pipeline.ranking.amount_features import amount_features
from engine.pipeline.ranking.content_features import genre_features, release_features
from engine.pipeline.ranking.context_features import (
    moment_features,
    place_features,
    provider_features,
)
from engine.pipeline.ranking.item_statistics import ItemStatistics
from engine.pipeline.ranking.row_ranks import ranks_in_row
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.factor_search import grid_rows, pair_scores
from engine.pipeline.retrieval.histories import Histories

__all__ = [
    "ALWAYS",
    "FAMILY_WORDS",
    "FEATURE_FAMILIES",
    "USUAL_FAMILIES",
    "Context",
    "candidate_features",
    "group_feature",
]

N_TIMELESS = 3
"""So many features of an item, the first ones, mean something without any order."""


@dataclass(frozen=True, eq=False)
class Context:
    """All that features of one block of people are made of.

    Attributes
    ----------
    candidates : int32 array of shape (n_people, n)
        Fused order, :data:`PAD` at the end of short rows.
    scores : mapping of str to float32 array of shape (n_people, n)
        Of the candidates, by every source.
    person_factors : float32 array of shape (n_people, d)
    item_factors : float32 array of shape (n_items, d)
        Of unit length.
    histories : Histories
        Of the same people.
    group_codes : int16 array of shape (n_people, n_attributes)
        Demographic groups of the same people.
    group_names : tuple of str
        Their attributes.
    statistics : ItemStatistics
    catalogue : Catalogue
    """

    candidates: NDArray[np.int32]
    scores: Mapping[str, NDArray[np.float32]]
    person_factors: NDArray[np.float32]
    item_factors: NDArray[np.float32]
    histories: Histories
    group_codes: NDArray[np.int16]
    group_names: tuple[str, ...]
    statistics: ItemStatistics
    catalogue: Catalogue

    @property
    def columns(self) -> NDArray[np.int32]:
        """Candidates with padding replaced by item 0, to index with."""
        return np.maximum(self.candidates, 0)

    def of_person(self, values: NDArray[Any]) -> NDArray[Any]:
        """Repeat one value per person over their candidates."""
        return np.broadcast_to(np.asarray(values)[:, None], self.candidates.shape)


Features = dict[str, NDArray[Any]]


def _source_features(context: Context) -> Features:
    """Each source's score and its rank among the person's candidates."""
    features: Features = {}
    for name, score in context.scores.items():
        features[f"{name} score"] = score
        features[f"{name} rank"] = ranks_in_row(np.where(context.candidates == PAD, -np.inf, score))
    return features


def _agreement(context: Context) -> Features:
    """Place in the fused order, and fit to taste whatever the item's popularity."""
    place = np.arange(context.candidates.shape[1])
    taste = pair_scores(context.person_factors, context.item_factors, grid_rows(context.candidates))
    return {
        "fused place": np.broadcast_to(place, context.candidates.shape),
        "taste without popularity": taste.reshape(context.candidates.shape),
    }


def _item(context: Context) -> Features:
    """Popularity in several senses, and when people meet the item."""
    statistics = context.statistics
    names = {
        "seen by": statistics.seen,
        "liked by": statistics.liked,
        "liked share": statistics.liked_share,
        "likes of last 30 days": statistics.recent,
        "rising": statistics.rising,
        "place in sequence": statistics.position,
        "log place in sequence": statistics.log_position,
    }
    known = names if statistics.has_order else dict(list(names.items())[:N_TIMELESS])
    return {name: values[context.columns] for name, values in known.items()}


def _person(context: Context) -> Features:
    """How much the person has seen and liked."""
    seen, liked = context.histories.seen.lengths(), context.histories.liked.lengths()
    return {
        "person's seen": context.of_person(seen),
        "person's liked": context.of_person(liked),
        "person's liked share": context.of_person(liked / np.maximum(seen, 1)),
    }


def _groups(context: Context) -> Features:
    """How much more of a person's group likes the item than of everybody."""
    parts = zip(
        context.group_names, context.group_codes.T, context.statistics.group_lift, strict=True
    )
    return {
        group_feature(name): lift[codes[:, None], context.columns] for name, codes, lift in parts
    }


def group_feature(attribute: str) -> str:
    """Name of the feature that reads an attribute of people."""
    return f"lift in {attribute}"


FEATURE_FAMILIES: Mapping[str, Callable[[Context], Features]] = {
    "sources": _source_features,
    "agreement": _agreement,
    "item": _item,
    "release": release_features,
    "genres": genre_features,
    "person": _person,
    "groups": _groups,
    "moment": moment_features,
    "providers": provider_features,
    "again": again_features,
    "place": place_features,
    "amounts": amount_features,
}
"""Every family of features by name."""

ALWAYS = ("sources", "agreement")
"""Those that no fit is without."""

FAMILY_WORDS: Mapping[str, str] = {
    "sources": "scores and ranks of the sources",
    "agreement": "how sources agree",
    "item": "popularity and reputation",
    "release": "the year of release",
    "genres": "genres",
    "person": "how much somebody has met",
    "groups": "groups of people",
    "moment": "the moment it is served at",
    "providers": "providers",
    "again": "when it was met before",
    "place": "the device or place it is served at",
    "amounts": "how much people watch, play or give",
}

USUAL_FAMILIES = tuple(
    name
    for name in FEATURE_FAMILIES
    if name not in ("moment", "providers", "again", "place", "amounts")
)
"""Those that a fit has where nobody says: "again" where repeats are kept; the others were no clear
gain on the labels."""


def candidate_features(
    context: Context, families: Sequence[str] = USUAL_FAMILIES
) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """Compute the features of some families for a block of people.

    Returns
    -------
    features : float32 array of shape (n_people, n, n_features)
        0 where padded; NaN where undefined (a tree sends those down a branch of their own).
    names : tuple of str
    """
    columns: Features = {}
    for family in families:
        columns.update(FEATURE_FAMILIES[family](context))
    features = np.empty((*context.candidates.shape, len(columns)), np.float32)
    for place, values in enumerate(columns.values()):
        features[:, :, place] = values
    features[context.candidates == PAD] = 0.0
    return features, tuple(columns)
