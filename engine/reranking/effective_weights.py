"""How much each term counts in the sum that lists are built by."""

from __future__ import annotations

from engine.scenario import Scenario
from engine.terms import TERMS

__all__ = ["effective_weights"]


def effective_weights(scenario: Scenario) -> dict[str, float]:
    """Return the share of every weight in the sum of weights, relevance counting 1.

    Weights are used as they stand; this only says what they amount to beside each other. People
    fairness is not a term but scales the others; item fairness is a term only by weight: FA*IR is
    a constraint, and the lifts of target and max-min are solved for, see ``RerankPlan.group``.

    Returns
    -------
    dict of str to float
        Term → share; they sum to 1.

    Examples
    --------
    >>> effective_weights(Scenario(diversity=0.6, freshness=0.4))["relevance"]
    0.5
    """
    weights = {"relevance": 1.0} | {
        name: getattr(scenario, name) if term.is_in_sum(scenario) else 0.0
        for name, term in TERMS.items()
        if term.part
    }
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}
