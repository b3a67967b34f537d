"""The objective, one record a term: everything that knows the terms reads them here.

A new term is a module beside these and its name in :data:`TERMS`. Where it depends on the list so
far, the kernel computes it too (:mod:`engine.reranking.kernel.terms`).
"""

from __future__ import annotations

from engine.terms.calibration import CALIBRATION
from engine.terms.diversity import DIVERSITY
from engine.terms.freshness import FRESHNESS
from engine.terms.item_fairness import ITEM_FAIRNESS_TERM
from engine.terms.objectives import OBJECTIVE_TERMS
from engine.terms.people_fairness import PEOPLE_FAIRNESS
from engine.terms.popularity import POPULARITY_PENALTY
from engine.terms.record import Term

__all__ = ["IN_SUM", "TERMS", "WEIGHTS", "WITH_EFFORT"]

TERMS: dict[str, Term] = {
    term.name: term
    for term in (
        DIVERSITY,
        FRESHNESS,
        ITEM_FAIRNESS_TERM,
        PEOPLE_FAIRNESS,
        CALIBRATION,
        POPULARITY_PENALTY,
        *OBJECTIVE_TERMS,
    )
}
"""Name → term, in the order of the sidebar and of the ledger."""

WEIGHTS: tuple[str, ...] = tuple(TERMS)
"""Controls that move lists; all at zero, with no caps and no rules, is neutral."""

WITH_EFFORT: tuple[str, ...] = tuple(name for name, term in TERMS.items() if term.has_effort)
"""Weights that cost relevance by themselves; fairness for people only scales the others."""

IN_SUM: tuple[Term, ...] = tuple(
    term for term in TERMS.values() if term.static or term.objective or term.dynamic
)
"""Terms whose weight multiplies something known: an item's score is linear in it."""
