"""Variety of genres within a list, and its distance from the person's own mix of genres."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.bits import WORD, count_ones, lowest_one
from engine.compiled import inner, leaf
from engine.metrics.kernels.columns import any_asked, located
from engine.metrics.kernels.inputs import Catalogue, People, Reading, Rows, list_shown

__all__ = ["AT", "genre_rows"]


class GenreMix(NamedTuple):
    """The columns that this kernel fills, by the names of the metrics."""

    ild_genres: int
    genre_entropy: int
    effective_genres: int
    rank_genre_entropy: int
    miscalibration: int


AT = located(GenreMix)

MIX = (AT.genre_entropy, AT.effective_genres, AT.rank_genre_entropy, AT.miscalibration)

NONE, ONE = np.uint64(0), np.uint64(1)

KL_MIX = 0.01
"""Steck's α: the share of the history's mix that is added to the list's, so that KL is finite."""


@leaf
def _genre_variety(
    shown: NDArray[Any],
    n_shown: int,
    words: NDArray[Any],
    n_genres: NDArray[Any],
    out: NDArray[Any],
    r: int,
) -> None:
    """Mean Jaccard distance of all pairs of items that both have a genre."""
    n_pairs, distance = 0, 0.0
    for a in range(n_shown):
        n_genres[a] = 0
        for word in range(words.shape[1]):
            n_genres[a] += count_ones(words[shown[a], word])
        for b in range(a):
            if n_genres[a] > 0 and n_genres[b] > 0:
                both = 0
                for word in range(words.shape[1]):
                    both += count_ones(words[shown[a], word] & words[shown[b], word])
                n_pairs += 1
                distance += 1.0 - both / (n_genres[a] + n_genres[b] - both)
    if n_pairs > 0:
        out[r, AT.ild_genres] = distance / n_pairs


@leaf
def _total(mass: NDArray[Any]) -> float:
    total = 0.0
    for part in mass:
        total += part
    return total


@leaf
def _entropy(mass: NDArray[Any]) -> float:
    """Entropy in bits of non-negative ``mass``; NaN where it is all zero."""
    total = _total(mass)
    if total <= 0:
        return np.nan
    bits = 0.0
    for part in mass:
        if part > 0:
            bits -= part / total * np.log2(part / total)
    return bits + 0.0


@leaf
def _divergence(plain: NDArray[Any], genre_taste: NDArray[Any], user: int) -> float:
    """Steck's divergence of the list from the person's mix; NaN where either has no genre."""
    total, known = _total(plain), 0.0
    for genre in range(len(plain)):
        known += genre_taste[user, genre]
    if total <= 0 or known <= 0:
        return np.nan
    divergence = 0.0
    for genre in range(len(plain)):
        own = np.float64(genre_taste[user, genre])
        if own > 0:
            mixed = (1.0 - KL_MIX) * plain[genre] / total + KL_MIX * own
            divergence += own * np.log(own / mixed)
    return max(divergence, 0.0)


@leaf
def _genre_mix(
    items: NDArray[Any],
    words: NDArray[Any],
    shares: NDArray[Any],
    weights: NDArray[Any],
    genre_taste: NDArray[Any],
    user: int,
    plain: NDArray[Any],
    weighted: NDArray[Any],
    out: NDArray[Any],
    r: int,
) -> None:
    """Genre entropies and the divergence from the person's own mix; O(k · genres of an item)."""
    for genre in range(len(plain)):
        plain[genre], weighted[genre] = 0.0, 0.0
    for place in range(items.shape[1]):
        item = items[r, place]
        if item >= 0:
            for word in range(words.shape[1]):
                left = words[item, word]
                while left != NONE:
                    genre = WORD * word + lowest_one(left)
                    left &= left - ONE
                    plain[genre] += shares[item, genre]
                    weighted[genre] += weights[place] * shares[item, genre]
    entropy = _entropy(plain)
    out[r, AT.genre_entropy] = entropy
    out[r, AT.effective_genres] = 2.0 ** out[r, AT.genre_entropy]
    out[r, AT.rank_genre_entropy] = _entropy(weighted)
    out[r, AT.miscalibration] = _divergence(plain, genre_taste, user)


@inner
def genre_rows(
    rows: Rows, people: People, catalogue: Catalogue, reading: Reading, start: int, stop: int
) -> None:
    """Fill the genre columns of lists ``start`` to ``stop``."""
    items, words, shares = rows.items, catalogue.words, catalogue.genre_shares
    with_mix, taste = any_asked(reading.asked, MIX), people.genre_taste
    if not any_asked(reading.asked, AT):
        return
    shown, n_genres = np.empty(items.shape[1], np.int32), np.empty(items.shape[1], np.int64)
    plain, weighted = np.empty(shares.shape[1]), np.empty(shares.shape[1])
    for r in range(start, stop):
        n_shown = list_shown(items, r, shown)
        if reading.asked[AT.ild_genres]:
            _genre_variety(shown, n_shown, words, n_genres, rows.out, r)
        if with_mix:
            user, weights = rows.users[r], reading.weights
            _genre_mix(items, words, shares, weights, taste, user, plain, weighted, rows.out, r)
