"""What a map says of one setting, in words: what beats it, or that nothing clearly does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from engine.analysis.panel import make_panel
from engine.analysis.readings import read
from engine.analysis.sweep import Mapped, Sweep, better_sign
from engine.artifacts import Artifacts
from engine.metrics.registry import METRICS
from engine.scenario import Scenario

__all__ = ["Advice", "advise"]


@dataclass(frozen=True)
class Advice:
    """The best that a map has against one setting.

    Attributes
    ----------
    better : Scenario or None
        A setting that is clearly better in one axis and not clearly worse in the other.
    axis : int
        0 or 1: in which.
    gain, gain_error : float
        Paired difference in that axis, better is positive, with its standard error.
    other, other_error : float
        The same in the other axis.
    n_compared : int
        Settings held against it, over which the comparison is corrected.
    words : str
    """

    better: Scenario | None
    axis: int
    gain: float
    gain_error: float
    other: float
    other_error: float
    n_compared: int
    words: str


def advise(
    artifacts: Artifacts, found: Sweep, here: Scenario, *, confidence: float = 0.95
) -> Advice:
    """Hold the settings of a map's front against one setting, person by person.

    The front was picked for looking good, so each comparison is made at the corrected level
    (Bonferroni over the settings compared and both axes).

    Parameters
    ----------
    artifacts : Artifacts
    found : Sweep
    here : Scenario
    confidence : float
    """
    aims = found.aims[:2]
    panel = make_panel(artifacts, baseline=here)
    signs = np.array([better_sign(aim) for aim in aims])
    rivals = _rivals(found, here)
    if not rivals:
        return Advice(None, 0, np.nan, np.nan, np.nan, np.nan, 0, NOTHING)
    changes, errors = [], []
    for rival in rivals:
        readings = read(panel, panel.measure(rival.scenario), aims)
        changes.append(signs * readings.change)
        errors.append(readings.change_error)
    gain, error = np.array(changes), np.array(errors)
    z = float(special.ndtri(1 - (1 - confidence) / (2 * 2 * len(rivals))))
    is_clear = gain > z * error + 1e-9
    is_no_worse = gain[:, ::-1] > -1e-9
    wins = np.where(is_clear & is_no_worse, gain / np.maximum(np.ptp(gain, axis=0), 1e-12), -np.inf)
    row, axis = np.unravel_index(int(np.argmax(wins)), wins.shape)
    if not np.isfinite(wins[row, axis]):
        return Advice(None, 0, np.nan, np.nan, np.nan, np.nan, len(rivals), NOTHING)
    other = 1 - int(axis)
    words = _words(aims[int(axis)].words, aims[other].words, gain[row, axis], gain[row, other],
                   aims[int(axis)].metric)  # fmt: skip
    return Advice(
        rivals[int(row)].scenario,
        int(axis),
        float(gain[row, axis]),
        float(error[row, axis]),
        float(gain[row, other]),
        float(error[row, other]),
        len(rivals),
        words,
    )


NOTHING = "Nothing on the map is clearly better than you in one and no worse in the other."
MOST_RIVALS = 12


def _rivals(found: Sweep, here: Scenario) -> list[Mapped]:
    front = [mapped for mapped in found.front if mapped.scenario != here]
    if len(front) > MOST_RIVALS:
        at = np.unique(np.linspace(0, len(front) - 1, MOST_RIVALS).round().astype(int))
        front = [front[i] for i in at]
    return front


def _words(axis: str, other: str, gain: float, kept: float, metric: str) -> str:
    digits = METRICS[metric].digits
    same = "the same" if kept < 1e-6 else f"{kept:.3f} better"
    return f"These settings give {same} {other} at {gain:.{digits}f} better {axis}."
