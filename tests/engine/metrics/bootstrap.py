"""The bootstrap over people: the check on the live intervals, and the interval of a group gap.

People are drawn with replacement within their group, so that every resample has the groups' sizes.
All metrics and their changes come from one product of matrices: counts × values.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.metrics.user_matrix import Measured
from tests.engine.metrics.draws import draw_counts

__all__ = ["Bootstrapped", "bootstrap"]

Floats = NDArray[np.float64]
CELLS_AT_ONCE = 1 << 25
"""Counts drawn at once: 128 MiB."""


@dataclass(frozen=True, eq=False)
class Bootstrapped:
    """Ends of percentile intervals; the last axis is metrics, in the order of ``names``.

    Attributes
    ----------
    names : tuple of str
    n_resamples : int
    low, high : float64 arrays of shape (n_groups + 1, n_metrics)
        Of the group means; the last row is everyone.
    change_low, change_high : float64 arrays of the same shape
        Of the mean paired change; NaN without a baseline.
    gap_low, gap_high : float64 arrays of shape (n_metrics,)
        Of the highest minus the lowest true group mean; covers it at least as often as stated.
        Noise alone widens the measured gap, so percentiles of resampled gaps would lie too high:
        with no gap at all they never hold 0. Instead, all differences between groups are bounded
        at once by the range of the resampled deviations from the groups' own means.
    """

    names: tuple[str, ...]
    n_resamples: int
    low: Floats
    high: Floats
    change_low: Floats
    change_high: Floats
    gap_low: Floats
    gap_high: Floats


def bootstrap(
    measured: Measured,
    baseline: Measured | None,
    codes: NDArray[np.integer],
    n_groups: int,
    *,
    n_resamples: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Bootstrapped:
    """Resample people within groups; O(resamples · users · metrics).

    Parameters
    ----------
    measured : Measured
    baseline : Measured or None
        Over the same people, for the intervals of changes.
    codes : integer array of shape (n_rows,)
        Group of each row in [0, n_groups); rows with -1 are left out.
    n_groups : int
    n_resamples : int
    confidence : float
        In (0, 1).
    seed : int
        The same seed gives the same intervals.
    """
    order = np.argsort(codes, kind="stable")[int((codes < 0).sum()) :]
    sizes = np.bincount(codes[codes >= 0], minlength=n_groups)
    bounds = np.concatenate([[0], np.cumsum(sizes)])
    values = measured.values[order]
    if baseline is not None:
        values = np.hstack([values, values - baseline.values[order]])
    means, everyone = _resampled_means(values, bounds, n_resamples, seed)
    low, high = _percentiles(np.concatenate([means, everyone[:, None]], axis=1), confidence)
    n_metrics = len(measured.names)
    gap_low, gap_high = _gap_interval(
        means[:, :, :n_metrics], values[:, :n_metrics], bounds, confidence
    )
    nothing = np.full((n_groups + 1, n_metrics), np.nan)
    return Bootstrapped(
        measured.names,
        n_resamples,
        low[:, :n_metrics],
        high[:, :n_metrics],
        nothing if baseline is None else low[:, n_metrics:],
        nothing if baseline is None else high[:, n_metrics:],
        gap_low,
        gap_high,
    )


def _resampled_means(
    values: NDArray[np.float32], bounds: NDArray[np.int64], n_resamples: int, seed: int
) -> tuple[Floats, Floats]:
    """Means by group, (n_resamples, n_groups, n_columns), and of everyone, without the group."""
    n_rows, n_columns = values.shape
    is_defined = ~np.isnan(values)
    masks, which = _distinct_columns(is_defined)
    total = np.where(is_defined, values, 0).sum(axis=0, dtype=np.float64)
    centre = total / np.maximum(is_defined.sum(axis=0), 1)
    centred = np.where(is_defined, values - centre.astype(np.float32), np.float32(0))
    matrix = np.hstack([centred, masks.astype(np.float32)])
    sums = np.empty((n_resamples, len(bounds) - 1, matrix.shape[1]))
    at_once = max(1, CELLS_AT_ONCE // max(n_rows, 1))
    for first in range(0, n_resamples, at_once):
        counts = np.zeros((min(at_once, n_resamples - first), n_rows), dtype=np.float32)
        draw_counts(seed, first, bounds, counts)
        for group, (start, stop) in enumerate(pairwise(bounds)):
            block = counts[:, start:stop] @ matrix[start:stop]
            sums[first : first + len(counts), group] = block
    n_defined = sums[:, :, n_columns:][:, :, which]
    about = sums[:, :, :n_columns]
    return (
        _divide(about, n_defined) + centre,
        _divide(about.sum(axis=1), n_defined.sum(axis=1)) + centre,
    )


def _gap_interval(
    means: Floats, values: NDArray[np.float32], bounds: NDArray[np.int64], confidence: float
) -> tuple[Floats, Floats]:
    """Bound the true gap by the gap of the means, give or take the range of their deviations."""
    own = np.array([_column_means(values[start:stop]) for start, stop in pairwise(bounds)])
    range_ = np.quantile(_gap(means - own), confidence, axis=0)
    return np.maximum(_gap(own[None])[0] - range_, 0.0), _gap(own[None])[0] + range_


def _column_means(values: NDArray[np.float32]) -> Floats:
    is_defined = ~np.isnan(values)
    return _divide(
        np.where(is_defined, values, 0).sum(axis=0, dtype=np.float64), is_defined.sum(axis=0)
    )


def _gap(means: Floats) -> Floats:
    """Highest minus lowest over groups, shape (n, n_groups, n_metrics) → (n, n_metrics)."""
    return np.fmax.reduce(means, axis=1) - np.fmin.reduce(means, axis=1)


def _percentiles(replicates: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Return the ends of the central interval over the first axis; NaN where one is undefined."""
    n = len(replicates)
    columns = np.sort(np.ascontiguousarray(replicates.reshape(n, -1).T), axis=1)
    ends = []
    for tail in ((1 - confidence) / 2, (1 + confidence) / 2):
        place = tail * (n - 1)
        below = int(place)
        above = min(below + 1, n - 1)
        end = columns[:, below] + (place - below) * (columns[:, above] - columns[:, below])
        # Sorting puts NaN last.
        end[np.isnan(columns[:, -1])] = np.nan
        ends.append(end.reshape(replicates.shape[1:]))
    return ends[0], ends[1]


def _distinct_columns(is_defined: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], list[int]]:
    """Many metrics are undefined for the same people: each such set once, and which is whose."""
    packed = np.packbits(is_defined, axis=0).T
    places: dict[bytes, int] = {}
    which = [places.setdefault(column.tobytes(), len(places)) for column in packed]
    first = [which.index(place) for place in range(len(places))]
    return is_defined[:, first], which


def _divide(above: Floats, below: NDArray) -> Floats:
    return np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)
