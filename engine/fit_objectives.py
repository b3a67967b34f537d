"""Rankers of a fit's objectives: which are learned, how well they do, why others are not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from engine.data.objective_events import Sliced
from engine.data.wording import counted
from engine.fit_config import FitConfig
from engine.fit_data import Prepared
from engine.held_out import is_in_rows, mean_with_half_width
from engine.manifest import ObjectiveSaid
from engine.objectives import LEAST_LABELS, LEAST_PEOPLE, OBJECTIVES
from engine.pipeline.moment import Moment
from engine.pipeline.ranking.folds import evenly, label_ndcg, out_of_fold
from engine.pipeline.ranking.logistic import Logistic, fit_logistic
from engine.pipeline.ranking.objective_features import doers_of
from engine.pipeline.ranking.objective_rankers import (
    ObjectiveRanker,
    ObjectiveStage,
    with_own_features,
)
from engine.pipeline.ranking.ranker import TrainingSet
from engine.pipeline.teaching import described, taught_people

__all__ = ["LearnedObjectives", "learn_objectives"]

MOST_PEOPLE = 2000
"""People that one is learned from, evenly spaced; half of them measure it."""

SAME = 0.02
"""Labels that differ from the likes in no more than this share of either are the likes again."""


@dataclass(frozen=True, eq=False)
class LearnedObjectives:
    """What was learned.

    Attributes
    ----------
    stage : ObjectiveStage
        As of the moment before the labels.
    said : tuple of ObjectiveSaid
        How each does on people that it was not taught by.
    missing : dict of str to str
        Of all others: why there is none.
    """

    stage: ObjectiveStage
    said: tuple[ObjectiveSaid, ...]
    missing: dict[str, str]


def learn_objectives(
    data: Prepared, moment: Moment, filtered: NDArray[np.int32], config: FitConfig
) -> LearnedObjectives:
    """Learn a ranker of each objective that the data have enough of.

    Parameters
    ----------
    data : Prepared
    moment : Moment
        Before the labels.
    filtered : int32 array of shape (n_people, n)
        Everybody's candidates as of it.
    config : FitConfig
    """
    rankers, said, missing = [], [], dict(data.objectives.missing)
    is_liked = is_in_rows(filtered, data.parts.labels, data.parts.n_items)
    for bit, (name, events) in enumerate(data.objectives.found.items()):
        is_label = is_in_rows(filtered, events.labels, data.parts.n_items)
        missing[name] = _why_not(name, is_label, is_liked)
        if missing[name]:
            continue
        del missing[name]
        training = _lessons(data, moment, filtered, is_label, bit)
        fit = partial(fit_logistic, config=config.ranker, seed=config.seed)
        rankers.append(ObjectiveRanker(name, fit(training), doers_of(data.train, bit)))
        said.append(_said(name, training, events, fit))
    in_order = {name: missing[name] for name in OBJECTIVES if name in missing}
    return LearnedObjectives(ObjectiveStage(tuple(rankers)), tuple(said), in_order)


def _why_not(name: str, is_label: NDArray[np.bool_], is_liked: NDArray[np.bool_]) -> str:
    """Say why nothing is learned; empty where something is."""
    verb, n, people = OBJECTIVES[name].verb, int(is_label.sum()), int(is_label.any(axis=1).sum())
    if n < LEAST_LABELS or people < LEAST_PEOPLE:
        return (
            f"{counted(n, 'candidate')} of {counted(people, 'person')} "
            f"{'was' if n == 1 else 'were'} {verb} in the time that rankers learn from; it takes "
            f"{LEAST_LABELS} of {LEAST_PEOPLE}."
        )
    if (is_label != is_liked).sum() <= SAME * min(n, max(int(is_liked.sum()), 1)):
        return (
            f"What people {verb} is what counts as liked here; another threshold (`--liked`) "
            "tells the two apart."
        )
    return ""


def _lessons(
    data: Prepared,
    moment: Moment,
    filtered: NDArray[np.int32],
    is_label: NDArray[np.bool_],
    bit: int,
) -> TrainingSet:
    people = taught_people(is_label, MOST_PEOPLE)
    histories, codes = data.train.take(people), data.read_codes[people]
    training = described(moment, histories, codes, filtered[people], is_label[people])
    return with_own_features(training, moment, doers_of(data.train, bit), bit, histories)


def _said(
    name: str, training: TrainingSet, events: Sliced, fit: partial[Logistic]
) -> ObjectiveSaid:
    sample = evenly(training, MOST_PEOPLE // 2)
    reached = label_ndcg(out_of_fold(fit, sample), sample)
    place = np.broadcast_to(-np.arange(sample.is_label.shape[1]), sample.is_label.shape)
    before = label_ndcg(place.astype(np.float64), sample)
    ndcg, half = mean_with_half_width(reached)
    gain, gain_half = mean_with_half_width(reached - before)
    return ObjectiveSaid(
        name=name,
        n_labels=int(training.is_label.sum()),
        n_people=training.n_people,
        n_held_out=len(events.holdout.indices),
        ndcg_at_10=ndcg,
        half_width=half,
        gain=gain,
        gain_half_width=gain_half,
        n=sample.n_people,
    )
