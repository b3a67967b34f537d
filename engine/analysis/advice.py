"""What a map says of one setting, in words: what beats it, or that nothing clearly does."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from engine.analysis.aims import better_sign
from engine.analysis.panel import Panel
from engine.analysis.readings import read
from engine.analysis.swept import Mapped, Sweep
from engine.formats import change, style_of
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


def advise(here: Panel, found: Sweep, *, confidence: float = 0.95) -> Advice:
    """Hold the settings of a map's front against one setting, person by person.

    Nothing is re-ranked where the map has nothing that is ahead of the setting.

    The front was picked for looking good, so each comparison is made at the corrected level
    (Bonferroni over the settings compared and both axes).

    Parameters
    ----------
    here : Panel
        Those on whom the map was confirmed, with the setting as the baseline.
    found : Sweep
    confidence : float
    """
    aims = found.aims[:2]
    signs = np.array([better_sign(aim) for aim in aims])
    rivals = _rivals(found, here.baseline, signs, read(here, here.before, aims).value)
    if not rivals:
        return NOTHING
    asked = {aim.metric for aim in aims}
    read_rivals = [read(here, here.measure(rival.scenario, asked), aims) for rival in rivals]
    gain = signs * np.array([readings.change for readings in read_rivals])
    error = np.array([readings.change_error for readings in read_rivals])
    z = float(special.ndtri(1 - (1 - confidence) / (2 * 2 * len(rivals))))
    wins = np.where(gain > z * error + 1e-9, gain / np.maximum(gain.max(axis=0), 1e-12), -np.inf)
    row, axis = (int(at) for at in np.unravel_index(int(np.argmax(wins)), wins.shape))
    if not np.isfinite(wins[row, axis]):
        return replace(NOTHING, n_compared=len(rivals))
    other = 1 - axis
    before = read_rivals[row].value[axis] - read_rivals[row].change[axis]
    size = change(float(gain[row, axis]), float(before), style_of(METRICS[aims[axis].metric]))
    return Advice(
        rivals[row].scenario,
        axis,
        float(gain[row, axis]),
        float(error[row, axis]),
        float(gain[row, other]),
        float(error[row, other]),
        len(rivals),
        f"Another setting is {size.replace('+', '')} better in {aims[axis].words} "
        f"and no worse in {aims[other].words}.",
    )


NOTHING = Advice(
    None,
    0,
    np.nan,
    np.nan,
    np.nan,
    np.nan,
    0,
    "Nothing on the map is clearly better than this setting in one and no worse in the other.",
)
MOST_RIVALS = 12


def _rivals(found: Sweep, here: Scenario, signs: np.ndarray, value: np.ndarray) -> list[Mapped]:
    """Pick settings of the front that are as good in both by estimate, the farthest ahead first."""
    ahead = [
        (float((signs * (mapped.readings.value[:2] - value)).sum()), mapped)
        for mapped in found.front
        if (signs * (mapped.readings.value[:2] - value) >= -1e-9).all() and mapped.scenario != here
    ]
    ahead.sort(key=lambda pair: -pair[0])
    return [mapped for _, mapped in ahead[:MOST_RIVALS]]
