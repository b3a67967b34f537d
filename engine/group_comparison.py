"""Every metric by group of people, now and in the baseline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.metrics.groups import GroupTable
from engine.metrics.small_groups import hidden_cells

__all__ = ["GroupComparison"]


@dataclass(frozen=True, eq=False)
class GroupComparison:
    """Every metric by group, now and in the baseline.

    Attributes
    ----------
    attributes : tuple of str
    labels : tuple of str
        One per group.
    codes : int64 array of shape (n_rows,)
        Each person's group.
    now, before, change : GroupTable
        ``change`` is paired: the change of each person, averaged over the group.
    """

    attributes: tuple[str, ...]
    labels: tuple[str, ...]
    codes: NDArray[np.int64]
    now: GroupTable
    before: GroupTable
    change: GroupTable

    def frame(self) -> pd.DataFrame:
        """Return one row per metric and group, indexed by both.

        Columns: ``value``, ``low``, ``high`` (95 % interval), ``n`` (people with a value),
        ``before``, ``change``, ``change_low``, ``change_high`` (95 %, over the same people, not
        corrected for looking at many groups). Undefined is NaN, and so is what is of too few
        people, or would give such a group away; their ``n`` is 0.
        """
        now, change = self.now, self.change
        is_hidden = hidden_cells(now)
        columns = {
            "value": now.mean, "low": now.low, "high": now.high, "n": now.n_defined,
            "before": self.before.mean,
            "change": change.mean, "change_low": change.low, "change_high": change.high,
        }  # fmt: skip
        index = pd.MultiIndex.from_product([now.names, self.labels], names=["metric", "group"])
        shown = {
            name: np.where(is_hidden, 0 if name == "n" else np.nan, of)
            for name, of in columns.items()
        }
        return pd.DataFrame({name: of.T.ravel() for name, of in shown.items()}, index=index)
