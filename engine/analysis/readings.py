"""What a setting's lists come to, aim by aim: value, change from the baseline, and their errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.analysis.aims import Aim
from engine.analysis.panel import Panel
from engine.metrics.groups import by_group
from engine.metrics.intervals import jackknife
from engine.metrics.registry import AUDIENCE_METRICS, METRICS
from engine.metrics.small_groups import MIN_N
from engine.metrics.user_matrix import Measured

__all__ = ["Readings", "read"]


@dataclass(frozen=True, eq=False)
class Readings:
    """Numbers of one setting, in the order of its aims: 40 bytes an aim.

    Attributes
    ----------
    value, change : float64 arrays of shape (n_aims,)
        Now, and minus the baseline's; NaN where undefined.
    value_error, change_error : float64 arrays of shape (n_aims,)
        Standard errors over people. That of a worst group or a gap takes the groups as given, so
        it does not know that they were picked.
    n : int64 array of shape (n_aims,)
        People behind each.
    """

    value: NDArray[np.float64]
    change: NDArray[np.float64]
    value_error: NDArray[np.float64]
    change_error: NDArray[np.float64]
    n: NDArray[np.int64]

    @property
    def nbytes(self) -> int:
        """Bytes kept."""
        arrays = (self.value, self.change, self.value_error, self.change_error, self.n)
        return sum(array.nbytes for array in arrays)


def read(panel: Panel, measured: Measured, aims: Sequence[Aim]) -> Readings:
    """Read the aims off measured lists; O(people) each.

    Parameters
    ----------
    panel : Panel
    measured : Measured
        Lists of the panel's people.
    aims : sequence of Aim
    """
    wide = None
    rows = []
    for aim in aims:
        if METRICS[aim.metric].scope == "audience":
            wide = wide or _audience_wide(panel, measured)
            rows.append(wide[aim.metric])
        elif aim.over == "everyone":
            rows.append(_of_everyone(panel, measured, aim))
        else:
            rows.append(_of_groups(panel, measured, aim))
    columns = np.array(rows, dtype=np.float64).reshape(len(aims), 5).T
    value, change, value_error, change_error, n = columns
    return Readings(value, change, value_error, change_error, n.astype(np.int64))


Row = tuple[float, float, float, float, float]
NOTHING: Row = (np.nan, np.nan, np.nan, np.nan, 0)


def _audience_wide(panel: Panel, measured: Measured) -> dict[str, Row]:
    now, before = measured.replicates, panel.before.replicates
    value, low, high, _ = jackknife(now)
    change, change_low, change_high, _ = jackknife(now - before)
    return {
        name: (value[at], change[at], _sd(low[at], high[at]), _sd(change_low[at], change_high[at]),
               float(len(panel.users)))
        for at, name in enumerate(AUDIENCE_METRICS)
    }  # fmt: skip


def _sd(low: float, high: float) -> float:
    return (high - low) / (2 * 1.96)


def _of_everyone(panel: Panel, measured: Measured, aim: Aim) -> Row:
    now = measured.column(aim.metric).astype(np.float64)
    change = now - panel.before.column(aim.metric)
    known = ~np.isnan(now)
    both = ~np.isnan(change)
    if both.sum() < 2:
        return NOTHING
    n = both.sum()
    return (
        now[known].mean(),
        change[both].mean(),
        now[known].std(ddof=1) / np.sqrt(known.sum()),
        change[both].std(ddof=1) / np.sqrt(n),
        float(n),
    )


def _of_groups(panel: Panel, measured: Measured, aim: Aim) -> Row:
    labels = panel.audience.attributes[aim.attribute]
    codes = panel.audience.codes(aim.attribute)[panel.users].astype(np.int64)
    columns = tuple(one.column(aim.metric)[:, None] for one in (measured, panel.before))
    now, before = (by_group(c, codes, len(labels), names=(aim.metric,)) for c in columns)
    paired = by_group(
        columns[0] - columns[1], codes, len(labels), names=(aim.metric,), is_difference=True
    )
    n, mean, then = now.n_defined[:, 0], now.mean[:, 0], before.mean[:, 0]
    error = now.sd[:, 0] / np.sqrt(np.maximum(n, 1))
    if aim.over == "group":
        row = labels.index(aim.label)
        shift = paired.sd[row, 0] / np.sqrt(max(paired.n_defined[row, 0], 1))
        found = (mean[row], paired.mean[row, 0], error[row], shift, n[row])
        return found if n[row] >= MIN_N else NOTHING
    is_large = n >= MIN_N
    if is_large.sum() < 2:
        return NOTHING
    return _extreme(aim, mean[is_large], then[is_large], error[is_large], int(n[is_large].sum()))


def _extreme(
    aim: Aim, now: NDArray[np.float64], then: NDArray[np.float64], error: NDArray[Any], n: int
) -> Row:
    """Read the worst group or the gap; the groups may be others than in the baseline."""
    sign = -1.0 if METRICS[aim.metric].good_way == "lower" else 1.0
    worst, best = int(np.argmin(sign * now)), int(np.argmax(sign * now))
    if aim.over == "worst":
        value, old, sd = now[worst], sign * (sign * then).min(), error[worst]
    else:
        value, old = abs(now[best] - now[worst]), np.ptp(then)
        sd = float(np.hypot(error[best], error[worst]))
    return (value, value - old, sd, sd, n)
