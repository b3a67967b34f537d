"""One interface for every second stage, and how its order is put above the first ranker's rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.ranking.blend import person_standard

__all__ = ["ListSet", "SecondConfig", "SecondRecord", "SecondStage", "mixed", "put_first"]

GAP = 0.01
"""Deviations that the last of the first candidates stays above all others."""


@dataclass(frozen=True)
class SecondConfig:
    """Settings of a second stage.

    Parameters
    ----------
    first : int
        So many candidates, the first ranker's best, are put in a new order.
    members : int
        Models whose mean serves; each stops early on other people.
    width, heads, blocks : int
        Of the transformer, or of the recurrent network.
    dropout : float
    pretrained : bool
        Personalised PRM only: whether the vectors are learned, or left as they were drawn.
    has_places, has_residual, has_distances : bool
        See :class:`engine.pipeline.second.attention.Shape`.
    epochs, batch : int
    rate, decay : float
        Of AdamW.
    patience : int
        Looks without a better loss on the people held out, after which learning ends.
    falls : bool
        See :class:`engine.pipeline.neural.training.Schedule`.
    """

    first: int = 50
    members: int = 5
    width: int = 32
    heads: int = 2
    blocks: int = 1
    dropout: float = 0.1
    has_places: bool = True
    has_residual: bool = True
    has_distances: bool = True
    pretrained: bool = True
    epochs: int = 60
    batch: int = 32
    rate: float = 2e-3
    decay: float = 1e-2
    patience: int = 8
    falls: bool = False


@dataclass(frozen=True, eq=False)
class ListSet:
    """The first candidates of people, in the first ranker's order.

    Attributes
    ----------
    features : float32 array of shape (n_people, n, n_features)
    scores : float32 array of shape (n_people, n)
        The first ranker's, falling; without meaning where padded.
    is_candidate : bool array of shape (n_people, n)
    whose : int64 array of shape (n_people,), or None
        Number of the person that each list was shown to, where somebody has several; None where
        each is another person's.
    """

    features: NDArray[np.float32]
    scores: NDArray[np.float32]
    is_candidate: NDArray[np.bool_]
    whose: NDArray[np.int64] | None = None

    @property
    def n_people(self) -> int:
        """Number of people."""
        return len(self.scores)

    def take(self, people: NDArray[Any]) -> ListSet:
        """Take some of the people, by number or mask."""
        whose = None if self.whose is None else self.whose[people]
        return ListSet(self.features[people], self.scores[people], self.is_candidate[people], whose)

    def standard_scores(self) -> NDArray[np.float32]:
        """Scores of mean 0 and deviation 1 within a person; 0 where padded."""
        mean, deviation = person_standard(self.scores, self.is_candidate)
        return np.where(self.is_candidate, (self.scores - mean) / deviation, 0).astype(np.float32)


class SecondStage(Protocol):
    """Scores lists as wholes."""

    @property
    def first(self) -> int:
        """Longest list that it orders."""
        ...

    def score(self, lists: ListSet) -> NDArray[np.float32]:
        """Score the candidates of lists, float32 of the shape of ``is_candidate``; higher first."""
        ...

    def attention(self, lists: ListSet) -> NDArray[np.float32] | None:
        """How much each candidate (rows) looked at each (columns); None where it does not look.

        Returns
        -------
        float32 array of shape (n_people, n, n), or None
        """
        ...

    def save(self, folder: Path) -> None:
        """Write into ``folder``, which exists, in formats that hold no code."""
        ...


Fit = Callable[[ListSet, NDArray[np.bool_], tuple[str, ...], SecondConfig, int], SecondStage]


@dataclass(frozen=True)
class SecondRecord:
    """A second stage by name.

    Attributes
    ----------
    name, label : str
    fit : callable
        ``(lists, is_label, feature names, config, seed) -> SecondStage``.
    load : callable
        ``folder -> SecondStage``, from what ``save`` wrote.
    needs_torch : bool
        Whether fitting it does; serving never does.
    """

    name: str
    label: str
    fit: Fit
    load: Callable[[Path], SecondStage]
    needs_torch: bool = True


def mixed(lists: ListSet, second: NDArray[np.float32], weight: float) -> NDArray[np.float64]:
    """Add up both stages' scores, each of mean 0 and deviation 1 within a person.

    Parameters
    ----------
    lists : ListSet
    second : float32 array of shape (n_people, n)
        The second stage's scores.
    weight : float
        Of the second stage, in [0, 1]; the first ranker has the rest.

    Returns
    -------
    float64 array of shape (n_people, n)
    """
    total = np.zeros(second.shape)
    for scores, share in ((second, weight), (lists.scores, 1.0 - weight)):
        mean, deviation = person_standard(scores, lists.is_candidate)
        standard = np.where(lists.is_candidate, (scores - mean) / deviation, 0.0)
        total += share * standard
    return total


def put_first(
    scores: NDArray[np.float32],
    places: NDArray[np.int64],
    lists: ListSet,
    second: NDArray[np.floating],
) -> NDArray[np.float32]:
    """Return scores that order the first candidates by ``second``, all others below them.

    They are brought to the mean and deviation that the first ranker's have
    there, so that what comes after weighs scores as before; where the others would reach into
    them, these are moved down, all by the same.

    Parameters
    ----------
    scores : float32 array of shape (n_people, n_candidates)
        The first ranker's, ``-inf`` where padded.
    places : int64 array of shape (n_people, n)
        Columns of the first ``n`` by them.
    lists : ListSet
        Of those columns.
    second : float array of shape (n_people, n)

    Returns
    -------
    float32 array of shape (n_people, n_candidates)
    """
    is_candidate = lists.is_candidate
    mean, deviation = person_standard(lists.scores, is_candidate)
    own_mean, own_deviation = person_standard(second, is_candidate)
    top = (second - own_mean) / own_deviation * deviation + mean
    top = np.where(is_candidate, top, np.inf)
    rest = scores.astype(np.float64)
    np.put_along_axis(rest, places, -np.inf, axis=1)
    over = rest.max(axis=1, keepdims=True) - top.min(axis=1, keepdims=True)
    over = np.where(np.isfinite(over), over, -np.inf) + GAP * deviation
    found = rest - np.maximum(over, 0.0)
    np.put_along_axis(found, places, np.where(is_candidate, top, -np.inf), axis=1)
    return found.astype(np.float32)
