"""Diversity: how much an item's likeness to those above it counts against it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.terms.diversity_methods import DIVERSITY_METHODS
from engine.terms.record import Candidates, Choice, Floats, Number, Part, Term, weight

__all__ = ["DIVERSITY"]


def _diversity(candidates: Candidates, chosen: Sequence[int]) -> Floats:
    """Return D(i|S) by the scenario's method."""
    method = DIVERSITY_METHODS[candidates.scenario.diversity_method]
    if method.starts_at_one and not chosen:
        return np.ones(len(candidates.likeness))
    return method.definition(candidates, chosen)


DIVERSITY = Term(
    weight(
        "diversity",
        "div",
        "Diversity",
        "How much an item's likeness to those above it counts against it.",
    ),
    serves="people",
    finer=(
        Choice(
            "diversity_method",
            "method",
            "Method",
            {name: f"{one.label}: {one.help}" for name, one in DIVERSITY_METHODS.items()},
            "mmr",
            "How diversity is measured while the list is built. The term is added to the ranker's "
            "score: weight w is λ = 1 / (1 + w) of the paper's MMR, so weight 1 is λ = 0.5. Cover "
            "seeks items that represent all candidates, and usually lowers the distance within "
            "the list (ILD).",
        ),
        Choice(
            "likeness",
            "like",
            "Likeness by",
            {"factors": "Taste (latent factors)", "genres": "Genres", "both": "A mix of both"},
            "factors",
            "What makes two items alike.",
        ),
        Number(
            "likeness_mix",
            "mix",
            "Share of genres in the mix",
            0.0,
            1.0,
            0.5,
            0.05,
            "share",
            "Only for the mix: 0 is taste alone, 1 is genres alone.",
        ),
        Number(
            "diversity_window",
            "window",
            "Window",
            0,
            50,
            0,
            1,
            "items, 0 = whole list",
            "DPP and SSD: how many of the last picks an item is compared with.",
            is_whole=True,
        ),
    ),
    part=Part("diversity", "Diversity", "blue"),
    dynamic=_diversity,
)
