"""What the moment before the labels gives a ranker to learn from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD, Ragged
from engine.held_out import is_in_rows
from engine.pipeline.blocks import over_blocks
from engine.pipeline.moment import Moment
from engine.pipeline.ranking.listed import Listed
from engine.pipeline.ranking.ranker import TrainingSet
from engine.pipeline.retrieval.histories import Histories

__all__ = ["Taught", "described", "taught_people", "teaching_lists"]

Tell = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Taught:
    """What the first moment gives a ranker to learn from.

    Attributes
    ----------
    filtered : int32 array of shape (n_people, n)
        Everybody's candidates in the fused order.
    people : int64 array of shape (n_taught,)
        Those that are learnt from, rising.
    training : TrainingSet
        Of these people.
    """

    filtered: NDArray[np.int32]
    people: NDArray[np.int64]
    training: TrainingSet


def teaching_lists(
    moment: Moment,
    audience: Histories,
    group_codes: NDArray[np.int16],
    labels: Ragged,
    *,
    max_bytes: int,
    tell: Tell,
) -> Taught:
    """Retrieve for everybody, then describe the candidates of those who are learnt from.

    Parameters
    ----------
    moment : Moment
    audience : Histories
    group_codes : int16 array of shape (n_people, n_attributes)
    labels : Ragged
        What the same people liked after the moment.
    max_bytes : int
        Most bytes of features.
    tell : callable
        Hears the share of the work done.
    """
    n_people, n_items = audience.n_people, audience.n_items
    filtered = np.empty((n_people, moment.retrieval.n_candidates), np.int32)

    def retrieve(block: slice) -> None:
        filtered[block] = moment.retrieve(audience.block(block.start, block.stop)).filtered

    over_blocks(retrieve, n_people, lambda share: tell(0.5 * share))
    is_label = is_in_rows(filtered, labels, n_items)
    _, names = moment.features(audience.block(0, 0), group_codes[:0], filtered[:0])
    most = max_bytes // max(4 * filtered.shape[1] * len(names), 1)
    people = taught_people(is_label, most)
    training = described(
        moment,
        audience.take(people),
        group_codes[people],
        filtered[people],
        is_label[people],
        tell=lambda share: tell(0.5 + 0.5 * share),
    )
    return Taught(filtered, people, training)


def described(
    moment: Moment,
    people: Histories,
    group_codes: NDArray[np.int16],
    candidates: NDArray[np.int32],
    is_label: NDArray[np.bool_],
    *,
    tell: Tell = lambda _: None,
) -> TrainingSet:
    """Describe the candidates of people who are learnt from, as of ``moment``.

    Parameters
    ----------
    moment : Moment
    people : Histories
    group_codes : int16 array of shape (n_people, n_attributes)
    candidates : int32 array of shape (n_people, n)
    is_label : bool array of shape (n_people, n)
    tell : callable
        Hears the share of the work done.
    """
    _, names = moment.features(people.block(0, 0), group_codes[:0], candidates[:0])
    features = np.empty((*candidates.shape, len(names)), np.float32)

    def describe(block: slice) -> None:
        features[block], _ = moment.features(
            people.block(block.start, block.stop), group_codes[block], candidates[block]
        )

    over_blocks(describe, people.n_people, tell)
    return TrainingSet(
        features,
        candidates != PAD,
        is_label,
        names,
        listed=Listed.of(candidates, people, group_codes),
        vectors=moment.als.item_factors,
    )


def taught_people(is_label: NDArray[np.bool_], most: int) -> NDArray[np.int64]:
    """Choose the people with a label among their candidates; of more than ``most``, evenly spaced.

    Parameters
    ----------
    is_label : bool array of shape (n_people, n)
        Whether each candidate was liked after the moment of the candidates.
    most : int >= 1

    Returns
    -------
    int64 array of shape (n_taught,)
        Rising.
    """
    able = np.flatnonzero(is_label.any(axis=1))
    return able[np.linspace(0, len(able) - 1, min(len(able), max(most, 1))).astype(np.int64)]
