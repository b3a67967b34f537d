"""How metrics are measured: attention, freshness, item groups and their target."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Settings"]


@dataclass(frozen=True)
class Settings:
    """How metrics are measured.

    Attributes
    ----------
    attention : str
        Attention model, see :mod:`engine.metrics.rank_weights`.
    patience : float
        Of RBP, RBO and of the geometric and cascade models, in (0, 1).
    top : int
        Places seen in the ``top_k`` model.
    fresh_years, half_life_years : float
        Younger than this is "fresh"; age at which freshness is one half.
    ips_gamma : float
        γ of the IPS-corrected recall.
    item_groups : str
        Grouping of NDKL and AWRF; one that puts each item in one group.
    target : str
        ``catalogue``, ``history`` or ``merit``: what the shares of those groups are held against.
    """

    attention: str = "log"
    patience: float = 0.85
    top: int = 5
    fresh_years: float = 5.0
    half_life_years: float = 5.0
    ips_gamma: float = 1.5
    item_groups: str = "popularity_band"
    target: str = "catalogue"
