"""A ranker for each objective beside liking: what each candidate is worth to somebody by it.

It is a logistic regression on the same candidates and features as the main ranker, and on
:data:`~engine.pipeline.ranking.objective_features.OWN_FEATURES`; its labels are the objective's
events in the same slice, of the people who have one among their candidates. It is the cheap one on
purpose: convex, so that it is learned in seconds and says the same each time; trees for several
objectives would cost as often as much. A fit that asks for a network with several heads serves a
head of one in its place where that finds the events of other people at least as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD
from engine.pipeline.moment import Moment
from engine.pipeline.ranking.dense_network import NETWORK_FILE, DenseRanker
from engine.pipeline.ranking.listed import Listed, about
from engine.pipeline.ranking.logistic import Logistic
from engine.pipeline.ranking.objective_features import (
    OWN_FEATURES,
    Doers,
    doers_of,
    own_features,
)
from engine.pipeline.ranking.ordering import lean_on_popularity, ranker_scores
from engine.pipeline.ranking.ranker import TrainingSet
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.new_items import unit_rows

__all__ = ["FOLDER", "NO_OBJECTIVES", "ObjectiveRanker", "ObjectiveStage", "from_nought_to_one"]
__all__ += ["BY_HEAD", "load_objectives", "with_own_features"]

FOLDER, STATISTICS_FILE = "objectives", "statistics.npz"
BY_LINE, BY_HEAD = "logistic", "heads"
"""Names of the rankers that an objective can have."""


@dataclass(frozen=True, eq=False)
class ObjectiveRanker:
    """One of them.

    Attributes
    ----------
    name : str
        Of :data:`engine.objectives.OBJECTIVES`.
    ranker : Logistic or DenseRanker
        A network reads the own features of every objective of the fit, in order.
    doers : Doers
        As of the moment that it scores for.
    """

    name: str
    ranker: Logistic | DenseRanker
    doers: Doers

    @property
    def how(self) -> str:
        """Name of what ranks."""
        return BY_LINE if isinstance(self.ranker, Logistic) else BY_HEAD


@dataclass(frozen=True, eq=False)
class ObjectiveStage:
    """All of a fit; the place of each is its bit in the histories' ``did``."""

    rankers: tuple[ObjectiveRanker, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Objectives, in order."""
        return tuple(one.name for one in self.rankers)

    def as_of(self, audience: Histories) -> ObjectiveStage:
        """Count anew who did what, as of another moment."""
        rankers = (
            replace(one, doers=doers_of(audience, bit)) for bit, one in enumerate(self.rankers)
        )
        return ObjectiveStage(tuple(rankers))

    def score(
        self,
        moment: Moment,
        histories: Histories,
        listed: Listed,
        features: NDArray[np.float32],
    ) -> NDArray[np.float32]:
        """Score candidates of a block of people.

        Short histories lean on how many people did it, as the main scores lean on likes.

        Parameters
        ----------
        moment : Moment
        histories : Histories
        listed : Listed
            The candidates, int32 of shape (n_people, n), and whose they are.
        features : float32 array of shape (n_people, n, n_features)
            The main ranker's.

        Returns
        -------
        float32 array of shape (n_people, n, n_objectives)
            See :func:`from_nought_to_one`.
        """
        candidates = listed.items
        out = np.zeros((*candidates.shape, len(self.rankers)), np.float32)
        lengths = histories.seen.lengths()
        own = [
            _own(moment, one.doers, bit, histories, candidates)
            for bit, one in enumerate(self.rankers)
        ]
        for bit, one in enumerate(self.rankers):
            read = own if one.how == BY_HEAD else own[bit : bit + 1]
            whole = np.concatenate([features, *read], axis=2)
            scores = ranker_scores(about(one.ranker, listed), candidates, whole)
            scores = lean_on_popularity(
                scores, one.doers.people[np.maximum(candidates, 0)], lengths
            )
            out[:, :, bit] = from_nought_to_one(scores, candidates != PAD)
        return out

    def save(self, folder: Path) -> None:
        """Write into ``folder``, which exists; nothing where there are none."""
        if not self.rankers:
            return
        statistics = {}
        for one in self.rankers:
            (folder / FOLDER / one.name).mkdir(parents=True)
            one.ranker.save(folder / FOLDER / one.name)
            statistics[f"{one.name}_people"] = one.doers.people
            statistics[f"{one.name}_share"] = one.doers.share
        np.savez(folder / FOLDER / STATISTICS_FILE, allow_pickle=False, **statistics)


NO_OBJECTIVES = ObjectiveStage(())


def load_objectives(folder: Path, names: Sequence[str]) -> ObjectiveStage:
    """Read what :meth:`ObjectiveStage.save` wrote; ``names`` in their order."""
    if not names:
        return NO_OBJECTIVES
    with np.load(folder / FOLDER / STATISTICS_FILE, allow_pickle=False) as file:
        arrays: Mapping[str, NDArray[np.float32]] = dict(file)
    return ObjectiveStage(
        tuple(
            ObjectiveRanker(
                name,
                _load(folder / FOLDER / name),
                Doers(arrays[f"{name}_people"], arrays[f"{name}_share"]),
            )
            for name in names
        )
    )


def _load(folder: Path) -> Logistic | DenseRanker:
    is_network = (folder / NETWORK_FILE).is_file()
    return DenseRanker.load(folder) if is_network else Logistic.load(folder)


def from_nought_to_one(
    scores: NDArray[np.float32], is_candidate: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Bring each person's scores to 0 for their lowest candidate and 1 for their highest.

    That is the scale that re-ranking brings the main scores to, so a weight of 1 counts an
    objective as much as relevance, for everybody. Rows without two different scores are 0.

    >>> from_nought_to_one(np.float32([[3, 1, 2, 9]]), np.array([[True, True, True, False]]))
    array([[1. , 0. , 0.5, 0. ]], dtype=float32)
    """
    exact = scores.astype(np.float64)
    high = np.where(is_candidate, exact, -np.inf).max(axis=1, initial=-np.inf, keepdims=True)
    low = np.where(is_candidate, exact, np.inf).min(axis=1, initial=np.inf, keepdims=True)
    is_scaled = is_candidate & (high > low)
    span = np.where(high > low, high - low, 1.0)
    return np.where(is_scaled, (exact - np.where(high > low, low, 0.0)) / span, 0.0).astype(
        np.float32
    )


def with_own_features(
    training: TrainingSet, moment: Moment, doers: Doers, bit: int, people: Histories
) -> TrainingSet:
    """Add what an objective's ranker reads beside the main one's features.

    Parameters
    ----------
    training : TrainingSet
        With ``listed``, which says whose candidates they are.
    moment : Moment
        Before the labels.
    doers : Doers
        Of everybody, as of that moment.
    bit : int
        The objective's in ``people.did``.
    people : Histories
        Of the people of ``training``, as of that moment.
    """
    assert training.listed is not None
    own = _own(moment, doers, bit, people, training.listed.items)
    return replace(
        training,
        features=np.concatenate([training.features, own], axis=2),
        feature_names=(*training.feature_names, *OWN_FEATURES),
    )


def _own(
    moment: Moment,
    doers: Doers,
    bit: int,
    histories: Histories,
    candidates: NDArray[np.int32],
) -> NDArray[np.float32]:
    factors = unit_rows(moment.als.item_factors)
    return own_features(doers, bit, histories, candidates, moment.catalogue.genre_matrix, factors)
