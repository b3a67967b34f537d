"""A data set as a fit sees it before the labels, and lists of a ranker that did not see them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.data import Dataset, load_dataset
from engine.fit_config import FitConfig, suited
from engine.fit_data import prepared
from engine.fit_moment import fitted_moment
from engine.held_out import is_in_rows
from engine.pipeline.ranking.ranker import Ranker, RankerConfig, TrainingSet
from engine.pipeline.ranking.registry import ALONE, fit_again, fit_ranker
from engine.pipeline.second.out_of_fold import TaughtLists, taught_lists
from engine.pipeline.second.stage import ListSet
from engine.pipeline.source_quality import source_quality, source_weights
from engine.pipeline.teaching import teaching_lists
from engine.stage_clock import StageClock
from tests.benchmarks.pieces import Arrays

LAMBDAMART = ("listwise",)


class World:
    """The moment before the labels, and what everybody's candidates teach a ranker.

    ``people`` are the rows of those whom ``training`` is about, among all.
    """

    def __init__(self, dataset: Dataset, config: FitConfig) -> None:
        self.config = suited(config, dataset)
        self.clock = StageClock(None)
        self.data = prepared(dataset, self.config)
        moment = fitted_moment(self.data, self.data.train, self.config, self.clock, "before")
        labels = self.data.parts.labels
        self.weights = source_weights(source_quality(moment.retrieval, self.data.train, labels))
        self.moment = moment.weighed(self.weights)
        taught = teaching_lists(
            self.moment,
            self.data.train,
            self.data.read_codes,
            labels,
            max_bytes=self.config.ranker.max_training_bytes,
            tell=lambda _: None,
        )
        self.training = taught.training
        is_label = is_in_rows(taught.filtered, labels, self.data.parts.n_items)
        self.people = np.flatnonzero(is_label.any(axis=1))
        if len(self.people) != self.training.n_people:
            raise ValueError("Not everybody with a label among the candidates is learned from.")

    def of_everybody(self, values: np.ndarray) -> np.ndarray:
        """Put a value of each person that is learned from in its place among all, NaN elsewhere.

        Another seed breaks ties of time in another way, and may learn from a few other people: so
        figures of several seeds are of the same people.
        """
        found = np.full(self.data.parts.labels.n_rows, np.nan)
        found[self.people] = values
        return found

    @classmethod
    def named(cls, name: str, seed: int = 0, rankers: Sequence[str] = ()) -> World:
        """Return the world of a data set by name, as a fit with its usual settings sees it."""
        config = FitConfig(seed=seed)
        return cls(load_dataset(name), replace(config, rankers=tuple(rankers or config.rankers)))

    def rank(self, seed: int) -> TaughtLists:
        """Fit the ranker anew, and put everybody's candidates in its order out of fold."""
        self.config = replace(self.config, seed=seed)
        self.chosen = fit_ranker(self.config.rankers, self.training, self.config.ranker, seed=seed)
        return taught_lists(self.training, self.again, self.config.second_stage.first)

    def again(self, some: TrainingSet):
        """Fit the ranker that was chosen on some of the people."""
        return fit_again(self.chosen, some, self.config.ranker, seed=self.config.seed)


def learner(name: str, config: RankerConfig, seed: int) -> Callable[[TrainingSet], Ranker]:
    """Return what fits a ranker on some people."""
    return lambda some: ALONE[name].fit(some, config, seed)


def lists_of(name: str, rankers: Sequence[str], seed: int) -> Arrays:
    """Make lists, as arrays to be kept; sources and candidates are those of seed 0 in all seeds."""
    taught = World.named(name, 0, rankers).rank(seed)
    return {
        "features": taught.lists.features,
        "scores": taught.lists.scores,
        "is_candidate": taught.lists.is_candidate,
        "is_label": taught.is_label,
        "n_labels": taught.n_labels,
        "names": np.array(taught.feature_names),
    }


def read_lists(path: Path) -> TaughtLists:
    """Read what :func:`lists_of` made."""
    with np.load(path, allow_pickle=False) as file:
        lists = ListSet(file["features"], file["scores"], file["is_candidate"])
        names = tuple(str(name) for name in file["names"])
        return TaughtLists(lists, file["is_label"], file["n_labels"], names)
