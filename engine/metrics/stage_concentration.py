"""How concentrated exposure is at every stage, and how much each stage adds to it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from engine.metrics.intervals import jackknife, jackknife_error
from engine.metrics.registry import AUDIENCE_METRICS, METRICS
from engine.metrics.stages import are_alike
from engine.metrics.statistics.evidence import Evidence, student
from engine.metrics.statistics.policy import POLICY, Policy
from engine.metrics.statistics.verdict import Verdict, judge

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
    steps : tuple of tuple of Verdict
        By stage and figure: the change from the stage before, paired over the same people. The
        steps of one figure are judged as one family. Undefined in the first row, and where the two
        stages are not alike (:func:`engine.metrics.stages.are_alike`).
    """

    stages: tuple[str, ...]
    n: int
    value: Floats
    low: Floats
    high: Floats
    steps: tuple[tuple[Verdict, ...], ...]

    def column(self, name: str) -> int:
        """Column of a figure."""
        return FIGURES.index(name)


def concentration_by_stage(
    replicates: Mapping[str, Floats],
    n_people: int,
    *,
    policy: Policy = POLICY,
    again: bool = False,
) -> StageConcentration:
    """Compare the stages in their order; O(stages · blocks).

    Parameters
    ----------
    replicates : mapping of str to float64 array of shape (1 + n_blocks, all audience-wide metrics)
        Stage → its figures with blocks of people left out (``Measured.replicates``) of lists of
        one length. The same people in the same blocks at each stage.
    n_people : int
    policy : Policy
    again : bool
        Whether what was met before is not filtered out.
    """
    parts = {stage: np.take(part, _COLUMNS, axis=1) for stage, part in replicates.items()}
    value, low, high = zip(*(jackknife(one)[:3] for one in parts.values()), strict=True)
    known = [[_unlike(0.0) for _ in FIGURES]]
    for before, now in itertools.pairwise(parts):
        is_like = are_alike(before, now, again=again)
        known.append(_step(parts[before], parts[now], n_people, is_like=is_like))
    families = [judge(family, policy) for family in zip(*known, strict=True)]
    return StageConcentration(
        tuple(replicates),
        n_people,
        np.array(value),
        np.maximum(low, 0.0),
        np.array(high),
        tuple(zip(*families, strict=True)),
    )


def _unlike(before: float) -> Evidence:
    why = "Lists of these two stages cannot hold the same items."
    return Evidence(nan, nan, lambda _alpha: (nan, nan), 0, before=before, reason=why)


def _step(before: Floats, now: Floats, n_people: int, *, is_like: bool) -> list[Evidence]:
    if not is_like:
        return [_unlike(float(value)) for value in before[0]]
    difference = now[0] - before[0]
    error, freedom = jackknife_error(now - before)
    rows = []
    for at, name in enumerate(FIGURES):
        p, ends = student(float(difference[at]), float(error[at]), freedom)
        rows.append(
            Evidence(
                float(difference[at]),
                p,
                ends,
                n_people,
                direction=METRICS[name].direction,
                before=float(before[0, at]),
            )
        )
    return rows
