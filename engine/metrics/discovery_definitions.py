"""Definitions of what a list offers beyond hits: variety, novelty, freshness, change.

Only those that count hits have a better direction: lists drawn at random would top the others.
"""

from __future__ import annotations

from functools import partial
from math import inf

from engine.metrics.metric import Metric, metric

__all__ = ["CHANGE", "DISCOVERY"]

EMPTY = "The list is empty."


_metric = partial(metric, family="discovery", undefined=EMPTY)


DISCOVERY: tuple[Metric, ...] = (
    _metric(
        "ild",
        "Diversity (ILD)",
        "Mean distance in taste between any two items of the list.",
        "2 / (k(k−1)) Σ_{a<b} (1 − cos(a, b)) over latent factors",
        "Ziegler et al. 2005",
        high=2.0,
        unit="cosine distance",
        undefined="The list has fewer than two items.",
    ),
    _metric(
        "ild_genres",
        "Genre diversity",
        "Mean share of genres that any two items of the list do not have in common.",
        "2 / (k(k−1)) Σ_{a<b} (1 − |g_a ∩ g_b| / |g_a ∪ g_b|)",
        "Ziegler et al. 2005; Jaccard distance",
        undefined="The list has fewer than two items with a genre.",
    ),
    _metric(
        "genre_entropy",
        "Genre entropy",
        "How evenly the list spreads over genres.",
        "H = −Σ_g q_g log2 q_g,  q_g = mean of p(g|i), p(g|i) = 1 / number of genres of i",
        "LensKit",
        high=inf,
        unit="bits",
        undefined="No item of the list has a genre.",
    ),
    _metric(
        "effective_genres",
        "Effective genres",
        "The number of equally present genres that would give the same entropy.",
        "2^H",
        "LensKit; Hill 1973",
        low=1.0,
        high=inf,
        unit="genres",
        undefined="No item of the list has a genre.",
        digits=2,
    ),
    _metric(
        "rank_genre_entropy",
        "Genre entropy by attention",
        "Genre entropy in which a higher place weighs more.",
        "H with q_g weighted by v(j)",
        "LensKit",
        high=inf,
        unit="bits",
        undefined="No item of the list with any attention has a genre.",
    ),
    _metric(
        "novelty",
        "Novelty (MIUF)",
        "How few people have the shown items in their history: each halving adds 1.",
        "−(1/|L|) Σ log2 π_i,  π_i = max(n_i, 1) / |U|",
        "RecTools, Elliot; Zhou et al. 2010",
        high=inf,
        unit="bits",
        digits=2,
    ),
    _metric(
        "epc",
        "EPC",
        "Expected novelty of the hits: the share of people who do not know them, by attention.",
        "Σ_j v(j) · y_j · (1 − π_i) ÷ Σ_j v(j)",
        "Vargas & Castells 2011",
        direction="higher",
        undefined="Nothing is held out for the person, or the list is empty.",
    ),
    _metric(
        "efd",
        "EFD",
        "Expected information of the hits: the rarer in all histories, the more bits.",
        "Σ_j v(j) · y_j · (−log2(n_i / Σn)) ÷ Σ_j v(j)",
        "Vargas & Castells 2011",
        high=inf,
        unit="bits",
        direction="higher",
        undefined="Nothing is held out for the person, or the list is empty.",
    ),
    _metric(
        "unexpectedness",
        "Unexpectedness",
        "Mean distance in taste between the list and the person's history, in which what they "
        "rated low counts as well.",
        "1 − (1/|L|) Σ_{i∈L} mean_{h∈H} cos(i, h)",
        "Auralist, Zhang et al. 2012",
        high=2.0,
        unit="cosine distance",
        undefined="The list or the history is empty.",
    ),
    _metric(
        "serendipity",
        "Serendipity",
        "Unexpectedness of the hits, spread over the whole list.",
        "(1/|L|) Σ_{i∈L} (1 − mean_{h∈H} cos(i, h)) · y_i",
        "Auralist, Zhang et al. 2012",
        high=2.0,
        unit="cosine distance",
        direction="higher",
        undefined="Nothing is held out for the person, or the list or the history is empty.",
    ),
    _metric(
        "rank_serendipity",
        "Serendipity by rank",
        "Hits that stand higher in the list than their popularity alone would place them.",
        "(1/k) Σ_j max(p_j − pu_i, 0) · y_j,  p_j = (|I|+1−j)/|I|,  pu_i = (|I|+1−poprank_i)/|I|",
        "RecTools",
        direction="higher",
        undefined="Nothing is held out for the person, or the list is empty.",
    ),
    _metric(
        "mean_age",
        "Mean age",
        "Mean time since the shown items came out.",
        "(1/|L|) Σ (t_now − t_i)",
        "recommendation-quality-lab",
        high=inf,
        unit="years",
        undefined="No item of the list has a known release date.",
        digits=2,
    ),
    _metric(
        "fresh_share",
        "Fresh share",
        "Share of the shown items that came out recently (by default within 5 years).",
        "|{i ∈ L : age_i < h}| / |L|",
        "recommendation-quality-lab",
        undefined="No item of the list has a known release date.",
        as_percent=True,
        digits=1,
    ),
    _metric(
        "freshness",
        "Freshness",
        "Mean freshness of the shown items: 1 when new, half after one half-life.",
        "(1/|L|) Σ 2^(−age_i / h)",
        "Exponential decay",
        undefined="No item of the list has a known release date.",
    ),
    _metric(
        "miscalibration",
        "Miscalibration",
        "How far the list's mix of genres is from the mix of the person's own history, in which "
        "what they rated low counts as well.",
        "Σ_g p_g log(p_g / q̃_g),  q̃ = (1−α) q + α p,  α = 0.01",
        "Steck, RecSys 2018",
        high=inf,
        aim="the mix of the person's own history",
        target=0.0,
        unit="nats",
        undefined="The list or the history has no item with a genre.",
    ),
)

_NO_BASELINE = "No baseline was given, or both lists are empty."
CHANGE: tuple[Metric, ...] = (
    _metric(
        "overlap",
        "Overlap with baseline",
        "Share of items that the list and the baseline list have in common.",
        "|A ∩ B| / |A ∪ B|",
        "Jaccard 1901",
        undefined=_NO_BASELINE,
        as_percent=True,
        digits=1,
    ),
    _metric(
        "rbo",
        "Order kept (RBO)",
        "Agreement with the baseline list at every depth, where higher places count more.",
        "Σ_d p^(d−1) · |A_d ∩ B_d| / d ÷ Σ_d p^(d−1)",
        "Webber et al. 2010; LensKit",
        undefined=_NO_BASELINE,
    ),
    _metric(
        "promotion",
        "Deepest promotion",
        "How far below the end of the list the ranker had placed the lowest-ranked item shown.",
        "max rank by the ranker of any shown item − k, at least 0",
        "LensKit, least-item-promoted",
        high=inf,
        unit="places",
        undefined="The list is empty or holds an item that the ranker did not rank.",
        digits=1,
    ),
)
"""Metrics that compare a list with another one."""
