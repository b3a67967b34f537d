"""Every acronym of the pages, spelled: a reader meets each of them with its words at least once."""

from __future__ import annotations

import re

__all__ = ["ACRONYMS", "acronyms_in", "spelled"]

ACRONYMS: dict[str, str] = {
    "ACLT": "average count of long-tail items",
    "ALS": "alternating least squares",
    "APLT": "average percentage of long-tail items",
    "ARP": "average recommendation popularity",
    "AWRF": "attention-weighted rank fairness",
    "BM25": "best matching 25, a weight of words or items by their rarity",
    "BPR": "Bayesian personalised ranking",
    "BST": "behaviour sequence transformer",
    "DCN": "deep and cross network",
    "DIN": "deep interest network",
    "DPP": "determinantal point process",
    "EASE": "embarrassingly shallow autoencoder",
    "EFD": "expected free discovery",
    "EPC": "expected popularity complement",
    "FA*IR": "fair top-k ranking by a test at every place",
    "GRU4Rec": "gated recurrent unit for recommendation",
    "HNSW": "hierarchical navigable small world, an index of nearest neighbours",
    "ILD": "intra-list distance",
    "IPS": "inverse propensity scoring",
    "LightGCN": "light graph convolution network",
    "MAP": "mean average precision",
    "MIUF": "mean inverse user frequency",
    "MMF": "max-min fairness",
    "MMR": "maximal marginal relevance",
    "MRR": "mean reciprocal rank",
    "MSD": "max-sum diversification",
    "NDCG": "normalised discounted cumulative gain",
    "NDKL": "normalised discounted Kullback-Leibler divergence",
    "NeuMF": "neural matrix factorisation",
    "RBO": "rank-biased overlap",
    "RBP": "rank-biased precision",
    "REO": "ranking-based equal opportunity",
    "RSP": "ranking-based statistical parity",
    "SASRec": "self-attentive sequential recommendation",
    "SSD": "sliding spectrum decomposition",
    "xQuAD": "explicit query aspect diversification",
}
"""Acronym → what it stands for."""

_ANY = re.compile(
    r"(?<![\w*])(" + "|".join(map(re.escape, sorted(ACRONYMS, key=len, reverse=True))) + r")(?!\w)"
)


def acronyms_in(text: str) -> tuple[str, ...]:
    """Return the acronyms that a text holds, each once, in their order.

    >>> acronyms_in("NDCG against Diversity (ILD), NDCG"), acronyms_in("a map of MAPLE")
    (('NDCG', 'ILD'), ())
    """
    return tuple(dict.fromkeys(_ANY.findall(text)))


def spelled(text: str) -> str:
    """Spell each acronym of a text where it comes first.

    >>> spelled("MMR: unlike its nearest neighbour above")
    'MMR (maximal marginal relevance): unlike its nearest neighbour above'
    """
    for one in acronyms_in(text):
        pattern = rf"(?<![\w*]){re.escape(one)}(?!\w)"
        text = re.sub(pattern, f"{one} ({ACRONYMS[one]})", text, count=1)
    return text
