"""Definitions of the per-user popularity metrics and of the exposure of groups within a list."""

from __future__ import annotations

from functools import partial
from math import inf

from engine.metrics.metric import Metric, metric

__all__ = ["POPULARITY"]

EMPTY = "The list is empty."


_metric = partial(metric, family="exposure", undefined=EMPTY)


POPULARITY: tuple[Metric, ...] = (
    _metric(
        "arp",
        "Popularity (ARP)",
        "Mean share of people who have the shown items in their history.",
        "(1/|L|) Σ_{i∈L} n_i / |U|",
        "Yin et al. 2012; divided by the number of people",
        as_percent=True,
        digits=1,
    ),
    _metric(
        "popularity_rank",
        "Popularity quantile",
        "Mean popularity of the shown items as a quantile: 1 is the most popular, 0 unseen.",
        "(1/|L|) Σ_{i∈L} |{m : n_m ≤ n_i}| / |I|,  0 where n_i = 0",
        "LensKit, MeanPopRank",
    ),
    _metric(
        "aplt",
        "Long-tail share",
        "Share of the shown items that are outside the short head.",
        "|L ∩ Γ| / |L|,  Γ = items beyond those that make up 80 % of history",
        "Abdollahpouri et al. 2019 (APLT)",
        aim="the long tail's target share",
        as_percent=True,
        digits=1,
    ),
    _metric(
        "aclt",
        "Long-tail items",
        "Number of shown items that are outside the short head.",
        "Σ_{i∈L} 1[i ∈ Γ]",
        "Abdollahpouri et al. 2019 (ACLT)",
        aim="the long tail's target share of the places",
        high=inf,
        unit="items",
        digits=2,
    ),
    _metric(
        "popularity_shift",
        "Popularity shift",
        "How far the list's mix of popular, middling and rare items is from the mix in the "
        "person's own history, in which what they rated low counts as well.",
        "JSD(history bins ‖ list bins) in bits; bins hold 20, 60 and 20 % of all history",
        "Abdollahpouri et al. 2021 (per-user part of UPD)",
        aim="the mix of the person's own history",
        target=0.0,
        unit="bits",
        undefined="The list or the history is empty.",
    ),
    _metric(
        "ndkl",
        "NDKL",
        "How far the mix of item groups in the top of the list is from the target mix, averaged "
        "over all depths.",
        "(1/Z) Σ_i KL(D_{top i} ‖ D_target) / log2(i+1),  Z = Σ_i 1 / log2(i+1)",
        "Geyik et al., KDD 2019",
        high=inf,
        aim="the target mix",
        target=0.0,
        unit="nats",
    ),
    _metric(
        "awrf",
        "Attention gap (AWRF)",
        "Distance between the item groups' shares of attention in the list and their target "
        "shares.",
        "½ Σ_c |Σ_j v(j) 1[c] / Σ_j v(j) − t_c|",
        "Sapiezynski et al. 2019, total-variation distance",
        aim="the target shares",
        target=0.0,
        undefined="No item of the list gets any attention.",
    ),
)
"""Their columns are filled by :mod:`engine.metrics.kernels.popularity`."""
