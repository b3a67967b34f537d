"""Scores of a person's candidates as straight lines in one control, for the exact search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.reranking.path_sweep import Lines
from engine.reranking.people_budget import weight_shares
from engine.reranking.person import IS_SHARED, SUMMANDS, Person
from engine.terms import TERMS
from engine.terms.item_fairness import in_group

__all__ = ["boost_lines", "group_lines", "people_lines", "weight_lines"]

_Pair = tuple[NDArray[np.float64], NDArray[np.float64]]


def weight_lines(person: Person, control: str) -> Lines:
    """Scores in the weight of a term."""
    term = TERMS[control]
    assert term.part is not None
    name = term.part.name

    def lines(chosen: Sequence[int]) -> _Pair:
        slope = person.unweighted(term, chosen)
        return _without(person, name, chosen), person.share * slope

    return lines


def group_lines(person: Person) -> Lines:
    """Scores in the lift of the scenario's group of items."""
    group = in_group(person.plan.pool, person.plan.scenario.item_fairness_group)
    slope = person.share * group[person.items].astype(np.float64)

    def lines(chosen: Sequence[int]) -> _Pair:
        return _without(person, "fairness", chosen), slope

    return lines


def people_lines(person: Person) -> Lines:
    """Scores in the weight of people fairness: it scales all shared terms by 1 - c·weight."""
    plan = person.plan
    full = weight_shares(plan.pool, replace(plan.scenario, people_fairness=1.0))
    spared = 1.0 - float(full[person.user])

    def lines(chosen: Sequence[int]) -> _Pair:
        terms = person.unshared_terms(chosen)
        shared = terms[IS_SHARED].sum(axis=0)
        return terms.sum(axis=0), -spared * shared

    return lines


def boost_lines(person: Person, place: int) -> Lines:
    """Scores in a boost of one candidate."""
    slope = np.zeros(len(person.items))
    slope[place] = 1.0

    def lines(chosen: Sequence[int]) -> _Pair:
        return person.terms(chosen).sum(axis=0), slope

    return lines


def _without(person: Person, name: str, chosen: Sequence[int]) -> NDArray[np.float64]:
    terms = person.terms(chosen)
    terms[SUMMANDS.index(name)] = 0.0
    return terms.sum(axis=0)
