"""The ranker's inputs in plain words: features that say the same thing are added up.

Contributions add, so the sum over a family is the family's own contribution and nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["FAMILIES", "family_of", "in_families"]

FAMILIES: tuple[tuple[str, str], ...] = (
    (r"^fused", "Several sources agree on it"),
    (
        r"^(als|weighted_als|bpr|mf|similar_people|two_towers|lightgcn|neumf) |^taste",
        "Matches their taste (factors)",
    ),
    (r"^(ease|cosine|item|bm25_together)", "Liked by people who like the same"),
    (r"^(next_|directed_ridge|ridge_|sasrec |gru4rec )", "Often comes next after their last ones"),
    (r"^content(_bm25)? |^sentences |^genres? ", "Genres and words they like"),
    (r"^(met_|times met|share of own|met again|days since met)", "They take it again and again"),
    (r"^liked where", "The device or place it is served at"),
    (r"amount|much", "How much people watch, play or give"),
    (r"^liked (at this|on such|in this)| served, |^days since", "The moment it is served at"),
    (r"provider", "Its provider, and how they like it"),
    (r"^popular|^seen by|^liked|^likes|^rising", "Popularity and reputation"),
    (r"place in sequence", "When people usually meet it"),
    (r"year", "Its year, against the years they like"),
    (r"^lift in ", "Liked by people of the same groups"),
    (r"^person", "How much they have seen and liked"),
)
"""Pattern of a feature's name → what it says, in the order to name them."""

OTHER = "Anything else"


def family_of(feature: str) -> str:
    """Return the family of one feature.

    >>> family_of("ease_last_5 rank"), family_of("shoe size")
    ('Liked by people who like the same', 'Anything else')
    """
    return next((words for pattern, words in FAMILIES if re.search(pattern, feature)), OTHER)


def in_families(
    feature_names: Sequence[str], contributions: NDArray[np.floating]
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Add up the contributions of each family.

    Parameters
    ----------
    feature_names : sequence of str, of length n_features
    contributions : float array of shape (n_items, n_features)

    Returns
    -------
    families : tuple of str
        Those that occur, in the order of :data:`FAMILIES`.
    sums : float64 array of shape (n_items, n_families)
    """
    found = [family_of(name) for name in feature_names]
    order = [words for _, words in FAMILIES] + [OTHER]
    families = tuple(words for words in order if words in found)
    sums = np.zeros((len(contributions), len(families)))
    for column, words in enumerate(found):
        sums[:, families.index(words)] += contributions[:, column]
    return families, sums
