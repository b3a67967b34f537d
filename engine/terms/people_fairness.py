"""Fairness for people: no term of the sum, but what part of all others applies to a person."""

from __future__ import annotations

from engine.terms.record import Named, Term, weight

__all__ = ["PEOPLE_FAIRNESS"]

PEOPLE_FAIRNESS = Term(
    weight(
        "people_fairness",
        "people",
        "Fairness (people)",
        "Spares the lists of groups that are served worse from the cost of re-ranking.",
    ),
    serves="people",
    finer=(
        Named(
            "people_attribute",
            "spare",
            "Groups by",
            None,
            "Between which groups of people service is levelled.",
            "null, or an attribute's name",
        ),
    ),
    has_effort=False,
)
