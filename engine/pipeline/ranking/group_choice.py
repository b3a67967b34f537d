"""Whether groups that are served worse get a model of their own: chosen by measurement."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from engine.pipeline.ranking.cross_fit import cross_fitted
from engine.pipeline.ranking.departure import Departure, group_lists, learned, slope
from engine.pipeline.ranking.design import fit_design
from engine.pipeline.ranking.folds import evenly, out_of_fold
from engine.pipeline.ranking.group_measure import (
    SEPARATE,
    SHRUNK,
    measured_groups,
    own_departure,
    people_of,
)
from engine.pipeline.ranking.group_models import GroupModels
from engine.pipeline.ranking.group_rows import GroupTable
from engine.pipeline.ranking.group_table import table_of
from engine.pipeline.ranking.ranker import Ranker, TrainingSet
from engine.user_groups import UNKNOWN, Attribute

__all__ = ["GroupChoice", "fit_for_groups"]

MOST_PEOPLE = 2000
"""People that all is measured on and learned from, evenly spaced; fewer where there are fewer."""

LEAST_PEOPLE = 60
"""Of fewer people nothing is measured: everybody keeps the one ranker."""

Fit = Callable[[TrainingSet], Ranker]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class GroupChoice:
    """Everybody's ranker with the models that serve, and what was found.

    Attributes
    ----------
    ranker : Ranker
        Everybody's own where no model serves.
    table : GroupTable
    ridges : mapping of int to float
        Of the shrunk models that serve, by group.
    seed : int
    """

    ranker: Ranker
    table: GroupTable
    ridges: Mapping[int, float]
    seed: int

    def again(self, fit: Fit, some: TrainingSet) -> Ranker:
        """Fit the same models on other people: the kinds and ridges stay, which are few numbers.

        Parameters
        ----------
        fit : callable
            Fits everybody's ranker.
        some : TrainingSet
        """
        ranker = fit(some)
        if not isinstance(self.ranker, GroupModels):
            return ranker
        place, design = self.ranker.place, fit_design(some.rows(), some.feature_names)
        codes = _codes(some, place)
        shrunk = {}
        if self.ridges:
            scores, everybody = out_of_fold(fit, some), np.ones(some.n_people, bool)
            line = slope(some, scores, everybody)
            for code, ridge in self.ridges.items():
                people = people_of(codes, code)
                lists = group_lists(some, people, np.zeros_like(codes), design, seed=self.seed)
                weights = np.zeros(design.n_columns)
                if len(people) and not np.isnan(line):
                    weights = learned(lists, scores[people], line, everybody[people], (ridge,))[0]
                shrunk[code] = Departure(ridge, weights).as_ranker(design)
        groups = {code: people_of(codes, code) for code in self.ranker.separate}
        separate = {code: fit(some.take(who)) for code, who in groups.items() if len(who)}
        return GroupModels(ranker, place, shrunk, separate)


def fit_for_groups(
    attribute: Attribute,
    place: int,
    ranker: Ranker,
    fit: Fit,
    training: TrainingSet,
    *,
    seed: int,
    most_at_once: int = 1,
    tell: Callable[[float], None] = lambda _: None,
) -> GroupChoice | None:
    """Try models of their own for the groups that lie below the others; serve what is better.

    Everything is measured on people whose labels had no word in it: neither in everybody's ranker,
    nor in the group's model, nor in how far that is drawn back. A model serves where its gain,
    person by person and corrected for all that were tried, is clearly above 0; of two the larger
    gain. As it is the larger of two, it is a little too good.

    Parameters
    ----------
    attribute : Attribute
        One that may be read.
    place : int
        Its place among those, as in :attr:`engine.pipeline.ranking.listed.Listed.groups`.
    ranker : Ranker
        Everybody's, fitted on all of ``training``.
    fit : callable
        Fits one of the same kind on some of the people.
    training : TrainingSet
        With ``listed``.
    seed : int
    most_at_once : int
        Fits that run side by side at most.
    tell : callable
        Hears the share of the work done.

    Returns
    -------
    GroupChoice or None
        None where there are too few people to learn from.
    """
    sample = evenly(training, MOST_PEOPLE)
    if sample.n_people < LEAST_PEOPLE:
        return None
    # many small products: BLAS threads would wait for each other, and their number change bits
    with threadpool_limits(1, "blas"):
        return _fit_for_groups(
            attribute, place, ranker, fit, sample, seed=seed, most_at_once=most_at_once, tell=tell
        )


def _fit_for_groups(
    attribute: Attribute,
    place: int,
    ranker: Ranker,
    fit: Fit,
    sample: TrainingSet,
    *,
    seed: int,
    most_at_once: int,
    tell: Callable[[float], None],
) -> GroupChoice:
    begun = time.process_time()
    crossed = cross_fitted(fit, sample, most_at_once=most_at_once)
    seconds = time.process_time() - begun
    tell(0.5)
    design = fit_design(sample.rows(), sample.feature_names)
    labels = attribute.labels
    measured = measured_groups(
        sample,
        _codes(sample, place),
        len(labels),
        crossed,
        fit,
        design=design,
        seed=seed,
        spared=tuple(code for code, label in enumerate(labels) if label == UNKNOWN),
        tell=lambda share: tell(0.5 + 0.4 * share),
    )
    departures = {code: own_departure(measured, code, design, seed=seed) for code in measured.tried}
    table = table_of(attribute, measured, departures, seconds)
    kinds = table.served
    shrunk = {code: departures[code] for code, kind in kinds.items() if kind == SHRUNK}
    separate = {
        code: fit(sample.take(people_of(measured.codes, code)))
        for code, kind in kinds.items()
        if kind == SEPARATE
    }
    if kinds:
        made = {code: one.as_ranker(design) for code, one in shrunk.items()}
        ranker = GroupModels(ranker, place, made, separate)
    return GroupChoice(ranker, table, {code: one.ridge for code, one in shrunk.items()}, seed)


def _codes(training: TrainingSet, place: int) -> NDArray[np.int64]:
    assert training.listed is not None
    return training.listed.groups[:, place].astype(np.int64)
