"""What the pass over the lists reads, gathered from the audience and the settings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.metrics.audience import Audience
from engine.metrics.item_values import item_values
from engine.metrics.kernels.ideal_order import alpha_ideals
from engine.metrics.kernels.inputs import Catalogue, People, Reading
from engine.metrics.rank_weights import attention_weights
from engine.metrics.settings import Settings
from engine.metrics.targets import target_shares

__all__ = ["catalogue_facts", "people_facts", "reading_of"]


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


def reading_of(audience: Audience, settings: Settings, k: int) -> Reading:
    """Tabulate attention, discounts and targets for lists of ``k``."""
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
    )
