"""Which ranker serves: measured on people whose labels it did not see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from engine.held_out import mean_with_half_width
from engine.pipeline.ranking.blend_choice import blendings
from engine.pipeline.ranking.folds import all_out_of_fold, evenly, label_ndcg
from engine.pipeline.ranking.ranker import Ranker, TrainingSet
from engine.pipeline.ranking.reliability import (
    LearningPoint,
    ReliabilityBin,
    learning_curve,
    reliability,
)

__all__ = ["RankerRow", "RankerTable", "measured"]

MOST_PEOPLE = 1000
"""People that the choice is made on, evenly spaced; fewer where there are fewer."""

Fit = Callable[[str, TrainingSet], Ranker]


@dataclass(frozen=True)
class RankerRow:
    """What one ranker reached on people that it was not taught by.

    Attributes
    ----------
    name : str
    ndcg_at_10, half_width : float
        Mean over people, and half of its 95 % interval (t).
    gain, gain_half_width : float
        The same of the difference from the retrieved order, person by person.
    n : int
        People.
    members : tuple of (str, float)
        The rankers that a blend is made of, with their weights; nothing where it is none.
    """

    name: str
    ndcg_at_10: float
    half_width: float
    gain: float
    gain_half_width: float
    n: int
    members: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, eq=False)
class RankerTable:
    """The rankers compared, best first.

    Attributes
    ----------
    rows : tuple of RankerRow
    reliability : tuple of ReliabilityBin
        Of the best row's scores; empty where it is the retrieved order.
    learning : tuple of LearningPoint
        Of each ranker alone.
    """

    rows: tuple[RankerRow, ...]
    reliability: tuple[ReliabilityBin, ...] = ()
    learning: tuple[LearningPoint, ...] = ()

    @property
    def best(self) -> str:
        """Name of the best row."""
        return self.rows[0].name


def measured(
    names: Sequence[str], training: TrainingSet, fit: Fit, *, most_at_once: int = 1
) -> RankerTable:
    """Fit every ranker on some people and score the others, in turns, and compare.

    The labels of ``training`` are the only ones looked at: no test has a part in the choice. The
    weights of blends are chosen on scores of people whom no member was taught by; how they are
    measured says :attr:`engine.pipeline.ranking.blend_choice.Blending.compared`.

    Parameters
    ----------
    names : sequence of str
        Rankers, in the order in which they win ties.
    training : TrainingSet
    fit : callable
        ``(name, training) -> Ranker``.
    most_at_once : int
        Fits that run side by side at most.
    """
    sample = evenly(training, MOST_PEOPLE)
    fits = {name: partial(fit, name) for name in names}
    outside = all_out_of_fold(fits, sample, most_at_once=most_at_once)
    scores = {name: table.astype(np.float64) for name, table in outside.items()}
    found = {name: label_ndcg(table, sample) for name, table in scores.items()}
    best_first = sorted(found, key=lambda name: -found[name].mean())
    blends = {one.name: one for one in blendings(scores, best_first, sample)}
    for name, blend in blends.items():
        scores[name], found[name] = blend.compared, label_ndcg(blend.compared, sample)
    place = -np.arange(sample.is_label.shape[1], dtype=np.float64)
    before = label_ndcg(np.broadcast_to(place, sample.is_label.shape), sample)
    found["retrieved order"] = before
    rows = [
        _row(name, values, before, blends[name].members if name in blends else ())
        for name, values in found.items()
    ]
    rows.sort(key=lambda row: -row.ndcg_at_10)
    best = rows[0].name
    return RankerTable(
        tuple(rows),
        reliability(scores[best], sample) if best in scores else (),
        learning_curve(names, sample, scores, fit, most_at_once=most_at_once),
    )


def _row(
    name: str,
    values: NDArray[np.float64],
    before: NDArray[np.float64],
    members: tuple[tuple[str, float], ...],
) -> RankerRow:
    reached, gained = mean_with_half_width(values), mean_with_half_width(values - before)
    return RankerRow(name, *reached, *gained, len(values), members)
