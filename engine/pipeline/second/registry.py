"""The second stages by name. A new one is a module beside this one with its ``RECORD``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError
from engine.held_out import mean_with_half_width, ndcg_at
from engine.pipeline.neural.extra import need_torch
from engine.pipeline.progress import listening, part
from engine.pipeline.ranking.ranker import Ranker, TrainingSet
from engine.pipeline.ranking.registry import load_ranker
from engine.pipeline.registered import by_name, registered
from engine.pipeline.second.out_of_fold import N_FOLDS, folds_of, out_of_fold
from engine.pipeline.second.stage import ListSet, SecondConfig, SecondRecord, SecondStage
from engine.pipeline.second.staged import FIRST, SECOND, Staged, first_lists

__all__ = [
    "SECONDS",
    "SecondRow",
    "TaughtLists",
    "fit_second",
    "load_staged",
    "refuse_unlearnable_second",
    "scored_out_of_fold",
    "taught_lists",
]

SECONDS: Mapping[str, SecondRecord] = by_name(
    module.RECORD for module in registered(__name__, "RECORD", ("prm",))
)
"""Every second stage by name."""


def refuse_unlearnable_second(name: str) -> None:
    """Refuse a second stage that cannot be learned on this machine.

    Raises
    ------
    DataError
        PyTorch is needed and not here.
    """
    if name in SECONDS and SECONDS[name].needs_torch:
        need_torch(f"The second stage {name}")


LEAST_PEOPLE = 60
"""From fewer people nothing is learned: the first ranker's order stays."""


@dataclass(frozen=True)
class SecondRow:
    """What a second stage reached on people that neither it nor the first ranker was taught by.

    Attributes
    ----------
    name : str
    serves : bool
        Whether its mean was the better one, so that it stands behind the ranker.
    ndcg_at_10, first_ndcg_at_10 : float
        Mean over people of its order, and of the first ranker's alone.
    gain, gain_half_width : float
        Of the difference person by person, with half of its 95 % interval (t).
    n : int
        People.
    """

    name: str
    serves: bool
    ndcg_at_10: float
    first_ndcg_at_10: float
    gain: float
    gain_half_width: float
    n: int


@dataclass(frozen=True, eq=False)
class TaughtLists:
    """What second stages learn from.

    Attributes
    ----------
    lists : ListSet
        In the order of scores out of fold.
    is_label : bool array of shape (n_people, n)
    n_labels : int64 array of shape (n_people,)
        Among all candidates of each person, also those that are not in the list.
    feature_names : tuple of str
    """

    lists: ListSet
    is_label: NDArray[np.bool_]
    n_labels: NDArray[np.int64]
    feature_names: tuple[str, ...]

    def ndcg(self, scores: NDArray[np.floating] | None = None) -> NDArray[np.float64]:
        """NDCG@10 of each person by the scores given, or of the lists as they are."""
        is_hit = self.is_label
        if scores is not None:
            known = np.where(self.lists.is_candidate, scores, -np.inf)
            order = np.argsort(-known, axis=1, kind="stable")
            is_hit = np.take_along_axis(self.is_label, order, axis=1)
        return ndcg_at(10, is_hit, self.n_labels)


def taught_lists(
    training: TrainingSet, fit: Callable[[TrainingSet], Ranker], first: int
) -> TaughtLists:
    """Order everybody's candidates by a ranker that did not see their labels; keep the first."""
    scores = out_of_fold(fit, training)
    lists, places = first_lists(scores, training.features, training.is_candidate, first)
    is_label = np.take_along_axis(training.is_label, places, axis=1)
    return TaughtLists(lists, is_label, training.is_label.sum(axis=1), training.feature_names)


def scored_out_of_fold(
    record: SecondRecord, taught: TaughtLists, config: SecondConfig, seed: int
) -> NDArray[np.float32]:
    """Score each person's list by a second stage that learned from the others' alone."""
    fold = folds_of(taught.lists.n_people)
    scores = np.zeros(taught.is_label.shape, np.float32)
    for number in range(N_FOLDS):
        others = fold != number
        with part(number / N_FOLDS, (number + 1) / N_FOLDS):
            stage = record.fit(
                taught.lists.take(others),
                taught.is_label[others],
                taught.feature_names,
                config,
                seed,
            )
        scores[~others] = stage.score(taught.lists.take(~others))
    return scores


def pays(gain: float) -> bool:
    """Whether a second stage that gained so much on people not learned from is to serve.

    As among rankers the better mean serves; the interval says how sure that is.
    """
    return gain > 0


def fit_second(
    name: str,
    ranker: Ranker,
    fit: Callable[[TrainingSet], Ranker],
    training: TrainingSet,
    config: SecondConfig,
    *,
    seed: int,
    tell: Callable[[float], None] = lambda _: None,
) -> tuple[Ranker, SecondRow | None]:
    """Measure a second stage on people that it was not taught by; put it there if it pays.

    Parameters
    ----------
    name : str
        Of :data:`SECONDS`.
    ranker : Ranker
        The first one, fitted on everybody.
    fit : callable
        Fits it anew on some of the people.
    training : TrainingSet
    config : SecondConfig
    seed : int
    tell : callable
        Hears the share of the work done.

    Returns
    -------
    ranker : Ranker
        ``ranker`` itself, or with the second stage behind it.
    row : SecondRow or None
        What was measured; None where there were too few people to learn from.

    Raises
    ------
    DataError
        There is none of that name, or PyTorch is needed and not installed.
    """
    if name not in SECONDS:
        raise DataError(
            f"{name!r:.60} is no second stage; there are {', '.join(SECONDS) or 'none'}."
        )
    record = SECONDS[name]
    if training.n_people < LEAST_PEOPLE:
        return ranker, None
    taught = taught_lists(training, fit, config.first)
    with listening(tell, begins=0.1, ends=0.8):
        scores = scored_out_of_fold(record, taught, config, seed)
    before, after = taught.ndcg(), taught.ndcg(scores)
    gain, half = mean_with_half_width(after - before)
    serves = pays(gain)
    row = SecondRow(name, serves, float(after.mean()), float(before.mean()), gain, half, len(after))
    if not serves:
        return ranker, row
    with listening(tell, begins=0.8):
        stage = record.fit(taught.lists, taught.is_label, taught.feature_names, config, seed)
    return Staged(ranker, stage), row


def load_staged(ranker: str, second: str, folder: Path) -> Ranker:
    """Read a ranker, and the second stage ``second`` behind it where one is named."""
    if not second:
        return load_ranker(ranker, folder)
    stage: SecondStage = SECONDS[second].load(folder / SECOND)
    return Staged(load_ranker(ranker, folder / FIRST), stage)
