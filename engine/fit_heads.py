"""Whether the heads of one network serve in the place of the rankers of other objectives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from engine.held_out import mean_with_half_width
from engine.pipeline.ranking.dense_network import DenseRanker
from engine.pipeline.ranking.folds import N_FOLDS, evenly, folds_of, label_ndcg, out_of_fold
from engine.pipeline.ranking.listed import about
from engine.pipeline.ranking.logistic import fit_logistic
from engine.pipeline.ranking.objective_features import OWN_FEATURES
from engine.pipeline.ranking.objective_rankers import BY_HEAD, ObjectiveStage
from engine.pipeline.ranking.ranker import RankerConfig, TrainingSet
from engine.pipeline.ranking.registry import ALONE
from engine.ranker_said import ObjectiveSaid

__all__ = ["with_heads"]

MOST_PEOPLE = 1000
"""People that the choice is made on, evenly spaced."""


def does_as_well(gain: float) -> bool:
    """Whether a head that gained so much over a regression serves; not where nothing was measured.

    As among rankers the better mean serves; the interval says how sure that is.
    """
    return gain >= 0


def with_heads(
    stage: ObjectiveStage,
    said: Sequence[ObjectiveSaid],
    lessons: TrainingSet,
    config: RankerConfig,
    seed: int,
) -> tuple[ObjectiveStage, list[ObjectiveSaid]]:
    """Put heads in the place of the rankers that find the events of other people no better.

    Parameters
    ----------
    stage : ObjectiveStage
        Of logistic regressions.
    said : sequence of ObjectiveSaid
        Of each of them.
    lessons : TrainingSet
        Of people with an event of any kind; the own features of every objective stand after the
        main ranker's, in the order of the stage, and ``aims`` are the events.
    config : RankerConfig
    seed : int

    Returns
    -------
    stage : ObjectiveStage
    said : list of ObjectiveSaid
        With who serves, and the head's difference from the regression, person by person.
    """
    sample = evenly(lessons, MOST_PEOPLE)
    by_head = _heads_out_of_fold(stage.names, sample, config, seed)
    rankers = list(stage.rankers)
    added: list[ObjectiveSaid] = []
    network: DenseRanker | None = None
    for bit, (one, told) in enumerate(zip(stage.rankers, said, strict=True)):
        has_event = np.flatnonzero(sample.aims[one.name].any(axis=1))
        own = _of_one(sample, bit, one.name, len(stage.rankers)).take(has_event)
        fit = partial(fit_logistic, config=config, seed=seed)
        difference = label_ndcg(by_head[one.name][has_event], own)
        difference -= label_ndcg(out_of_fold(fit, own), own)
        gain, half = mean_with_half_width(difference)
        serves = does_as_well(gain)
        if serves:
            network = network or _learned(lessons, config, seed)
            rankers[bit] = replace(one, ranker=network.head(one.name))
        added.append(
            {
                **told,
                "ranker": BY_HEAD if serves else one.how,
                "head_gain": gain,
                "head_half_width": half,
                "head_n": len(difference),
            }
        )
    return ObjectiveStage(tuple(rankers)), added


def _learned(training: TrainingSet, config: RankerConfig, seed: int) -> DenseRanker:
    found = ALONE[BY_HEAD].fit(training, config, seed)
    assert isinstance(found, DenseRanker)
    return found


def _heads_out_of_fold(
    names: Sequence[str], sample: TrainingSet, config: RankerConfig, seed: int
) -> dict[str, NDArray[np.float32]]:
    """Score each person by the heads of a network that learned from the others alone."""
    fold = folds_of(sample.n_people)
    scores = {name: np.zeros(sample.is_label.shape, np.float32) for name in names}
    for number in range(N_FOLDS):
        asked = sample.take(fold == number)
        network = _learned(sample.take(fold != number), config, seed)
        for name in names:
            head = about(network.head(name), asked.listed)
            scores[name][fold == number] = head.score(asked.features, asked.is_candidate)
    return scores


def _of_one(sample: TrainingSet, bit: int, name: str, n_objectives: int) -> TrainingSet:
    """Keep the own features of one objective, with its events as labels."""
    n_own = len(OWN_FEATURES)
    n_main = len(sample.feature_names) - n_objectives * n_own
    begins = n_main + bit * n_own
    columns = [*range(n_main), *range(begins, begins + n_own)]
    return replace(
        sample,
        features=sample.features[:, :, columns],
        feature_names=tuple(sample.feature_names[at] for at in columns),
        is_label=sample.aims[name],
        aims={},
    )
