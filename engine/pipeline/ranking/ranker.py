"""One interface for every ranker: fit, score, contributions, save and load."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.ranking.listed import Listed
from engine.pipeline.ranking.near_chances import near_chances

__all__ = ["Ranker", "RankerConfig", "RankerRecord", "TrainingSet"]


@dataclass(frozen=True)
class RankerConfig:
    """Settings of the rankers.

    Parameters
    ----------
    n_trees : int
    n_leaves : int
        0 chooses by the amount of training data.
    learning_rate : float
    truncation : int
        Listwise only: pairs count when one of the two is among this many first.
    min_leaf : int
        Fewest candidates in a leaf.
    ridge : float
        Logistic regression only: penalty on the square of a weight, in rows.
    listwise_rows, pointwise_rows : int
        Most rows to learn from: of more, some of those that are no labels are left out, by chance.
        Pointwise are the logistic regression and the pointwise trees.
    listwise_rows_a_person, pointwise_rows_a_person : int
        The same, on average over people.
    max_training_bytes : int
        People's lists are learnt from as long as their features take no more; of more people some
        are taken, evenly spaced.
    """

    n_trees: int = 75
    n_leaves: int = 0
    learning_rate: float = 0.1
    truncation: int = 20
    min_leaf: int = 200
    ridge: float = 300.0
    listwise_rows: int = 120_000
    pointwise_rows: int = 400_000
    listwise_rows_a_person: int = 80
    pointwise_rows_a_person: int = 60
    max_training_bytes: int = 1_500_000_000

    def most_rows(self, n_people: int, *, listwise: bool) -> int:
        """Rows that a ranker learns from ``n_people`` people at most."""
        if listwise:
            return min(self.listwise_rows, self.listwise_rows_a_person * n_people)
        return min(self.pointwise_rows, self.pointwise_rows_a_person * n_people)


@dataclass(frozen=True, eq=False)
class TrainingSet:
    """Candidates of people with at least one label among them.

    Attributes
    ----------
    features : float32 array of shape (n_people, n, n_features)
        Finite, or NaN where undefined.
    is_candidate : bool array of shape (n_people, n)
        False where padded.
    is_label : bool array of shape (n_people, n)
    feature_names : tuple of str
    last : float32 array of shape (n_people, n), or None
        Scores by the ranker of the fit before, where a new one is to stay near it.
    stay : float in [0, 1)
        How much its word counts against a label's.
    listed : Listed or None
        Whom and what the features belong to, for rankers that know items and groups by number.
    vectors : float32 array of shape (n_items, d), or None
        What a source learned of items before the labels, for tables of items to begin with.
    aims : dict of str to bool array of shape (n_people, n)
        What else these people did with the candidates, by the name of the objective.
    """

    features: NDArray[np.float32]
    is_candidate: NDArray[np.bool_]
    is_label: NDArray[np.bool_]
    feature_names: tuple[str, ...]
    last: NDArray[np.float32] | None = None
    stay: float = 0.0
    listed: Listed | None = None
    vectors: NDArray[np.float32] | None = None
    aims: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)

    @property
    def n_people(self) -> int:
        """Number of people."""
        return len(self.is_label)

    @property
    def group_sizes(self) -> NDArray[np.int64]:
        """Candidates of each person, shape (n_people,)."""
        return self.is_candidate.sum(axis=1)

    def rows(self) -> NDArray[np.float32]:
        """Features of all candidates, person after person, shape (n_rows, n_features)."""
        if self.is_candidate.all():
            return self.features.reshape(-1, self.features.shape[2])
        return self.features[self.is_candidate]

    def labels(self) -> NDArray[np.bool_]:
        """Labels of the same rows."""
        return self.is_label[self.is_candidate]

    def targets(self) -> NDArray[np.float64]:
        """Return what each row is to be: its label, drawn towards the chance that ``last`` says."""
        if self.last is None or not self.stay:
            return self.labels().astype(np.float64)
        return near_chances(self.labels(), self.last[self.is_candidate], self.stay)

    def weighed(self) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[Any] | None]:
        """Rows, labels and weights that say the targets; without weights where they are labels.

        A row with a target of .3 stands twice: as a label with weight .3, and as none with .7.
        """
        rows, labels = self.rows(), self.labels()
        if self.last is None or not self.stay:
            return rows, labels, None
        targets = self.targets()
        both = np.concatenate([np.ones(len(rows), bool), np.zeros(len(rows), bool)])
        return np.concatenate([rows, rows]), both, np.concatenate([targets, 1 - targets])

    def thinned(self, most_rows: int, *, seed: int, with_aims: bool = False) -> TrainingSet:
        """Leave out candidates that are no labels, by chance, so that about ``most_rows`` stay.

        Everybody stays, as does every label, and every other event where ``with_aims``: what people
        differ in is worth more than how often the same kind of miss is seen.
        """
        kept = [self.is_label, *(self.aims.values() if with_aims else ())]
        is_kept = np.logical_or.reduce(kept)
        n_rows, n_labels = int(self.is_candidate.sum()), int(is_kept.sum())
        if n_rows <= most_rows:
            return self
        share = max(most_rows - n_labels, 0) / max(n_rows - n_labels, 1)
        stays = np.random.default_rng(seed).random(self.is_label.shape) < share
        return replace(self, is_candidate=self.is_candidate & (is_kept | stays))

    def take(self, people: NDArray[Any]) -> TrainingSet:
        """Take some of the people, by number or mask."""
        return replace(
            self,
            features=self.features[people],
            is_candidate=self.is_candidate[people],
            is_label=self.is_label[people],
            last=None if self.last is None else self.last[people],
            listed=None if self.listed is None else self.listed.take(people),
            aims={name: events[people] for name, events in self.aims.items()},
        )

    def narrowed(self) -> TrainingSet:
        """Move candidates to the front and cut off columns in which nobody has one."""
        width = max(int(self.group_sizes.max(initial=0)), 1)
        places = np.argsort(~self.is_candidate, axis=1, kind="stable")[:, :width]

        def moved(table: NDArray[Any]) -> NDArray[Any]:
            return np.take_along_axis(table, places, axis=1)

        return replace(
            self,
            features=np.take_along_axis(self.features, places[:, :, None], axis=1),
            is_candidate=moved(self.is_candidate),
            is_label=moved(self.is_label),
            last=None if self.last is None else moved(self.last),
            listed=None if self.listed is None else self.listed.columns(places),
            aims={name: moved(events) for name, events in self.aims.items()},
        )


class Ranker(Protocol):
    """Scores people's candidates by their features; a higher score ranks first."""

    def score(
        self, features: NDArray[np.float32], is_candidate: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """Score candidates.

        Parameters
        ----------
        features : float32 array of shape (n_people, n, n_features)
        is_candidate : bool array of shape (n_people, n)

        Returns
        -------
        float32 array of shape (n_people, n)
            Without meaning where padded.
        """
        ...

    def contributions(
        self, features: NDArray[np.float32], is_candidate: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Split one person's scores into one part per feature, and a constant last; they add up.

        Parameters
        ----------
        features : float32 array of shape (n, n_features)
        is_candidate : bool array of shape (n,)

        Returns
        -------
        float64 array of shape (n, n_features + 1)
        """
        ...

    def importance(self) -> NDArray[np.float64]:
        """Share of each feature in what the ranker does, summing to 1; NaN if not known."""
        ...

    def save(self, folder: Path) -> None:
        """Write into ``folder``, which exists, in formats that hold no code."""
        ...


@dataclass(frozen=True)
class RankerRecord:
    """A ranker by name.

    Attributes
    ----------
    name, label : str
    fit : callable
        ``(training, config, seed) -> Ranker``.
    load : callable
        ``folder -> Ranker``, from what ``save`` wrote.
    is_neural : bool
        Learned with PyTorch, which is an extra; it serves without.
    """

    name: str
    label: str
    fit: Callable[[TrainingSet, RankerConfig, int], Ranker]
    load: Callable[[Path], Ranker]
    is_neural: bool = False
