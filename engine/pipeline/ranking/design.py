"""Features as a linear model wants them: of one scale, without holes, and with crosses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["MOST_SCALED", "Design", "fit_design"]

MOST_SCALED = 6.0
"""Standardised values are cut at so many deviations: one odd item must not decide a fit."""

CROSSED_WITH = ("person's liked", "fused place")
"""Each source's score is crossed with these: whom and where a source can be trusted differs."""


@dataclass(frozen=True, eq=False)
class Design:
    """How raw features become the columns of a linear model.

    Columns are, in this order: each feature, logarithmic where it is long-tailed, brought to
    mean 0 and deviation 1, a missing value as 0; a mask for each feature that has holes; the
    products of the pairs of crossed features.

    Attributes
    ----------
    logged : bool array of shape (n_features,)
        Whether ``sign(x) log(1 + |x|)`` replaces a feature.
    mean, scale : float32 arrays of shape (n_features,)
    masked : int64 array of shape (n_masked,)
        Features that have holes.
    crossed : int64 array of shape (n_crossed, 2)
        Pairs of features.
    """

    logged: NDArray[np.bool_]
    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    masked: NDArray[np.int64]
    crossed: NDArray[np.int64]

    @property
    def n_columns(self) -> int:
        """Number of columns."""
        return len(self.mean) + len(self.masked) + len(self.crossed)

    def columns(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Lay rows of features out as columns, float32 of shape (n_rows, n_columns)."""
        n = len(self.mean)
        columns = np.empty((len(features), self.n_columns), np.float32)
        plain = columns[:, :n]
        plain[:] = _logged(features, self.logged)
        plain -= self.mean
        plain /= self.scale
        np.clip(plain, -MOST_SCALED, MOST_SCALED, out=plain)
        plain[np.isnan(plain)] = 0.0
        columns[:, n : n + len(self.masked)] = np.isnan(features[:, self.masked])
        first, second = self.crossed.T
        columns[:, n + len(self.masked) :] = plain[:, first] * plain[:, second]
        return columns

    def by_feature(self, parts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add up parts of columns by the feature that they come from; crosses go half and half.

        Parameters
        ----------
        parts : float64 array of shape (n_rows, n_columns)

        Returns
        -------
        float64 array of shape (n_rows, n_features)
        """
        n, n_masked = len(self.mean), len(self.masked)
        found = parts[:, :n].copy()
        np.add.at(found.T, self.masked, parts[:, n : n + n_masked].T)
        for side in self.crossed.T:
            np.add.at(found.T, side, 0.5 * parts[:, n + n_masked :].T)
        return found


def _logged(features: NDArray[np.floating], logged: NDArray[np.bool_]) -> NDArray[np.floating]:
    return np.where(logged, np.sign(features) * np.log1p(np.abs(features)), features)


def fit_design(rows: NDArray[np.float32], names: Sequence[str]) -> Design:
    """Choose scales, masks and crosses by the rows to learn from.

    Parameters
    ----------
    rows : float32 array of shape (n_rows, n_features)
    names : sequence of str
    """
    sample = rows[:: max(1, len(rows) // 200_000)].astype(np.float64)
    is_missing = np.isnan(sample)
    n = np.maximum((~is_missing).sum(axis=0), 1)
    logged = _skewness(np.where(is_missing, 0.0, sample), n, ~is_missing) > 2.0
    values = np.where(is_missing, 0.0, _logged(sample, logged))
    mean = values.sum(axis=0) / n
    deviation = np.sqrt((np.where(is_missing, 0.0, values - mean) ** 2).sum(axis=0) / n)
    place = {name: column for column, name in enumerate(names)}
    scores = [place[name] for name in names if name.endswith(" score")]
    partners = [place[name] for name in CROSSED_WITH if name in place]
    crossed = [(score, partner) for score in scores for partner in partners]
    return Design(
        logged=logged,
        mean=mean.astype(np.float32),
        scale=np.where(deviation > 1e-9, deviation, 1.0).astype(np.float32),
        masked=np.flatnonzero(is_missing.any(axis=0)).astype(np.int64),
        crossed=np.array(crossed, np.int64).reshape(-1, 2),
    )


def _skewness(
    values: NDArray[np.float64], n: NDArray[np.int64], is_known: NDArray[np.bool_]
) -> NDArray[np.float64]:
    centred = np.where(is_known, values - values.sum(axis=0) / n, 0.0)
    second, third = (centred**2).sum(axis=0) / n, (centred**3).sum(axis=0) / n
    return third / np.maximum(second, 1e-12) ** 1.5
