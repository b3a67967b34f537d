"""The second stages by name. A new one is a module beside this one with its ``RECORD``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import DataError
from engine.held_out import mean_with_half_width
from engine.pipeline.neural.extra import need_torch
from engine.pipeline.ranking.ranker import Ranker, TrainingSet
from engine.pipeline.ranking.registry import load_ranker
from engine.pipeline.registered import by_name, registered
from engine.pipeline.second.out_of_fold import scored_out_of_fold, taught_lists, weighed
from engine.pipeline.second.stage import SecondConfig, SecondRecord, SecondStage
from engine.pipeline.second.staged import FIRST, SECOND, WEIGHT_FILE, Staged
from engine.progress import listening

__all__ = [
    "SECONDS",
    "SecondRow",
    "fit_second",
    "load_staged",
    "refuse_unlearnable_second",
]

SECONDS: Mapping[str, SecondRecord] = by_name(
    module.RECORD
    for module in registered(__name__, "RECORD", ("prm", "prm_personal", "dlcm", "trees"))
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
    weight : float
        Of the second stage's standardised scores beside the first ranker's, in [0, 1].
    """

    name: str
    serves: bool
    ndcg_at_10: float
    first_ndcg_at_10: float
    gain: float
    gain_half_width: float
    n: int
    weight: float


def pays(gain: float, weight: float) -> bool:
    """Whether a second stage that gained so much on people not learned from is to serve.

    As among rankers the better mean serves; the interval says how sure that is.
    """
    return gain > 0 and weight > 0


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
    weight, reached = weighed(taught, scores)
    before = taught.ndcg()
    gain, half = mean_with_half_width(reached - before)
    serves = pays(gain, weight)
    row = SecondRow(
        name,
        serves,
        float(reached.mean()),
        float(before.mean()),
        gain,
        half,
        len(reached),
        weight,
    )
    if not serves:
        return ranker, row
    with listening(tell, begins=0.8):
        stage = record.fit(taught.lists, taught.is_label, taught.feature_names, config, seed)
    return Staged(ranker, stage, weight), row


def load_staged(
    ranker: str, second: str, folder: Path, *, load: Callable[[str, Path], Ranker] = load_ranker
) -> Ranker:
    """Read a ranker by ``load``, and the second stage ``second`` behind it where one is named."""
    if not second:
        return load(ranker, folder)
    stage: SecondStage = SECONDS[second].load(folder / SECOND)
    (weight,) = np.load(folder / WEIGHT_FILE, allow_pickle=False)
    if not 0 < weight <= 1:
        raise ValueError("the second stage's weight is not from 0 to 1")
    return Staged(load(ranker, folder / FIRST), stage, float(weight))
