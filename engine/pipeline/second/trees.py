"""Trees re-scored: LambdaMART once more, over the first ranker's best with its score and place.

It sees each candidate alone, as the first ranker does: what a list-aware model gains over it is
gained by looking at the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.ranking.listwise import Listwise, fit_listwise
from engine.pipeline.ranking.ranker import RankerConfig, TrainingSet
from engine.pipeline.second.stage import ListSet, SecondConfig, SecondRecord

__all__ = ["RECORD", "Rescored", "fit_rescored"]

FIRST_FILE = "first.npy"
ADDED = ("first score", "first place")


def _with_first(lists: ListSet) -> NDArray[np.float32]:
    """Features, then the first ranker's standardised score and the place it gave."""
    place = np.broadcast_to(np.arange(lists.scores.shape[1]), lists.scores.shape)
    added = np.stack([lists.standard_scores(), place], axis=2)
    return np.concatenate([lists.features, added.astype(np.float32)], axis=2)


@dataclass(frozen=True, eq=False)
class Rescored:
    """Fitted trees over lists.

    Attributes
    ----------
    trees : Listwise
    first : int
        Longest list that it orders.
    """

    trees: Listwise
    first: int

    def score(self, lists: ListSet) -> NDArray[np.float32]:
        """Score the candidates of lists, float32 of the shape of ``is_candidate``."""
        return self.trees.score(_with_first(lists), lists.is_candidate)

    def attention(self, lists: ListSet) -> None:
        """Trees look at no other candidate."""
        del lists

    def save(self, folder: Path) -> None:
        """Write LightGBM's text, and the length of lists."""
        self.trees.save(folder)
        np.save(folder / FIRST_FILE, np.array([self.first]))

    @classmethod
    def load(cls, folder: Path) -> Rescored:
        """Read what :meth:`save` wrote."""
        (first,) = np.load(folder / FIRST_FILE, allow_pickle=False)
        return cls(Listwise.load(folder), int(first))


def fit_rescored(
    lists: ListSet,
    is_label: NDArray[np.bool_],
    names: tuple[str, ...],
    config: SecondConfig,
    seed: int,
) -> Rescored:
    """Grow the trees with the settings of the first ones, on the people with a label."""
    taught = np.flatnonzero((is_label & lists.is_candidate).any(axis=1))
    some = lists.take(taught)
    training = TrainingSet(_with_first(some), some.is_candidate, is_label[taught], (*names, *ADDED))
    least = min(RankerConfig.min_leaf, max(5, int(some.is_candidate.sum()) // 100))
    trees = fit_listwise(training, RankerConfig(min_leaf=least), seed)
    return Rescored(trees, config.first)


RECORD = SecondRecord(
    "trees", "trees re-scored (LambdaMART)", fit_rescored, Rescored.load, needs_torch=False
)
