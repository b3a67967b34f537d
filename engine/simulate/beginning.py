"""Where a simulated year begins: who is there, what they know, and what they would like."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.online.attention import model_of
from engine.reranking.candidate_pool import CandidatePool, pool_of
from engine.reranking.kernel.inputs import frozen
from engine.simulate.choice_models import ChoiceModel
from engine.simulate.groups import groups_of
from engine.simulate.kernels.worth import most_liked
from engine.simulate.loop_config import LoopConfig
from engine.simulate.matrices import marked_rows, marks_of
from engine.simulate.recommender import Recommender, first_recommender
from engine.simulate.world import World
from engine.simulate.year import Start

__all__ = ["N_LIKED", "Stage", "stage_of", "start_of"]

N_LIKED = 50
"""Titles of each person that count as true likes: those preferred most of all that may be shown."""


@dataclass(frozen=True, eq=False)
class Stage:
    """What every repetition starts from.

    ``is_barred`` marks what is shown to nobody: what was met, or, where items come again, nothing.
    """

    world: World
    model: ChoiceModel
    genres: NDArray[np.bool_]
    audience: CandidatePool
    recommender: Recommender
    is_met: NDArray[np.bool_]
    is_liked: NDArray[np.bool_]
    is_barred: NDArray[np.bool_]
    offers_again: bool
    best: NDArray[np.int32]
    first_candidates: tuple[NDArray[np.int32], NDArray[np.float32]]
    codes: NDArray[np.int64]
    n_groups: int


def stage_of(artifacts: Artifacts, world: World, k: int, config: LoopConfig) -> Stage:
    """Look at everybody, and at what they would like most of what may be shown."""
    people, n_items = world.people, artifacts.n_items
    is_met = marks_of(artifacts.history, n_items)[people]
    is_liked = marks_of(artifacts.history, n_items, artifacts.history_is_liked)[people]
    is_barred = np.zeros_like(is_met) if artifacts.offers_again else is_met
    n_best = min(n_items, max(k * (config.rounds + 1), N_LIKED))
    best = np.empty((len(people), n_best), np.int32)
    most_liked(world.preference, is_barred, n_best, best)
    whole = pool_of(artifacts)
    rows = artifacts.history.take(people)
    audience = replace(
        whole,
        candidates=whole.candidates[people],
        scores=whole.scores[people],
        n_valid=whole.n_valid[people],
        user_groups=np.asarray(whole.user_groups)[people],
        service=frozen(whole.service[people], np.float32),
        history=rows,
        # of the fit's candidates, not of those that the year's own recommender finds
        objectives=frozen(np.empty((0, 0, 0)), np.float32),
        objective_names=(),
    )
    groups = groups_of(artifacts, people)
    first = first_recommender(artifacts, people)
    return Stage(
        world=world,
        model=model_of(artifacts, config.attention),
        genres=np.asarray(artifacts.genre_matrix),
        audience=audience,
        recommender=first,
        is_met=is_met,
        is_liked=is_liked,
        is_barred=is_barred,
        offers_again=artifacts.offers_again,
        best=best,
        first_candidates=first.best(marked_rows(is_barred), whole.candidates.shape[1]),
        codes=groups.codes,
        n_groups=groups.n_groups,
    )


def start_of(stage: Stage, artifacts: Artifacts) -> Start:
    """Return what a year says of its beginning."""
    first = stage.recommender
    return Start(
        stage.world.assumption,
        len(stage.world.people),
        artifacts.n_users,
        artifacts.n_items,
        first.taste_weight,
        first.popularity_weight,
        first.agreement,
        stage.model.words,
        stage.offers_again,
    )
