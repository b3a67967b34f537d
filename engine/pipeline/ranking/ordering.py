"""From features to an order: the ranker's scores, and what short histories lean on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD
from engine.errors import StudioError
from engine.pipeline.ranking.ranker import Ranker

__all__ = [
    "GROUP",
    "LEANS_BELOW",
    "LEANS_ON",
    "POPULAR",
    "group_prior",
    "lean_on_popularity",
    "leaning",
    "ordered",
    "ranker_scores",
]

LEANS_BELOW = 10
"""Lists of people with fewer interactions lean on what is popular."""

POPULAR, GROUP = 1, 2
"""What such a list leans on: what everybody likes, or what the person's groups do."""

LEANS_ON = {POPULAR: "what is popular", GROUP: "what is popular in this person's groups"}
"""The same in words."""


def leaning(
    n_seen: NDArray[np.int64], group_codes: NDArray[np.int16], weight: float
) -> NDArray[np.uint8]:
    """Say what each list leans on: 0 for nothing, :data:`POPULAR` or :data:`GROUP`.

    Parameters
    ----------
    n_seen : int64 array of shape (n_people,)
        Length of each person's history.
    group_codes : int16 array of shape (n_people, n_attributes)
        -1 where a group is not known.
    weight : float
        Of the groups, as in :func:`group_prior`.
    """
    is_known = (group_codes >= 0).any(axis=1) & (weight > 0)
    return np.where(n_seen < LEANS_BELOW, np.where(is_known, GROUP, POPULAR), 0).astype(np.uint8)


def group_prior(
    popularity: NDArray[np.float32],
    lifts: Sequence[NDArray[np.float32]],
    group_codes: NDArray[np.int16],
    columns: NDArray[np.int32],
    weight: float,
) -> NDArray[np.float32]:
    """Return likes of items as somebody of such groups would have given them.

    ``likes · Π_a lift_a ** weight`` over the attributes: with weight 1 they would count as if they
    were independent, which they are not.

    Parameters
    ----------
    popularity : float32 array of shape (n_items,)
        Likes of everybody.
    lifts : sequence of float32 arrays of shape (n_groups + 1, n_items)
        See :class:`~engine.pipeline.ranking.item_statistics.ItemStatistics`.
    group_codes : int16 array of shape (n_people, n_attributes)
    columns : int32 array of shape (n_people, n)
        Items, one row per person.
    weight : float
        0 leaves groups out.

    Returns
    -------
    float32 array of shape (n_people, n)
    """
    prior = popularity[columns]
    if weight == 0:
        return prior
    for lift, codes in zip(lifts, group_codes.T, strict=True):
        prior = prior * lift[codes[:, None], columns] ** np.float32(weight)
    return prior


def ranker_scores(
    ranker: Ranker, candidates: NDArray[np.int32], features: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Score every candidate; ``-inf`` where padded.

    A score that is no finite number would move through every list after it, so it is refused.

    Parameters
    ----------
    candidates : int32 array of shape (n_people, n)
    features : float32 array of shape (n_people, n, n_features)

    Returns
    -------
    float32 array of shape (n_people, n)

    Raises
    ------
    StudioError
        If a score is not finite.
    """
    is_candidate = candidates != PAD
    scores = ranker.score(features, is_candidate)
    n_wrong = int((is_candidate & ~np.isfinite(scores)).sum())
    if n_wrong:
        raise StudioError(
            f"The ranker gave {n_wrong:,} of {int(is_candidate.sum()):,} candidates a score that "
            "is no finite number; fit again with another ranker."
        )
    return np.where(is_candidate, scores, -np.inf).astype(np.float32)


def lean_on_popularity(
    scores: NDArray[np.float32], popularity: NDArray[np.float32], n_seen: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Mix popularity into the scores of people with fewer than ten interactions.

    With ``n`` interactions, ``w = n / 10``: the score is ``w`` times the ranker's plus ``1 − w``
    times the log of popularity, each brought to mean 0 and deviation 1 over the person's
    candidates. Somebody new gets popularity alone; from ten on the ranker is alone.

    Parameters
    ----------
    scores : float32 array of shape (n_people, n)
        ``-inf`` where padded, which stays.
    popularity : float32 array of shape (n_people, n)
        Likes of each candidate, everybody's or as :func:`group_prior` gives them.
    n_seen : int64 array of shape (n_people,)
        Length of each person's history.
    """
    leans = np.flatnonzero(n_seen < LEANS_BELOW)
    if not len(leans):
        return scores
    is_padded = np.isneginf(scores[leans])
    weight = n_seen[leans, None] / LEANS_BELOW
    mixed = weight * _standard(scores[leans], is_padded)
    mixed += (1 - weight) * _standard(np.log1p(popularity[leans]), is_padded)
    result = scores.copy()
    result[leans] = np.where(is_padded, -np.inf, mixed)
    return result


def _standard(values: NDArray[np.float32], is_padded: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Mean 0 and deviation 1 per row over what is not padded; 0 where all are equal."""
    kept = np.where(is_padded, 0.0, values).astype(np.float64)
    n = np.maximum((~is_padded).sum(axis=1, keepdims=True), 1)
    centred = np.where(is_padded, 0.0, kept - kept.sum(axis=1, keepdims=True) / n)
    deviation = np.sqrt((centred**2).sum(axis=1, keepdims=True) / n)
    return centred / np.where(deviation > 0, deviation, 1.0)


def ordered(scores: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the order of each row, best first, and the scores in it; ties keep their places.

    The scores of padding, at the end, become 0.
    """
    order = np.argsort(-scores, axis=1, kind="stable")
    falling = np.take_along_axis(scores, order, axis=1)
    return order, np.where(np.isneginf(falling), 0.0, falling).astype(np.float32)
