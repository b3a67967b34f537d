"""Definitions of the metrics of the whole audience: which items are seen at all, and how much.

How widely exposure spreads (coverage, Gini, n90, top item, personalisation) has no better
direction: lists drawn at random spread it most. What is held against a target has one.
"""

from __future__ import annotations

from functools import partial
from math import inf

from engine.metrics.metric import Metric, metric

__all__ = ["CONCENTRATION", "ITEM_GROUPS"]


_metric = partial(metric, family="exposure", undefined="All lists are empty.", scope="audience")


CONCENTRATION: tuple[Metric, ...] = (
    _metric(
        "coverage",
        "Coverage",
        "Share of all items that appear in at least one list.",
        "|∪_u L_u| / |I|",
        "Standard",
        as_percent=True,
        digits=1,
    ),
    _metric(
        "gini",
        "Gini of exposure",
        "How unevenly exposure is spread over all items, also those never shown: 0 is even, "
        "1 is all on one.",
        "Σ_i (2i − n − 1) x_i / (n Σ x), x ascending, zeros included",
        "LensKit, RecBole",
    ),
    _metric(
        "n90",
        "n90",
        "The fewest items that fill 90 % of all places.",
        "min m : the m most shown items fill ≥ 90 % of places",
        "pdstools",
        high=inf,
        unit="items",
        digits=0,
    ),
    _metric(
        "top_item_share",
        "Top item's share",
        "Share of people who are shown the item that is shown most.",
        "max_i c_i / |U|",
        "cicerone guardrail",
        as_percent=True,
        digits=1,
    ),
    _metric(
        "personalisation",
        "Personalisation",
        "Mean share of places in which two people's lists do not agree.",
        "mean_{u≠v} (1 − |L_u ∩ L_v| / k) = [n(n−1) − (Σ c_i² − nk)/k] / [n(n−1)]",
        "Evidently",
        undefined="There are fewer than two people, or all lists are empty.",
        as_percent=True,
        digits=1,
    ),
    _metric(
        "attention_inequity",
        "Inequity of attention",
        "How far items' shares of attention are from their shares of held-out likes, over all "
        "items: 0 is in proportion, 2 is apart.",
        "Σ_i |A_i / ΣA − R_i / ΣR|,  R_i = people for whom i is held out",
        "Biega et al., SIGIR 2018",
        high=2.0,
        aim="exposure in proportion to held-out likes",
        target=0.0,
        undefined="No item gets attention, or nothing is held out.",
    ),
)
"""In the order that :mod:`engine.metrics.concentration` returns them."""

_GROUPS_EMPTY = "All lists are empty, or fewer than two item groups have what is compared."


ITEM_GROUPS: tuple[Metric, ...] = (
    _metric(
        "exposure_divergence",
        "Exposure against target",
        "How far the item groups' shares of exposure are from their target shares.",
        "KL(e ‖ t) = Σ_c e_c log(e_c / t_c)",
        "Kullback & Leibler 1951",
        high=inf,
        aim="the target shares",
        target=0.0,
        unit="nats",
    ),
    _metric(
        "exposure_parity",
        "Demographic parity of exposure",
        "Mean exposure of an item in the least exposed group over that in the most exposed group.",
        "min_c E(c) / max_c E(c),  E(c) = (1/|c|) Σ_{i∈c} Σ_j v(j)",
        "Singh & Joachims, KDD 2018; least over most for more than two groups",
        undefined=_GROUPS_EMPTY,
        aim="equal exposure per item",
        target=1.0,
    ),
    _metric(
        "disparate_treatment",
        "Disparate treatment ratio",
        "Exposure per held-out like, in the group that gets least over the group that gets most.",
        "min_c / max_c of E(c) / U(c),  U(c) = held-out likes per item of the group",
        "Singh & Joachims, KDD 2018 (DTR); least over most for more than two groups",
        undefined=_GROUPS_EMPTY,
        aim="equal exposure per held-out like",
        target=1.0,
    ),
    _metric(
        "disparate_impact",
        "Disparate impact ratio",
        "Attention on hits per held-out like, in the group that gets least over the one that gets "
        "most.",
        "min_c / max_c of CTR(c) / U(c),  CTR(c) = (1/|c|) Σ_{i∈c} Σ_j v(j) y",
        "Singh & Joachims, KDD 2018 (DIR); least over most for more than two groups",
        undefined=_GROUPS_EMPTY,
        aim="equal attention on hits per held-out like",
        target=1.0,
    ),
    _metric(
        "rank_parity_spread",
        "Spread of exposure rates (RSP)",
        "Relative spread over groups of the chance that an item not in the history is shown.",
        "std / mean over c of Σ_u Σ_{i∈L_u} 1[c] / Σ_u |c ∖ H_u|",
        "Zhu et al., SIGIR 2020 (RSP); Elliot",
        high=inf,
        aim="equal rates",
        target=0.0,
        unit="ratio",
        undefined=_GROUPS_EMPTY,
    ),
    _metric(
        "equal_opportunity_spread",
        "Spread of hit rates (REO)",
        "Relative spread over groups of the chance that a held-out like is shown.",
        "std / mean over c of Σ_u |L_u ∩ R_u ∩ c| / Σ_u |R_u ∩ c|",
        "Zhu et al., SIGIR 2020 (REO); Elliot",
        high=inf,
        aim="equal rates",
        target=0.0,
        unit="ratio",
        undefined=_GROUPS_EMPTY,
    ),
    _metric(
        "max_min_exposure",
        "Worst-off group (MMF)",
        "Exposure share over target share of the group that is worst off: 1 is in proportion.",
        "min_c e_c / t_c",
        "P-MMF, Xu et al., WWW 2023",
        aim="the target shares",
        target=1.0,
    ),
    # Which half is worst off changes with the lists, and so does its share of the target: no aim.
    _metric(
        "worst_half_exposure",
        "Worst-off half",
        "Share of exposure of the half of the groups that get least of their target.",
        "Σ e_c over the ⌊C/2⌋ groups with the least e_c / t_c",
        "FairDiverse, with the share held against the target",
        undefined="All lists are empty, or there is one group only.",
    ),
)
"""Over one grouping of items, in the order of :mod:`engine.metrics.item_group_exposure`."""
