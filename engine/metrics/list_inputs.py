"""What the pass over the lists reads, gathered from the audience and the settings."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from engine.metrics.audience import Audience
from engine.metrics.kernels.ideal_order import alpha_ideals
from engine.metrics.kernels.inputs import Catalogue, People, Reading
from engine.metrics.objective_definitions import metric_of
from engine.metrics.rank_weights import attention_weights
from engine.metrics.registry import COLUMN
from engine.metrics.settings import Settings
from engine.metrics.targets import target_shares

__all__ = ["catalogue_facts", "item_values", "people_facts", "reading_of"]


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


def people_facts(audience: Audience, k: int) -> People:
    """Gather what is known of people for lists of ``k``."""
    return People(
        audience.holdout.indptr,
        audience.holdout.indices,
        audience.later_not_liked.indptr,
        audience.later_not_liked.indices,
        audience.history.indptr,
        audience.history.indices,
        audience.taste,
        audience.genre_taste,
        audience.history_bins,
        audience.ranking,
        audience.ideals.get(k, lambda: _alpha_ideals(audience, k)),
        audience.offers_again,
        audience.objective_holdout.indptr,
        audience.objective_holdout.indices,
        np.array([COLUMN[metric_of(name)] for name in audience.objective_names], np.int64),
    )


def _alpha_ideals(audience: Audience, k: int) -> NDArray[np.float64]:
    discounts = attention_weights("log", k)
    return alpha_ideals(audience.holdout, audience.genre_shares, discounts)


def catalogue_facts(audience: Audience, settings: Settings) -> Catalogue:
    """Gather what is known of items; O(items)."""
    counts = np.maximum(audience.popularity, 1).astype(np.float64)
    codes, _ = target_shares(audience, settings.item_groups, settings.target)
    return Catalogue(
        audience.is_tail,
        counts ** (-(settings.ips_gamma + 1.0) / 2.0),
        audience.genre_shares,
        audience.genre_words,
        audience.factors,
        item_values(audience, settings.fresh_years, settings.half_life_years),
        audience.popularity / audience.n_users,
        audience.popularity_quantile,
        audience.bin_codes,
        codes,
    )


def reading_of(
    audience: Audience, settings: Settings, k: int, metrics: Collection[str] | None = None
) -> Reading:
    """Tabulate attention, discounts and targets for lists of ``k``; of all metrics, or of some."""
    discounts = attention_weights("log", k)
    _, target = target_shares(audience, settings.item_groups, settings.target)
    return Reading(
        discounts,
        np.concatenate([[0.0], np.cumsum(discounts)]),
        attention_weights(settings.attention, k, patience=settings.patience, top=settings.top),
        settings.patience,
        target,
        np.log(target),
        np.log(np.maximum(np.arange(k + 2), 1)),
        np.array([metrics is None or name in metrics for name in COLUMN]),
    )
