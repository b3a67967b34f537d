"""How concentrated exposure is at every stage, and how much each stage adds to it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.metrics.intervals import jackknife
from engine.metrics.registry import AUDIENCE_METRICS
from engine.metrics.stages import are_alike
from engine.metrics.verdicts import SIGNIFICANCE, holm

__all__ = ["FIGURES", "StageConcentration", "concentration_by_stage"]

FIGURES = ("coverage", "gini", "n90", "top_item_share")
"""Figures of concentration, by column."""

_COLUMNS = [AUDIENCE_METRICS.index(name) for name in FIGURES]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class StageConcentration:
    """Figures by stage; float64 arrays of shape (n_stages, n_figures), NaN where undefined.

    Attributes
    ----------
    stages : tuple of str
    n : int
        People.
    value, low, high : arrays
        Each figure with its 95 % interval (delete-a-block jackknife over people).
    step, step_low, step_high : arrays
        Change from the stage before, paired over the same people; NaN in the first row, and where
        the two stages are not alike (:func:`engine.metrics.stages.are_alike`).
    is_clear : bool array
        The step is clear beyond the noise: p below 5 %, corrected over the steps of one figure
        (Holm 1979).
    """

    stages: tuple[str, ...]
    n: int
    value: Floats
    low: Floats
    high: Floats
    step: Floats
    step_low: Floats
    step_high: Floats
    is_clear: NDArray[np.bool_]

    def column(self, name: str) -> int:
        """Column of a figure."""
        return FIGURES.index(name)


def concentration_by_stage(replicates: Mapping[str, Floats], n_people: int) -> StageConcentration:
    """Compare the stages in their order; O(stages · blocks).

    Parameters
    ----------
    replicates : mapping of str to float64 array of shape (1 + n_blocks, all audience-wide metrics)
        Stage → its figures with blocks of people left out (``Measured.replicates``) of lists of
        one length. The same people in the same blocks at each stage.
    n_people : int
    """
    parts = [np.take(part, _COLUMNS, axis=1) for part in replicates.values()]
    value, low, high = zip(*(jackknife(one)[:3] for one in parts), strict=True)
    none = np.full(len(FIGURES), np.nan)
    steps = [(none, none, none, none)]
    for (before, now), stages in zip(
        itertools.pairwise(parts), itertools.pairwise(replicates), strict=True
    ):
        steps.append(jackknife(now - before) if are_alike(*stages) else (none, none, none, none))
    step, step_low, step_high, p = (np.array(part) for part in zip(*steps, strict=True))
    adjusted = np.column_stack([holm(column) for column in p.T])
    return StageConcentration(
        tuple(replicates),
        n_people,
        np.array(value),
        np.maximum(low, 0.0),
        np.array(high),
        step,
        step_low,
        step_high,
        adjusted < SIGNIFICANCE,
    )
