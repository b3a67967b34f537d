"""Features of the moment and place that a list is served at, and of ids that have many values.

Both are those of the person's last known interaction: a list is asked for right after it, and
nothing later is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.retrieval.histories import Histories

if TYPE_CHECKING:
    from engine.pipeline.ranking.candidate_features import Context

__all__ = [
    "SIZES",
    "context_codes",
    "context_lift",
    "last_days",
    "moment_features",
    "place_features",
    "provider_features",
    "where_lift",
]

HOURS, DAYS_A_WEEK, DAYS_A_YEAR = 24.0, 7, 365.25
FIRST_WEEKDAY = 3
"""1 January 1970 was a Thursday, three days after a Monday."""

CONTEXTS = ("liked at this time of day", "liked on such days", "liked in this season")
SIZES = (4, 2, 4)
"""A time of day is six hours, days are of the week or its end, a season is three months."""

PRIOR_LIKES = 20.0
PRIOR_PEOPLE = 10.0


def context_codes(day: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the codes of moments in each of :data:`CONTEXTS`, int64 of shape (n, 3).

    Parameters
    ----------
    day : float64 array of shape (n,)
        Days since 1970, finite.

    Examples
    --------
    >>> context_codes(np.array([0.3])).tolist()  # Thursday, 1 January, seven in the morning
    [[1, 0, 0]]
    """
    hour, weekday, season = _clock(day)
    return np.column_stack(
        [
            np.minimum(hour // (HOURS / SIZES[0]), SIZES[0] - 1),
            weekday >= DAYS_A_WEEK - 2,
            np.minimum(season * SIZES[2], SIZES[2] - 1).astype(np.int64),
        ]
    ).astype(np.int64)


def _clock(day: NDArray[np.float64]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Hour in [0, 24), weekday from 0 for Monday, and share of the year that is over."""
    weekday = (np.floor(day) + FIRST_WEEKDAY) % DAYS_A_WEEK
    return (day % 1) * HOURS, weekday, (day % DAYS_A_YEAR) / DAYS_A_YEAR


def context_lift(audience: Histories) -> NDArray[np.float32]:
    """Share of each item among the likes of a context over its share among all likes.

    Drawn towards 1 with the weight of 20 likes, as lifts of groups are.

    Returns
    -------
    float32 array of shape (sum of the contexts' sizes, n_items)
    """
    codes = context_codes(audience.day[audience.is_liked])
    columns = zip(codes.T, SIZES, strict=True)
    return np.vstack([_lift_by(audience, column, size) for column, size in columns])


def where_lift(audience: Histories) -> NDArray[np.float32]:
    """Return the same by the device or place of a like, float32 of shape (n_places, n_items)."""
    assert audience.where is not None
    codes = audience.where[audience.is_liked].astype(np.int64)
    return _lift_by(audience, codes, int(audience.where.max(initial=-1)) + 1)


def _lift_by(audience: Histories, codes: NDArray[np.int64], size: int) -> NDArray[np.float32]:
    """Lift of each item in each of ``size`` codes of the likes; those below 0 count in none."""
    n_items, items = audience.n_items, audience.liked.indices
    total = np.bincount(items, minlength=n_items)
    overall = (total + 0.5) / (total.sum() + 0.5 * n_items)
    lift = np.empty((size, n_items), np.float32)
    for code in range(size):
        counts = np.bincount(items[codes == code], minlength=n_items)
        lift[code] = (counts + PRIOR_LIKES * overall) / (counts.sum() + PRIOR_LIKES) / overall
    return lift


def moment_features(context: Context) -> dict[str, NDArray[Any]]:
    """Describe the moment served, cyclic, and how much an item is liked at such moments."""
    lift = context.statistics.context_lift
    if not context.statistics.has_order or not len(lift):
        return {}
    day, gap = last_days(context.histories)
    is_known = ~np.isnan(day)
    codes = context_codes(np.where(is_known, day, 0.0))
    features: dict[str, NDArray[Any]] = {}
    starts = np.concatenate(([0], np.cumsum(SIZES)[:-1]))
    for name, start, column in zip(CONTEXTS, starts, codes.T, strict=True):
        values = lift[(start + column)[:, None], context.columns]
        features[name] = np.where(is_known[:, None], values, np.nan)
    names = ("hour", "weekday", "season")
    for name, part, period in zip(names, _clock(day), (HOURS, DAYS_A_WEEK, 1.0), strict=True):
        turn = 2 * np.pi * part / period
        features[f"{name} served, sine"] = context.of_person(np.sin(turn))
        features[f"{name} served, cosine"] = context.of_person(np.cos(turn))
    features["days since the one before"] = context.of_person(gap)
    return features


def place_features(context: Context) -> dict[str, NDArray[Any]]:
    """Say how much an item is liked on the device or at the place of the person's last meeting."""
    lift, where = context.statistics.where_lift, context.histories.where
    if where is None or not len(lift):
        return {}
    ends, lengths = context.histories.seen.indptr[1:], context.histories.seen.lengths()
    codes = np.full(len(lengths), -1, np.int64)
    codes[lengths > 0] = where[ends[lengths > 0] - 1]
    is_known = (codes >= 0) & (codes < len(lift))
    values = lift[np.where(is_known, codes, 0)[:, None], context.columns]
    return {"liked where it is served": np.where(is_known[:, None], values, np.nan)}


def last_days(histories: Histories) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Moment of everybody's last interaction, and log of the days since the one before; or NaN."""
    ends, lengths = histories.seen.indptr[1:], histories.seen.lengths()
    if not len(histories.day):
        return (unknown := np.full(len(ends), np.nan)), unknown
    last, before = (
        np.where(lengths >= back, histories.day[np.maximum(ends - back, 0)], np.nan)
        for back in (1, 2)
    )
    return last, np.log1p(np.maximum(last - before, 0.0))


def provider_features(context: Context) -> dict[str, NDArray[Any]]:
    """Say how an item's provider is liked: by everybody, out of fold, and by the person.

    Out of fold is without the item itself: what is liked of the provider's other items.
    """
    codes = context.catalogue.provider_codes.astype(np.int64)
    n = len(context.catalogue.provider_names)
    if n < 2:
        return {}
    statistics, place = context.statistics, np.where(codes >= 0, codes, n)
    liked, seen = (
        np.bincount(place, weights=one.astype(np.float64), minlength=n + 1)[place] - one
        for one in (statistics.liked, statistics.seen)
    )
    mean = statistics.liked.sum() / max(float(statistics.seen.sum()), 1.0)
    share = np.where(codes >= 0, (liked + PRIOR_PEOPLE * mean) / (seen + PRIOR_PEOPLE), np.nan)
    own = _own_share(context.histories, place, n)
    asked = place[context.columns]
    mine = np.where(asked < n, np.take_along_axis(own, asked, axis=1), np.nan)
    return {"liked share of its provider": share[context.columns], "provider among liked": mine}


def _own_share(histories: Histories, place: NDArray[np.int64], n: int) -> NDArray[np.float64]:
    """Share of everybody's likes by provider, float64 of shape (n_people, n + 1)."""
    rows = np.repeat(np.arange(histories.n_people), histories.liked.lengths())
    cells = rows * (n + 1) + place[histories.liked.indices]
    counts = np.bincount(cells, minlength=histories.n_people * (n + 1)).reshape(-1, n + 1)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
