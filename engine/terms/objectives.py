"""Other objectives: what rankers of their own say of each candidate for each person.

Where a fit has such a ranker (:mod:`engine.pipeline.ranking.objective_rankers`), its scores are on
the scale of relevance: 0 for a person's lowest candidate, 1 for their highest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.objectives import OBJECTIVES, Objective
from engine.terms.record import Part, Term, weight

if TYPE_CHECKING:
    from engine.reranking.candidate_pool import CandidatePool
    from engine.scenario import Scenario

__all__ = ["OBJECTIVE_TERMS"]

OLD_FIT = "This fit has no rankers of other objectives: fit the data set again."


def _term(one: Objective) -> Term:
    def why_inert(pool: CandidatePool, scenario: Scenario) -> str:
        del scenario
        scores = pool.objective(one.name)
        if scores is None:
            return pool.no_objectives.get(one.name, OLD_FIT)
        return "" if _differ(scores) else "All candidates score alike."

    return Term(
        weight(
            one.name,
            one.key,
            one.label,
            f"Lifts what people like this one are likely to have {one.verb} next, by a ranker of "
            "its own. At 1 it counts as much as being liked.",
        ),
        serves="objectives",
        part=Part(one.doing, one.label, one.colour),
        objective=one.name,
        why_inert=why_inert,
    )


def _differ(scores: NDArray[np.float32]) -> bool:
    """Whether anybody's candidates score differently; looks no further than the first who does."""
    blocks = (scores[start : start + 4096] for start in range(0, len(scores), 4096))
    return any(bool((block[:, :1] != block[:, 1:]).any()) for block in blocks)


OBJECTIVE_TERMS: tuple[Term, ...] = tuple(_term(one) for one in OBJECTIVES.values())
"""One for each objective, in the order of their registry."""
