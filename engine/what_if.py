"""One person served anew: with a changed history, or as somebody new.

What is fitted stays as it is (item factors, links, popularity, ranker); the person's own factor,
profiles, candidates, features and scores are computed anew, by the same code as in the fit. So
with an unchanged history the answer is the fit's own, and the approximation is exactly this: the
changed history would also have had a small part in the fit, and that part is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from engine.arrays import PAD
from engine.artifacts import Artifacts
from engine.changed_history import changed_history
from engine.data.wording import counted
from engine.errors import StudioError
from engine.pipeline.ranking.ordering import leaning
from engine.pipeline.serving import serving_of
from engine.reranking import Lists, prepare
from engine.reranking.kernel.inputs import frozen
from engine.scenario import Scenario

__all__ = ["WhatIf", "fold_in", "what_if_candidates", "what_if_list"]


@dataclass(frozen=True, eq=False)
class WhatIf:
    """Candidates under a changed history.

    Attributes
    ----------
    candidates : int32 array of shape (n,)
        Best first.
    scores : float32 array of shape (n,)
    source_masks : uint16 array of shape (n,)
        As in :class:`~engine.artifacts.Artifacts`.
    leans_on : int
        What was mixed in because the history is so short, a key of
        :data:`engine.pipeline.ranking.ordering.LEANS_ON`; 0 for nothing.
    label : str
        What was changed and what was held fixed, to show beside the list.
    objectives : float32 array of shape (n, n_objectives)
        As in :class:`~engine.artifacts.Artifacts`.
    """

    candidates: NDArray[np.int32]
    scores: NDArray[np.float32]
    source_masks: NDArray[np.uint16]
    leans_on: int
    label: str
    objectives: NDArray[np.float32]


def fold_in(artifacts: Artifacts, liked: Sequence[int]) -> NDArray[np.float32]:
    """Solve for the factor of somebody who liked these items, with the items fixed.

    Parameters
    ----------
    artifacts : Artifacts
    liked : sequence of int
        Item indices; none gives the zero factor.

    Returns
    -------
    float32 array of shape (d,)

    Source
    ------
    Hu, Koren and Volinsky, ICDM 2008, equation 4; see
    :meth:`engine.pipeline.retrieval.als.Als.fold_in`.
    """
    items = np.unique(_checked(artifacts, liked))
    shape = (1, artifacts.n_items)
    likes = sp.csr_matrix((np.ones(len(items), np.float32), items, [0, len(items)]), shape=shape)
    return serving_of(artifacts).moment.als.fold_in(likes)[0]


def what_if_candidates(
    artifacts: Artifacts,
    user: int | None,
    *,
    like: Sequence[int] = (),
    unlike: Sequence[int] = (),
    keep: int | None = None,
) -> WhatIf:
    """Retrieve and rank anew for one person whose history is changed.

    Parameters
    ----------
    artifacts : Artifacts
    user : int or None
        Index of the person; None for somebody new, of whom only ``like`` is known.
    like : sequence of int
        Items that the person is imagined to have liked, just now and in this order.
    unlike : sequence of int
        Items that the person is imagined to have seen without liking them.
    keep : int, optional
        How many of the latest items of their history are kept, 0 or more; all by default. What
        is not kept is as if they had never met it, and may be a candidate again.

    Returns
    -------
    WhatIf

    Raises
    ------
    StudioError
        For an item or a person that does not exist, an item both liked and unliked, or a
        negative number to keep.
    """
    if keep is not None and keep < 0:
        raise StudioError(f"`keep` must be 0 or more items of the history; got {keep}.")
    both = set(like) & set(unlike)
    if both:
        raise StudioError(f"Item {min(both)} cannot be both liked and not liked in one what-if.")
    liked, unliked = _checked(artifacts, like), _checked(artifacts, unlike)
    histories = changed_history(artifacts, user, liked, unliked, keep)
    serving = serving_of(artifacts)
    codes = serving.codes_of(user)
    served = serving.serve(histories, codes)
    return WhatIf(
        candidates=served.candidates[0],
        scores=served.scores[0],
        source_masks=served.source_masks[0],
        leans_on=int(leaning(histories.seen.lengths(), codes, serving.moment.group_weight)[0]),
        label=_label(user, len(liked), len(unliked), keep),
        objectives=served.objectives[0],
    )


def _checked(artifacts: Artifacts, items: Sequence[int]) -> NDArray[np.int32]:
    indices = np.asarray(items, dtype=np.int64).reshape(-1)
    wrong = indices[(indices < 0) | (indices >= artifacts.n_items)]
    if len(wrong):
        raise StudioError(
            f"There is no item {wrong[0]}: items are numbered 0 to {artifacts.n_items - 1}."
        )
    return indices.astype(np.int32)


def _label(user: int | None, n_liked: int, n_unliked: int, keep: int | None) -> str:
    who = "somebody new" if user is None else "this person"
    changes = [
        f"{counted(n, 'item')} {verb}"
        for n, verb in ((n_liked, "liked"), (n_unliked, "not liked"))
        if n
    ]
    if keep is not None:
        changes.insert(0, f"only the latest {counted(keep, 'item')} of the history")
    return (
        f"What-if: {who} with {' and '.join(changes) or 'nothing changed'}. The person's taste, "
        "candidates and scores are computed anew; what was learned from everybody stays as fitted."
    )


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
        aims=frozen(what_if.objectives[None], np.float32) if len(problem.aims) else problem.aims,
    )
    return replace(plan, problem=changed).run(np.array([0]))
