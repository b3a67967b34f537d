"""Variety of genres within a list, and its distance from the person's own mix of genres."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inner

__all__ = ["EFFECTIVE", "ENTROPY", "ILD_GENRES", "MISCALIBRATION", "RANK_ENTROPY"]
__all__ += ["genre_mix", "genre_variety"]

ILD_GENRES, ENTROPY, EFFECTIVE, RANK_ENTROPY, MISCALIBRATION = 1, 2, 3, 4, 14
"""Columns, counted from ``ild``."""

KL_MIX = 0.01
"""Steck's α: the share of the history's mix that is added to the list's, so that KL is finite."""


@inner
def _bits(word: np.uint64) -> int:
    """Count the set bits of a 64-bit word."""
    count = 0
    while word != np.uint64(0):
        word &= word - np.uint64(1)
        count += 1
    return count


@inner
def genre_variety(shown: NDArray, words: NDArray, row: NDArray) -> None:
    """Mean Jaccard distance of all pairs of items that both have a genre."""
    n_pairs, distance = 0, 0.0
    for a in range(len(shown)):
        for b in range(a):
            both, either, of_a, of_b = 0, 0, 0, 0
            for word in range(words.shape[1]):
                x, y = words[shown[a], word], words[shown[b], word]
                both += _bits(x & y)
                either += _bits(x | y)
                of_a += x != np.uint64(0)
                of_b += y != np.uint64(0)
            if of_a > 0 and of_b > 0:
                n_pairs += 1
                distance += 1.0 - both / either
    if n_pairs > 0:
        row[ILD_GENRES] = distance / n_pairs


@inner
def _entropy(mass: NDArray) -> float:
    """Entropy in bits of non-negative ``mass``; NaN where it is all zero."""
    total = mass.sum()
    if total <= 0:
        return np.nan
    bits = 0.0
    for part in mass:
        if part > 0:
            bits -= part / total * np.log2(part / total)
    return bits + 0.0


@inner
def genre_mix(
    items: NDArray,
    shares: NDArray,
    weights: NDArray,
    taste: NDArray,
    plain: NDArray,
    weighted: NDArray,
    row: NDArray,
) -> None:
    """Genre entropies and the divergence from the person's own mix."""
    plain[:] = 0.0
    weighted[:] = 0.0
    for place in range(len(items)):
        if items[place] >= 0:
            for genre in range(len(plain)):
                plain[genre] += shares[items[place], genre]
                weighted[genre] += weights[place] * shares[items[place], genre]
    row[ENTROPY] = _entropy(plain)
    row[EFFECTIVE] = 2.0 ** row[ENTROPY]
    row[RANK_ENTROPY] = _entropy(weighted)
    total = plain.sum()
    if total <= 0 or taste.sum() <= 0:
        return
    divergence = 0.0
    for genre in range(len(plain)):
        own = np.float64(taste[genre])
        if own > 0:
            mixed = (1.0 - KL_MIX) * plain[genre] / total + KL_MIX * own
            divergence += own * np.log(own / mixed)
    row[MISCALIBRATION] = max(divergence, 0.0)
