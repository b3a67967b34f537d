"""The diversity methods by name: what each one rewards, where it comes from, how it is evaluated.

Read by the kernel's caller, the select box, the glossary and the parametrised tests.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.reranking.kernel import methods as codes

__all__ = ["DIVERSITY_METHODS", "DiversityMethod"]


@dataclass(frozen=True)
class DiversityMethod:
    """One way to measure how much an item adds to the list so far.

    Attributes
    ----------
    name, label : str
        The word in a scenario, the word on a page.
    code : int
        How the kernel knows it.
    formula : str
        D(i|S), the term that is weighted and added to the ranker's score.
    source : str
        The paper.
    is_falling : bool
        Whether D(i|S) can only fall as S grows: then an old value bounds a new one.
    starts_at_one : bool
        Whether D(i|∅) = 1 for every item, so that the first place goes by the other terms.
    has_window : bool
        Whether the scenario's window applies.
    uses_likeness : bool
        Whether the scenario's likeness applies.
    rounding : float
        Bound on the rounding of D(i|S) by sums of float32.
    """

    name: str
    label: str
    code: int
    formula: str
    source: str
    is_falling: bool = True
    starts_at_one: bool = True
    has_window: bool = False
    uses_likeness: bool = True
    rounding: float = 0.0


DIVERSITY_METHODS: dict[str, DiversityMethod] = {
    method.name: method
    for method in (
        DiversityMethod(
            "mmr",
            "MMR",
            codes.MMR,
            "1 - max over j in S of max(0, cos(i, j))",
            "Carbonell & Goldstein, SIGIR 1998; weight w is the paper's λ = 1 / (1 + w)",
        ),
        DiversityMethod(
            "msd",
            "MSD",
            codes.MSD,
            "mean over j in S of (1 - cos(i, j)) / 2",
            "Borodin, Lee & Ye, PODS 2012, with the mean for the sum, so that the term does not "
            "outgrow the score as the list grows",
            is_falling=False,
            rounding=2e-6,
        ),
        DiversityMethod(
            "dpp",
            "DPP",
            codes.DPP,
            "1 + ½ ln d²(i|S), d² the squared residual outside the span of S, at least 1e-6",
            "Chen, Zhang & Zhou, NeurIPS 2018: greedy MAP of L = Diag(e^αr) S Diag(e^αr), α = "
            "1 / weight; the one term that may fall below 0",
            has_window=True,
        ),
        DiversityMethod(
            "ssd",
            "SSD",
            codes.SSD,
            "d(i|S), the length of the residual outside the span of the directions of S",
            "Huang, Wang et al., KDD 2021, with γ as the weight",
            has_window=True,
        ),
        DiversityMethod(
            "xquad",
            "xQuAD",
            codes.XQUAD,
            "Σ over genres g of p(g|u) p(i|g) Π over j in S of (1 - p(j|g)), p(i|g) = 1/#genres",
            "Santos, Macdonald & Ounis, WWW 2010; aspects are genres as in Vargas, Castells & "
            "Vallet, SIGIR 2011",
            starts_at_one=False,
            uses_likeness=False,
        ),
        DiversityMethod(
            "cover",
            "Cover",
            codes.COVER,
            "mean over candidates c of √(cover(c|S) + max(0, cos(i, c))) - √cover(c|S)",
            "Facility location with concavity ½, as in pyversity: it seeks representatives of the "
            "candidates and usually lowers the distance within the list",
            starts_at_one=False,
            rounding=2e-6,
        ),
    )
}
"""Name → method, in the order of the select box."""
