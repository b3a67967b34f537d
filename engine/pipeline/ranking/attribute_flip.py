"""What the ranker's knowledge of people's attributes does: the same list with another value.

Retrieval never reads an attribute, so with another gender, say, a person keeps their candidates;
only the features of that attribute change, and with them the order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import special

from engine.arrays import PAD
from engine.manifest import FlipSaid
from engine.metrics.intervals import CONFIDENCE, t_quantile
from engine.pipeline.lists import Served
from engine.pipeline.moment import Moment
from engine.pipeline.ranking.candidate_features import group_feature
from engine.pipeline.ranking.listed import Listed, about
from engine.pipeline.ranking.ordering import lean_on_popularity, ordered, ranker_scores
from engine.pipeline.ranking.ranker import Ranker
from engine.pipeline.retrieval.histories import Histories
from engine.threads import side_by_side
from engine.user_groups import Attribute

__all__ = ["FLIP_LENGTH", "attribute_flips"]

FLIP_LENGTH = 10
"""Length of the lists that are compared."""

Ranked: TypeAlias = tuple[NDArray[Any], NDArray[Any]]

MOST_PEOPLE = 1000
"""People asked, evenly spaced; fewer where there are fewer."""


def attribute_flips(
    moment: Moment,
    ranker: Ranker,
    audience: Histories,
    group_codes: NDArray[np.int16],
    read: Sequence[Attribute],
    *,
    seed: int,
    served: Served | None = None,
) -> list[FlipSaid]:
    """Rank people anew with another value of each attribute; O(people · candidates · trees).

    Parameters
    ----------
    moment : Moment
    ranker : Ranker
    audience : Histories
    group_codes : int16 array of shape (n_people, len(read))
    read : sequence of Attribute
        The attributes that the features look at, in the order of ``moment.group_names``.
    seed : int
        Draws the other values.
    served : Served, optional
        What everybody was served by the same moment and ranker: with its features nobody's
        candidates are described again.

    Returns
    -------
    list of FlipSaid
        One for each attribute.
    """
    n_people = audience.n_people
    people = np.unique(np.linspace(0, n_people - 1, min(n_people, MOST_PEOPLE)).astype(np.int64))
    if not read:
        return []
    histories = audience.take(people)
    if served is None or served.features is None:
        described = moment.describe(histories, group_codes[people])
        candidates, features = described.fused.filtered, described.features
        names = described.feature_names
    else:
        candidates, features = served.as_filtered(people)
        names = served.feature_names
    world = _World(ranker, candidates, moment, histories)

    def flipped(place: int, attribute: Attribute) -> Ranked:
        codes = _other_codes(attribute, people, np.random.default_rng([seed, place]))
        changed = features.copy()
        column = names.index(group_feature(attribute.name))
        lift = moment.statistics.group_lift[place]
        values = lift[codes[:, None], np.maximum(candidates, 0)]
        changed[:, :, column] = np.where(candidates == PAD, 0.0, values)
        other = group_codes[people].copy()
        other[:, place] = codes
        return world.ranked(changed, other)

    pieces = [partial(world.ranked, features, group_codes[people])]
    pieces += [partial(flipped, place, attribute) for place, attribute in enumerate(read)]
    before, *after = side_by_side(pieces)
    return [_compared(one, before, found) for one, found in zip(read, after, strict=True)]


@dataclass(frozen=True, eq=False)
class _World:
    """Everything that stays equal."""

    ranker: Ranker
    candidates: NDArray[np.int32]
    moment: Moment
    histories: Histories

    def ranked(self, features: NDArray[np.float32], group_codes: NDArray[np.int16]) -> Ranked:
        """Score the candidates; return the first places of the order, and the scores."""
        candidates = self.candidates
        prior = self.moment.prior(group_codes, candidates)
        told = about(self.ranker, Listed.of(candidates, self.histories, group_codes))
        scores = ranker_scores(told, candidates, features)
        scores = lean_on_popularity(scores, prior, self.histories.seen.lengths())
        return ordered(scores)[0][:, :FLIP_LENGTH], scores


def _other_codes(
    attribute: Attribute, people: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Draw for each person one of the values that are not their own."""
    n_values = len(attribute.labels)
    step = rng.integers(1, n_values, len(people))
    return (attribute.codes[people] + step) % n_values


def _compared(
    attribute: Attribute,
    before: Ranked,
    after: Ranked,
) -> FlipSaid:
    (places, scores), (new_places, new_scores) = before, after
    is_known = np.take_along_axis(~np.isneginf(scores), places, axis=1)
    is_kept = (places[:, :, None] == new_places[:, None, :]).any(axis=2)
    replaced = (~is_kept & is_known).sum(axis=1).astype(np.float64)
    change = np.abs(_standard(new_scores, scores) - _standard(scores, scores))
    of_list = np.where(is_known, np.take_along_axis(change, places, axis=1), 0.0)
    shift = of_list.sum(axis=1) / np.maximum(is_known.sum(axis=1), 1)
    n, n_changed = len(places), int((replaced > 0).sum())
    changed_low, changed_high = _binomial_interval(n_changed, n)
    replaced_half, shift_half = _half_width(replaced), _half_width(shift)
    return FlipSaid(
        attribute=attribute.name,
        n=n,
        n_values=len(attribute.labels),
        changed=n_changed / n,
        changed_low=changed_low,
        changed_high=changed_high,
        reordered=float(((places != new_places) & is_known).any(axis=1).mean()),
        replaced=float(replaced.mean()),
        replaced_low=max(float(replaced.mean()) - replaced_half, 0.0),
        replaced_high=float(replaced.mean()) + replaced_half,
        score_change=float(shift.mean()),
        score_change_low=max(float(shift.mean()) - shift_half, 0.0),
        score_change_high=float(shift.mean()) + shift_half,
    )


def _standard(scores: NDArray[np.float32], of: NDArray[np.float32]) -> NDArray[np.float64]:
    """Scores in standard deviations of the row of ``of``; 0 where padded."""
    kept = np.where(np.isneginf(of), np.nan, of).astype(np.float64)
    n = np.maximum((~np.isnan(kept)).sum(axis=1, keepdims=True), 1)
    centre = np.nansum(kept, axis=1, keepdims=True) / n
    deviation = np.sqrt(np.nansum((kept - centre) ** 2, axis=1, keepdims=True) / n)
    known = np.where(np.isneginf(scores), 0.0, scores)
    return known / np.where(deviation > 0, deviation, 1.0)


def _binomial_interval(hits: int, n: int) -> tuple[float, float]:
    tail = (1 - CONFIDENCE) / 2
    low = 0.0 if hits == 0 else float(special.betaincinv(hits, n - hits + 1, tail))
    high = 1.0 if hits == n else float(special.betaincinv(hits + 1, n - hits, 1 - tail))
    return low, high


def _half_width(values: NDArray[np.float64]) -> float:
    n = len(values)
    if n < 2:
        return float("nan")
    return float(t_quantile(np.array([n - 1]))[0] * values.std(ddof=1) / np.sqrt(n))
