"""What one item adds to a list's novelty and freshness: a table, computed once per setting."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.metrics.audience import Audience

__all__ = ["item_values"]


def item_values(
    audience: Audience, fresh_years: float, half_life_years: float
) -> NDArray[np.float64]:
    """Tabulate novelty and freshness of every item.

    An item that nobody has in their history counts as if one person had, so that its novelty is
    finite and the highest of all.

    Parameters
    ----------
    audience : Audience
    fresh_years : float
        Items younger than this are recent, in years, > 0.
    half_life_years : float
        Age at which freshness is one half, in years, > 0.

    Returns
    -------
    float64 array of shape (n_items, 7)
        Columns: self-information in bits over people; share of people who do not know the item;
        self-information over interactions; popularity rank; age in years; 1 where recent;
        freshness. The last three are NaN where the release is unknown.
    """
    counts = audience.popularity.astype(np.float64)
    at_least_one = np.maximum(counts, 1.0)
    ages = audience.age_years
    return np.stack(
        [
            -np.log2(at_least_one / audience.n_users),
            1.0 - counts / audience.n_users,
            -np.log2(at_least_one / max(counts.sum(), 1.0)),
            audience.popularity_rank,
            ages,
            np.where(np.isnan(ages), np.nan, ages < fresh_years),
            np.exp2(-ages / half_life_years),
        ],
        axis=1,
    )
