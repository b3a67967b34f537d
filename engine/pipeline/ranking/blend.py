"""Two rankers' scores, each brought to mean 0 and deviation 1 within a person, and mixed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.ranking.listed import Listed, about
from engine.pipeline.ranking.ranker import Ranker

__all__ = ["Blend", "person_standard"]

WEIGHTS_FILE, MEMBERS_FILE = "weights.npy", "members.json"


def person_standard(
    scores: NDArray[np.floating], is_candidate: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and deviation of each row over what is not padded; the deviation is 1 where it is 0.

    Returns
    -------
    mean, deviation : float64 arrays of shape (n_people, 1)
    """
    n = np.maximum(is_candidate.sum(axis=1, keepdims=True), 1)
    kept = np.where(is_candidate, scores, 0.0).astype(np.float64)
    mean = kept.sum(axis=1, keepdims=True) / n
    centred = np.where(is_candidate, kept - mean, 0.0)
    deviation = np.sqrt((centred**2).sum(axis=1, keepdims=True) / n)
    return mean, np.where(deviation > 0, deviation, 1.0)


@dataclass(frozen=True, eq=False)
class Blend:
    """A weighted sum of standardised scores.

    Attributes
    ----------
    members : tuple of (str, Ranker)
        By the name of their record.
    weights : float64 array of shape (n_members,)
        At least 0, summing to 1; learned on people whose labels no member saw.
    """

    members: tuple[tuple[str, Ranker], ...]
    weights: NDArray[np.float64]

    def about(self, listed: Listed) -> Blend:
        """Tell each member whose candidates it will score."""
        told = tuple((name, about(ranker, listed)) for name, ranker in self.members)
        return Blend(told, self.weights)

    def score(
        self, features: NDArray[np.float32], is_candidate: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """Score candidates, float32 of the shape of ``is_candidate``."""
        total = np.zeros(is_candidate.shape)
        for (_, ranker), weight in zip(self.members, self.weights, strict=True):
            scores = ranker.score(features, is_candidate)
            mean, deviation = person_standard(scores, is_candidate)
            total += weight * (scores - mean) / deviation
        return total.astype(np.float32)

    def contributions(
        self, features: NDArray[np.float32], is_candidate: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Add up the members' parts, each over its deviation; the means go to the constant."""
        total = np.zeros((len(features), features.shape[1] + 1))
        for (_, ranker), weight in zip(self.members, self.weights, strict=True):
            scores = ranker.score(features[None], is_candidate[None])
            mean, deviation = person_standard(scores, is_candidate[None])
            parts = ranker.contributions(features, is_candidate).copy()
            parts[:, -1] -= mean[0, 0]
            total += weight * parts / deviation[0, 0]
        return total

    def importance(self) -> NDArray[np.float64]:
        """Mean of the members' shares, by their weights."""
        shares = np.stack([ranker.importance() for _, ranker in self.members])
        return self.weights @ shares

    def save(self, folder: Path) -> None:
        """Write every member into a folder of its own name, and the weights."""
        for name, ranker in self.members:
            (folder / name).mkdir()
            ranker.save(folder / name)
        np.save(folder / WEIGHTS_FILE, self.weights)
        names = json.dumps([name for name, _ in self.members])
        (folder / MEMBERS_FILE).write_text(names, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, loaders: Mapping[str, Callable[[Path], Ranker]]) -> Blend:
        """Read what :meth:`save` wrote; ``loaders`` read the members by name."""
        names = json.loads((folder / MEMBERS_FILE).read_text(encoding="utf-8"))
        members = tuple((name, loaders[name](folder / name)) for name in names)
        weights = np.load(folder / WEIGHTS_FILE, allow_pickle=False)
        if weights.shape != (len(members),):
            raise ValueError("a blend has not one weight for each member")
        return cls(members, weights)
