"""Compile, or load from the disk's cache, what tuning runs, before anybody waits for it."""

from __future__ import annotations

import numpy as np

from engine.artifacts import Artifacts
from engine.scenario import NEUTRAL, Scenario
from engine.terms import WITH_EFFORT

__all__ = ["compile_ahead"]

ENOUGH = 100_000
"""People whose lists take no time that anybody notices: of more, so many are re-ranked."""

EVERY_TERM = Scenario.from_dict(dict.fromkeys(WITH_EFFORT, 0.1))


def compile_ahead(artifacts: Artifacts) -> None:
    """Take the whole step of a slider once: lists, metrics, groups, changes, one person's reasons.

    There is one kernel for all methods, terms and rules, so one setting stands for all. It takes
    some 30 s on a machine that has never done it, and about a second after that.
    """
    from engine.evaluation import evaluate_scenario
    from engine.reranking.ledger import explain_list

    users = None if artifacts.n_users <= ENOUGH else np.arange(ENOUGH)
    evaluation = evaluate_scenario(artifacts, EVERY_TERM, users=users)
    for attribute in list(artifacts.manifest["attributes"])[:1]:
        evaluation.groups(attribute)
    for scenario in (NEUTRAL, EVERY_TERM):
        explain_list(artifacts, scenario, 0)
