"""The diversity methods by name: what each one rewards, where it comes from, how it is evaluated.

One record a method, which everything else follows: the scenario's options, the kernel's code and
what it must be given, the reasons why a control can do nothing, the ledger, the tests. Each has its
definition as a plain array formula in float64, for one person at a time; the kernel has the same in
a form that is fast for everyone (:mod:`engine.reranking.kernel.diversity`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.terms.record import Candidates, Floats

__all__ = ["DIVERSITY_METHODS", "METHOD_CODES", "OFF", "SMALLEST_RESIDUAL", "DiversityMethod"]

SMALLEST_RESIDUAL = 1e-6
"""Squared residuals below this are rounding of float32 factors; they all count the same."""


@dataclass(frozen=True)
class DiversityMethod:
    """One way to measure how much an item adds to the list so far.

    Attributes
    ----------
    name, label : str
        The word in a scenario, the word on a page.
    help : str
        What it does in half a sentence, after the label in the select box.
    formula : str
        D(i|S), the term that is weighted and added to the ranker's score.
    source : str
        The paper.
    definition : callable
        (candidates, chosen) → D(i|S) of each candidate; S is not empty where ``starts_at_one``.
    is_falling : bool
        Whether D(i|S) can only fall as S grows: then an old value bounds a new one.
    starts_at_one : bool
        Whether D(i|∅) = 1 for every item, so that the first place goes by the other terms.
    has_window : bool
        Whether the scenario's window applies.
    uses_likeness : bool
        Whether the scenario's likeness applies.
    uses_profile : bool
        Whether it reads the genres of the person's history.
    uses_directions : bool
        Whether it keeps each candidate's part along every choice: memory of n × k numbers. Every
        item then counts as a unit vector, also one without factors or genres.
    uses_cover : bool
        Whether it compares each candidate with all others: memory of n × n numbers.
    rounding : float
        Bound on the rounding of D(i|S) by sums of float32.
    """

    name: str
    label: str
    help: str
    formula: str
    source: str
    definition: Callable[[Candidates, Sequence[int]], Floats]
    is_falling: bool = True
    starts_at_one: bool = True
    has_window: bool = False
    uses_likeness: bool = True
    uses_profile: bool = False
    uses_directions: bool = False
    uses_cover: bool = False
    rounding: float = 0.0


def _nearest(given: Candidates, chosen: Sequence[int]) -> Floats:
    return 1.0 - np.clip(given.likeness[:, chosen], 0.0, 1.0).max(axis=1)


def _average(given: Candidates, chosen: Sequence[int]) -> Floats:
    return np.clip(0.5 * (1.0 - given.likeness[:, chosen].mean(axis=1)), 0.0, 1.0)


def _directions(given: Candidates, chosen: Sequence[int]) -> Floats:
    """Part of each candidate along each new direction, shape (len(chosen), n)."""
    likeness = given.likeness
    parts = np.zeros((len(chosen), len(likeness)))
    for level, j in enumerate(chosen):
        recent = parts[max(0, level - given.window) : level]
        part = likeness[:, j] - recent[:, j] @ recent
        residual = 1.0 - (recent[:, j] ** 2).sum()
        if residual > SMALLEST_RESIDUAL:
            parts[level] = part / np.sqrt(residual)
    return parts


def _volume(given: Candidates, chosen: Sequence[int]) -> Floats:
    parts = _directions(given, chosen[-given.window :])
    residual = np.maximum(1.0 - (parts**2).sum(axis=0), SMALLEST_RESIDUAL)
    return 1.0 + 0.5 * np.log(residual)


def _residual_length(given: Candidates, chosen: Sequence[int]) -> Floats:
    parts = _directions(given, chosen)[-given.window :]
    return np.sqrt(np.maximum(1.0 - (parts**2).sum(axis=0), 0.0))


def _aspects(given: Candidates, chosen: Sequence[int]) -> Floats:
    left = given.profile * np.prod(1.0 - given.genre_shares[chosen], axis=0)
    return given.genre_shares @ left


def _coverage(given: Candidates, chosen: Sequence[int]) -> Floats:
    near = np.clip(given.likeness, 0.0, None)
    cover = near[:, chosen].sum(axis=1)
    return (np.sqrt(cover + near) - np.sqrt(cover)).mean(axis=1)


DIVERSITY_METHODS: dict[str, DiversityMethod] = {
    method.name: method
    for method in (
        DiversityMethod(
            "mmr",
            "MMR",
            "unlike its nearest neighbour above",
            "1 - max over j in S of max(0, cos(i, j))",
            "Carbonell & Goldstein, SIGIR 1998; weight w is the paper's λ = 1 / (1 + w)",
            _nearest,
        ),
        DiversityMethod(
            "msd",
            "MSD",
            "unlike the average above",
            "mean over j in S of (1 - cos(i, j)) / 2",
            "Borodin, Lee & Ye, PODS 2012, with the mean for the sum, so that the term does not "
            "outgrow the score as the list grows",
            _average,
            is_falling=False,
            rounding=2e-6,
        ),
        DiversityMethod(
            "dpp",
            "DPP",
            "spans the widest volume",
            "1 + ½ ln d²(i|S), d² the squared residual outside the span of S, at least 1e-6",
            "Chen, Zhang & Zhou, NeurIPS 2018: greedy MAP of L = Diag(e^αr) S Diag(e^αr), α = "
            "1 / weight; the one term that may fall below 0",
            _volume,
            has_window=True,
            uses_directions=True,
        ),
        DiversityMethod(
            "ssd",
            "SSD",
            "adds a new direction",
            "d(i|S), the length of the residual outside the span of the directions of S",
            "Huang, Wang et al., KDD 2021, with γ as the weight",
            _residual_length,
            has_window=True,
            uses_directions=True,
        ),
        DiversityMethod(
            "xquad",
            "xQuAD",
            "covers the person's genres",
            "Σ over genres g of p(g|u) p(i|g) Π over j in S of (1 - p(j|g)), p(i|g) = 1/#genres",
            "Santos, Macdonald & Ounis, WWW 2010; aspects are genres as in Vargas, Castells & "
            "Vallet, SIGIR 2011",
            _aspects,
            starts_at_one=False,
            uses_likeness=False,
            uses_profile=True,
        ),
        DiversityMethod(
            "cover",
            "Cover",
            "represents the candidates",
            "mean over candidates c of √(cover(c|S) + max(0, cos(i, c))) - √cover(c|S)",
            "Facility location with concavity ½, as in pyversity: it seeks representatives of the "
            "candidates and usually lowers the distance within the list",
            _coverage,
            starts_at_one=False,
            uses_cover=True,
            rounding=2e-6,
        ),
    )
}
"""Name → method, in the order of the select box."""

OFF = 0
METHOD_CODES: dict[str, int] = {name: 1 + at for at, name in enumerate(DIVERSITY_METHODS)}
"""Name → how the kernel knows it; :data:`OFF` is no diversity."""
