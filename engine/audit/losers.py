"""Who pays, as a frame: shares of people worse, unchanged and better, everyone first."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.audit.comparison import MOST_DRAWN, Groups
from engine.metrics.metric import Metric
from engine.metrics.who_pays import changes, tenths_of_change, who_pays

__all__ = [
    "EVERYBODY",
    "change_of",
    "drawn_losers",
    "losers_frame",
    "tenths_frame",
]

EVERYBODY = "everybody"


def change_of(
    before: NDArray[np.floating], after: NDArray[np.floating], metric: Metric
) -> NDArray[np.float64]:
    """Return each person's change, positive along the metric's aim (or, without one, upwards)."""
    return changes(before, after, higher_is_better=metric.good_way != "lower")


def losers_frame(change: NDArray[np.float64], groups: Groups, min_n: int) -> pd.DataFrame:
    """Return a row for everybody and for each group that may be shown at ``min_n`` people.

    Columns: ``group``, ``n``, the shares ``worse``, ``same``, ``better``, and the mean size of
    the loss and of the gain among those who lose and gain.
    """
    everybody = who_pays(change, np.zeros(len(change), dtype=np.int64), 1)
    by_group = who_pays(change, groups.codes, len(groups.labels))
    frame = pd.DataFrame(
        {
            "group": [EVERYBODY, *groups.labels],
            "n": np.concatenate([everybody.n, by_group.n]),
            **dict(
                zip(
                    ("better", "same", "worse"),
                    np.concatenate([everybody.shares(), by_group.shares()]).T,
                    strict=True,
                )
            ),
            "mean loss": np.concatenate([everybody.mean_loss, by_group.mean_loss]),
            "mean gain": np.concatenate([everybody.mean_gain, by_group.mean_gain]),
        }
    )
    is_shown = np.concatenate([everybody.n >= min_n, ~groups.hidden(change, min_n)])
    return frame[is_shown].reset_index(drop=True)


def drawn_losers(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows to draw: everybody and the forty largest groups, in their order."""
    largest = frame["n"].nlargest(MOST_DRAWN + 1).index
    return frame.loc[sorted(largest)]


def tenths_frame(change: NDArray[np.float64]) -> pd.DataFrame:
    """Return a row per tenth of people, those who lost most first: size, mean and ends."""
    tenths = tenths_of_change(change)
    return pd.DataFrame(
        {
            "tenth": np.arange(1, 11),
            "people": tenths.n,
            "mean change": tenths.mean,
            "least": tenths.low,
            "most": tenths.high,
        }
    )
