"""A ranker with a second stage behind it is itself a ranker: what serves sees no difference."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.neural.tensors import finite
from engine.pipeline.ranking.listed import Listed, about
from engine.pipeline.ranking.ranker import Ranker
from engine.pipeline.second.stage import ListSet, SecondStage, mixed, put_first

__all__ = ["FIRST", "SECOND", "WEIGHT_FILE", "Staged", "first_lists"]

FIRST, SECOND = "first", "second"
"""Folders of the two in a saved one."""

WEIGHT_FILE = "weight.npy"


def first_lists(
    scores: NDArray[np.float32],
    features: NDArray[np.float32],
    is_candidate: NDArray[np.bool_],
    first: int,
) -> tuple[ListSet, NDArray[np.int64]]:
    """Take the ``first`` best of everybody, and the columns they came from.

    Equal scores keep their order, and padding goes last.
    """
    known = np.where(is_candidate, scores, -np.inf)
    places = np.argsort(-known, axis=1, kind="stable")[:, :first]
    lists = ListSet(
        np.take_along_axis(features, places[:, :, None], axis=1),
        np.take_along_axis(scores, places, axis=1).astype(np.float32),
        np.take_along_axis(is_candidate, places, axis=1),
    )
    return lists, places


@dataclass(frozen=True, eq=False)
class Staged:
    """Two stages, the second over the first's best.

    Attributes
    ----------
    ranker : Ranker
    second : SecondStage
    weight : float
        Of the second stage's standardised scores beside the first ranker's, in (0, 1].
    """

    ranker: Ranker
    second: SecondStage
    weight: float = 1.0

    def about(self, listed: Listed) -> Staged:
        """Tell the first ranker whose candidates it will score."""
        return replace(self, ranker=about(self.ranker, listed))

    def lists(
        self, features: NDArray[np.float32], is_candidate: NDArray[np.bool_]
    ) -> tuple[ListSet, NDArray[np.int64], NDArray[np.float32]]:
        """Return the lists of the second stage, their columns, and the first ranker's scores."""
        scores = np.where(is_candidate, self.ranker.score(features, is_candidate), -np.inf)
        scores = scores.astype(np.float32)
        lists, places = first_lists(scores, features, is_candidate, self.second.first)
        return lists, places, scores

    def score(
        self, features: NDArray[np.float32], is_candidate: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """Score candidates, float32 of the shape of ``is_candidate``.

        Raises
        ------
        ScoreError
            The second stage gave a score that is not finite.
        """
        lists, places, scores = self.lists(features, is_candidate)
        return put_first(scores, places, lists, self.listed(lists))

    def listed(self, lists: ListSet) -> NDArray[np.float64]:
        """Score lists by both stages together, float64 of the shape of ``is_candidate``."""
        second = self.second.score(lists)
        finite(second[lists.is_candidate], "The second stage")
        return mixed(lists, second, self.weight)

    def contributions(
        self, features: NDArray[np.float32], is_candidate: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Split the first ranker's scores: the second stage looks at lists, not at features."""
        return self.ranker.contributions(features, is_candidate)

    def importance(self) -> NDArray[np.float64]:
        """Shares of the first ranker, which gives the second one its order."""
        return self.ranker.importance()

    def save(self, folder: Path) -> None:
        """Write each of both into a folder of its own."""
        for name, part in ((FIRST, self.ranker), (SECOND, self.second)):
            (folder / name).mkdir()
            part.save(folder / name)
        np.save(folder / WEIGHT_FILE, np.array([self.weight]))
