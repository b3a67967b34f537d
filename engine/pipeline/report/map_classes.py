"""What points of a map are coloured by: their genre, or how popular they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from engine.artifacts import Artifacts
from engine.people.taste import genre_membership, genre_mix, liked_rows

__all__ = ["CLASSES", "OTHER_GENRES", "Classes", "classes_of"]

MOST_GENRES = 7
OTHER_GENRES = "another genre"
DECILES = 10


@dataclass(frozen=True, eq=False)
class Classes:
    """A class for each item, or each person.

    Attributes
    ----------
    codes : int64 array of shape (n,)
        Place in ``labels``; -1 where unknown.
    labels : tuple of str
    words : str
        What the class is, for people.
    within : int
        Classes so far apart are next to each other, 0 where they have no order.
    """

    codes: NDArray[np.int64]
    labels: tuple[str, ...]
    words: str
    within: int = 0


def classes_of(artifacts: Artifacts, what: str) -> dict[str, Classes]:
    """Return what ``items`` or ``people`` can be coloured by; no genre where the data have none."""
    found = {name: make(artifacts) for name, make in CLASSES[what].items()}
    return {name: one for name, one in found.items() if (one.codes >= 0).any()}


def _most_common(codes: NDArray[np.int64], labels: tuple[str, ...], words: str) -> Classes:
    """Keep the most common classes, and call all others one."""
    counts = np.bincount(codes[codes >= 0], minlength=len(labels))
    kept = np.argsort(-counts, kind="stable")[: min(MOST_GENRES, int((counts > 0).sum()))]
    place = np.full(len(labels), len(kept), np.int64)
    place[kept] = np.arange(len(kept))
    named = tuple(labels[one] for one in kept)
    new = np.full(len(codes), -1, np.int64)
    new[codes >= 0] = place[codes[codes >= 0]]
    return Classes(new, (*named, OTHER_GENRES) if (new == len(kept)).any() else named, words)


def _item_genre(artifacts: Artifacts) -> Classes:
    """Give each item the rarest of its genres: that of many is in nearly all of them."""
    genres = np.asarray(artifacts.genre_matrix)
    counts = genres.sum(axis=0)
    held = np.where(genres, counts, np.iinfo(np.int64).max)
    codes = held.argmin(axis=1) if genres.shape[1] else np.zeros(len(genres), np.int64)
    codes = np.where(genres.any(axis=1), codes, -1)
    return _most_common(codes, artifacts.genre_names, "the rarest of its genres")


def _person_genre(artifacts: Artifacts) -> Classes:
    """Give each person the genre that they like most beyond what people like on average."""
    labels, membership = genre_membership(artifacts)
    mix = genre_mix(liked_rows(artifacts), membership)
    known = np.isfinite(mix).all(axis=1) & bool(artifacts.genre_names)
    codes = np.full(len(mix), -1, np.int64)
    if known.any():
        codes[known] = (mix[known] - mix[known].mean(axis=0)).argmax(axis=1)
    return _most_common(codes, labels, "the genre they like most beyond what is usual")


def _deciles(values: NDArray[np.float64], words: str) -> Classes:
    """Cut at tenths of what is known; equal values share a class."""
    known = np.isfinite(values)
    codes = np.full(len(values), -1, np.int64)
    if known.any():
        share = rankdata(values[known]) / known.sum()
        codes[known] = np.clip(np.ceil(DECILES * share) - 1, 0, DECILES - 1).astype(np.int64)
    return Classes(codes, tuple(str(one + 1) for one in range(DECILES)), words, within=1)


def _item_popularity(artifacts: Artifacts) -> Classes:
    values = np.asarray(artifacts.popularity, np.float64)
    return _deciles(values, "decile of popularity, 10 the most popular")


def _person_popularity(artifacts: Artifacts) -> Classes:
    history = artifacts.history
    values = np.log1p(np.asarray(artifacts.popularity, np.float64))[history.indices]
    lengths = history.lengths()
    person = np.repeat(np.arange(len(lengths)), lengths)
    total = np.bincount(person, values, minlength=len(lengths))
    mean = np.where(lengths > 0, total / np.maximum(lengths, 1), np.nan)
    return _deciles(mean, "decile of how popular what they met is, 10 the most popular")


CLASSES: Mapping[str, Mapping[str, Callable[[Artifacts], Classes]]] = {
    "items": {"genre": _item_genre, "popularity": _item_popularity},
    "people": {"genre": _person_genre, "popularity": _person_popularity},
}
"""What is drawn → name of a colouring → what gives the classes."""
