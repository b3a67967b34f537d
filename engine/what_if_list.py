"""The list that a person would be shown with a changed history, under a scenario."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.arrays import PAD
from engine.artifacts import Artifacts
from engine.reranking import Lists, prepare
from engine.reranking.kernel.inputs import frozen
from engine.scenario import Scenario
from engine.what_if import WhatIf

__all__ = ["what_if_list"]


def what_if_list(artifacts: Artifacts, scenario: Scenario, user: int, what_if: WhatIf) -> Lists:
    """Re-rank what-if candidates as everybody's are re-ranked.

    Whatever a scenario solves for the whole audience (the lift that meets an exposure target, the
    part of the weights that spares a group) stays as solved, and so does the mix of genres that
    calibration keeps to: one person's change does not move them.

    Parameters
    ----------
    artifacts : Artifacts
    scenario : Scenario
    user : int
        Whose history was changed.
    what_if : WhatIf
        From :func:`engine.what_if.what_if_candidates` of the same person.

    Returns
    -------
    Lists
        Of one person. With an unchanged history it is the list of
        :func:`engine.reranking.rerank`.

    Raises
    ------
    ScoreError, ScenarioError
        As :func:`engine.reranking.prepare`.
    """
    plan = prepare(artifacts, scenario)
    problem = plan.problem
    candidates = what_if.candidates[None, :]
    changed = problem._replace(
        candidates=frozen(candidates, np.int32).view(np.uint32),
        scores=frozen(what_if.scores[None, :], np.float32),
        n_valid=frozen((candidates != PAD).sum(axis=1), np.int32),
        shares=frozen(problem.shares[[user]], np.float64),
        profiles=frozen(
            problem.profiles[[user]] if len(problem.profiles) else problem.profiles, np.float32
        ),
    )
    return replace(plan, problem=changed).run(np.array([0]))
