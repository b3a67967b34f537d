"""How concentrated exposure is at every stage, and how much each stage adds to it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.metrics.concentration import concentration
from engine.metrics.intervals import jackknife
from engine.metrics.kernels.exposure_blocks import Exposure
from engine.metrics.verdicts import SIGNIFICANCE, holm

__all__ = ["FIGURES", "StageConcentration", "concentration_by_stage", "history_replicates"]

FIGURES = ("coverage", "gini", "n90", "top_item_share")
"""Figures that are defined for lists and for histories, by column."""

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
        Change from the stage before, paired over the same people; NaN in the first row.
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
    replicates : mapping of str to float64 array of shape (1 + n_blocks, at least n_figures)
        Stage → its figures with blocks of people left out: ``Measured.replicates`` of lists,
        :func:`history_replicates` of histories. The same people in the same blocks at each stage.
    n_people : int
    """
    parts = [part[:, : len(FIGURES)] for part in replicates.values()]
    value, low, high = zip(*(jackknife(one)[:3] for one in parts), strict=True)
    none = np.full(len(FIGURES), np.nan)
    steps = [(none, none, none, none)]
    steps += [jackknife(now - before) for before, now in itertools.pairwise(parts)]
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


def history_replicates(blocks: Exposure) -> Floats:
    """Measure the concentration of histories, with blocks of people left out.

    A history has no places: every item of it counts the same.

    Parameters
    ----------
    blocks : Exposure
        Of any lists of the people whose histories are meant.

    Returns
    -------
    float64 array of shape (1 + n_blocks, n_figures)
        O(blocks · items · log items).
    """
    past = replace(blocks, attention=blocks.past.astype(np.float64), slots=blocks.past)
    return concentration(past)[:, : len(FIGURES)]
