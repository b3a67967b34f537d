"""Definitions of the relevance metrics: how much of what the person liked later is in the list."""

from __future__ import annotations

from math import inf

from engine.metrics.metric import Metric

__all__ = ["NOT_AGAIN", "RELEVANCE"]

NOTHING_HELD_OUT = "Nothing is held out for the person."
NOT_AGAIN = "The fit offers nothing again that a person has met"
NOTHING_JUDGED = "None of the shown items was judged by the person later."


def _share(name: str, label: str, definition: str, formula: str, source: str) -> Metric:
    return Metric(
        name, label, definition, formula, 0.0, 1.0, "higher", "share", "relevance", source,
        NOTHING_HELD_OUT,
    )  # fmt: skip


RELEVANCE: tuple[Metric, ...] = (
    _share(
        "ndcg",
        "NDCG",
        "How near the list comes to the best order of the held-out likes, where a hit counts less "
        "the lower it stands.",
        "Σ_j y_j / log2(j+1) ÷ Σ_{j ≤ min(|R|,k)} 1 / log2(j+1)",
        "Järvelin & Kekäläinen 2002",
    ),
    _share(
        "recall",
        "Recall",
        "Share of a person's held-out likes that the list holds.",
        "|L ∩ R| / |R|",
        "Standard",
    ),
    _share(
        "precision",
        "Precision",
        "Share of the list's places that hold a held-out like; an empty place counts as a miss.",
        "|L ∩ R| / k",
        "Standard",
    ),
    _share(
        "hit",
        "Hit rate",
        "Share of people whose list holds at least one held-out like.",
        "1[|L ∩ R| > 0]",
        "Standard",
    ),
    _share(
        "mrr",
        "MRR",
        "One over the place of the first held-out like; 0 where there is none.",
        "1 / rank of the first hit",
        "Voorhees 1999",
    ),
    _share(
        "map",
        "MAP",
        "Mean precision at the places of the hits.",
        "(1 / min(|R|,k)) Σ_j P@j · y_j",
        "Standard; divisor as in RecTools and RecBole",
    ),
    _share(
        "rbp",
        "RBP",
        "Expected share of useful items for a reader who goes on to the next place with "
        "probability p.",
        "(1 − p) Σ_j y_j · p^(j−1)",
        "Moffat & Zobel 2008",
    ),
    _share(
        "ips_recall",
        "IPS-corrected recall",
        "Recall in which a held-out like counts more the less likely its popularity made it to "
        "be observed.",
        "Σ_{i∈L∩R} 1/ρ_i ÷ Σ_{i∈R} 1/ρ_i,  ρ_i = n_i^((γ+1)/2)",
        "Yang et al., RecSys 2018",
    ),
    Metric(
        "recall_head",
        "Recall, short head",
        "Recall over the held-out likes in the short head (items that make up 80 % of history).",
        "|L ∩ R ∩ head| / |R ∩ head|",
        0.0,
        1.0,
        "higher",
        "share",
        "relevance",
        "Steck 2011, popularity strata",
        "No short-head item is held out for the person.",
    ),
    Metric(
        "recall_tail",
        "Recall, long tail",
        "Recall over the held-out likes outside the short head.",
        "|L ∩ R ∩ tail| / |R ∩ tail|",
        0.0,
        1.0,
        "higher",
        "share",
        "relevance",
        "Steck 2011, popularity strata",
        "No long-tail item is held out for the person.",
    ),
    Metric(
        "unjudged",
        "Unjudged share",
        "Share of the shown items that the person has neither in their history nor among what they "
        "judged later, liked or not: whether they would like them is not known.",
        "|{i ∈ L : i ∉ H ∪ R ∪ D}| / |L|",
        0.0,
        1.0,
        "neither",
        "share",
        "relevance",
        "LensKit, Elliot (reported beside accuracy)",
        "The list is empty.",
    ),
    Metric(
        "alpha_ndcg",
        "α-NDCG",
        "NDCG in which each further hit of a genre already shown counts only half.",
        "Σ_j Σ_g y_jg (1−α)^{c_g(j−1)} / log2(j+1), divided by the same of the greedy ideal "
        "order; α = 0.5",
        0.0,
        inf,
        "higher",
        "share",
        "relevance",
        "Clarke et al. 2008",
        "No item with a genre is held out for the person.",
    ),
    Metric(
        "judged_precision",
        "Precision among judged",
        "Share of held-out likes among the shown items that the person judged later, liked or not; "
        "the others are left out.",
        "|L ∩ R| / |L ∩ (R ∪ D)|",
        0.0,
        1.0,
        "higher",
        "share",
        "relevance",
        "Sakai 2007, condensed lists",
        NOTHING_JUDGED,
    ),
    Metric(
        "dislike_rate",
        "Known dislikes",
        "Share of the shown items that the person met later and did not like. Lists that nobody "
        "judged have none, so read it beside the unjudged share.",
        "|L ∩ D| / |L|",
        0.0,
        1.0,
        "neither",
        "share",
        "relevance",
        "Complement of the unjudged share and the hits",
        "The list is empty, or the person judged nothing later.",
    ),
    Metric(
        "condensed_ndcg",
        "NDCG among judged",
        "NDCG of the list without the items that the person did not judge later: the others move "
        "up.",
        "Σ_j y_j / log2(j'+1) ÷ Σ_{j ≤ min(|R|,k)} 1 / log2(j+1),  j' = place among judged",
        0.0,
        1.0,
        "higher",
        "share",
        "relevance",
        "Sakai 2007, condensed lists",
        "Nothing is held out for the person, or none of the shown items was judged later.",
    ),
    Metric(
        "bpref",
        "Bpref",
        "How far held-out likes stand above known dislikes; items that nobody judged do not count.",
        "(1/|R|) Σ_{i∈L∩R} (1 − min(|{d ∈ L∩D above i}|, m) / m),  m = min(|R|,|D|)",
        0.0,
        1.0,
        "higher",
        "share",
        "relevance",
        "Buckley & Voorhees 2004; divisor as in trec_eval",
        NOTHING_HELD_OUT,
    ),
    Metric(
        "repeat_share",
        "Met before",
        "Share of the shown items that the person has in their history; the rest is new to them.",
        "|L ∩ H| / |L|",
        0.0,
        1.0,
        "neither",
        "share",
        "relevance",
        "Ariannezhad et al., SIGIR 2022, repeat ratio",
        f"{NOT_AGAIN}, or the list is empty.",
        digits=1,
        as_percent=True,
    ),
    Metric(
        "recall_again",
        "Recall, met before",
        "Recall over the held-out likes that the person had met before.",
        "|L ∩ R ∩ H| / |R ∩ H|",
        0.0,
        1.0,
        "higher",
        "share",
        "relevance",
        "Ariannezhad et al., SIGIR 2022, recall of repeats",
        f"{NOT_AGAIN}, or nothing that the person had met before is held out.",
    ),
    Metric(
        "recall_new",
        "Recall, new to them",
        "Recall over the held-out likes that are new to the person.",
        "|L ∩ R ∖ H| / |R ∖ H|",
        0.0,
        1.0,
        "higher",
        "share",
        "relevance",
        "Ariannezhad et al., SIGIR 2022, recall of explorations",
        f"{NOT_AGAIN}, or nothing new to the person is held out.",
    ),
)
"""Filled by :mod:`engine.metrics.kernels.relevance`, the last three by ``repeats`` beside it."""
