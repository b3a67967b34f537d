"""Rankers of a fit's objectives: which are learned, how well they do, why others are not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.objective_events import Sliced
from engine.data.wording import counted
from engine.fit_config import FitConfig
from engine.fit_data import Prepared
from engine.fit_heads import with_heads
from engine.held_out import is_in_rows, mean_with_half_width
from engine.objectives import LEAST_LABELS, LEAST_PEOPLE, OBJECTIVES
from engine.pipeline.moment import Moment
from engine.pipeline.ranking.folds import evenly, label_ndcg, out_of_fold
from engine.pipeline.ranking.logistic import Logistic, fit_logistic
from engine.pipeline.ranking.objective_features import doers_of
from engine.pipeline.ranking.objective_rankers import (
    BY_HEAD,
    ObjectiveRanker,
    ObjectiveStage,
    with_own_features,
)
from engine.pipeline.ranking.ranker import TrainingSet
from engine.pipeline.teaching import described, taught_people
from engine.ranker_said import ObjectiveSaid

__all__ = ["Learnable", "LearnedObjectives", "learn_objectives", "learnable"]

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


@dataclass(frozen=True, eq=False)
class Learnable:
    """What the data have enough of.

    Attributes
    ----------
    events : dict of str to bool array of shape (n_people, n)
        Objective → which candidates it was done with in the time of the labels.
    bits : dict of str to int
        Of each in the histories' ``did``.
    missing : dict of str to str
        Of all others: why nothing is learned.
    """

    events: dict[str, NDArray[np.bool_]]
    bits: dict[str, int]
    missing: dict[str, str]

    def of(self, people: NDArray[Any]) -> dict[str, NDArray[np.bool_]]:
        """Take some people's events."""
        return {name: events[people] for name, events in self.events.items()}


def learnable(data: Prepared, filtered: NDArray[np.int32]) -> Learnable:
    """Find the objectives that a ranker can be learned of.

    Parameters
    ----------
    data : Prepared
    filtered : int32 array of shape (n_people, n)
        Everybody's candidates as of the moment before the labels.
    """
    events, bits, missing = {}, {}, dict(data.objectives.missing)
    is_liked = is_in_rows(filtered, data.parts.labels, data.parts.n_items)
    for bit, (name, found) in enumerate(data.objectives.found.items()):
        is_label = is_in_rows(filtered, found.labels, data.parts.n_items)
        why = _why_not(name, is_label, is_liked)
        if why:
            missing[name] = why
        else:
            events[name], bits[name] = is_label, bit
    in_order = {name: missing[name] for name in OBJECTIVES if name in missing}
    return Learnable(events, bits, in_order)


def learn_objectives(
    data: Prepared,
    moment: Moment,
    filtered: NDArray[np.int32],
    able: Learnable,
    config: FitConfig,
) -> LearnedObjectives:
    """Learn a ranker of each objective that the data have enough of.

    Where the fit asks for a network with several heads, its head stands in the place of a logistic
    regression that finds the events of other people no better.

    Parameters
    ----------
    data : Prepared
    moment : Moment
        Before the labels.
    filtered : int32 array of shape (n_people, n)
        Everybody's candidates as of it.
    able : Learnable
    config : FitConfig
    """
    rankers, said = [], []
    fit = partial(fit_logistic, config=config.ranker, seed=config.seed)
    for name, bit in able.bits.items():
        training = _lessons(data, moment, filtered, able, name)
        rankers.append(ObjectiveRanker(name, fit(training), doers_of(data.train, bit)))
        said.append(_said(name, training, data.objectives.found[name], fit))
    stage = ObjectiveStage(tuple(rankers))
    if BY_HEAD in config.rankers and stage.rankers:
        lessons = _for_heads(data, moment, filtered, able)
        stage, said = with_heads(stage, said, lessons, config.ranker, config.seed)
    return LearnedObjectives(stage, tuple(said), able.missing)


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
    data: Prepared, moment: Moment, filtered: NDArray[np.int32], able: Learnable, name: str
) -> TrainingSet:
    is_label, bit = able.events[name], able.bits[name]
    people = taught_people(is_label, MOST_PEOPLE)
    histories, codes = data.train.take(people), data.read_codes[people]
    training = described(moment, histories, codes, filtered[people], is_label[people])
    return with_own_features(training, moment, doers_of(data.train, bit), bit, histories)


def _for_heads(
    data: Prepared, moment: Moment, filtered: NDArray[np.int32], able: Learnable
) -> TrainingSet:
    """Describe people with an event of any kind, with the own features of every objective."""
    is_liked = is_in_rows(filtered, data.parts.labels, data.parts.n_items)
    people = taught_people(np.logical_or.reduce(list(able.events.values())), MOST_PEOPLE)
    histories, codes = data.train.take(people), data.read_codes[people]
    training = described(moment, histories, codes, filtered[people], is_liked[people])
    for bit in able.bits.values():
        doers = doers_of(data.train, bit)
        training = with_own_features(training, moment, doers, bit, histories)
    return replace(training, aims=able.of(people))


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
