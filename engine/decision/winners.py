"""Who wins and who loses between two settings, by group of people."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.audit.comparison import Groups
from engine.audit.losers import change_of, losers_frame
from engine.metrics.audience import Audience
from engine.metrics.crossing import cross, margins_of
from engine.metrics.metric import Metric
from engine.metrics.small_groups import MIN_N
from engine.metrics.user_matrix import Measured

__all__ = ["winners_frame"]


def winners_frame(
    audience: Audience, one: Measured, other: Measured, metric: Metric, attribute: str
) -> pd.DataFrame:
    """Count people who are worse, unchanged and better off with ``other`` than with ``one``.

    Columns as of :func:`engine.audit.losers.losers_frame`; groups of fewer than 20 people with a
    value, and what would give one away, are left out.

    Parameters
    ----------
    audience : Audience
    one, other : Measured
        Of the same people.
    metric : Metric
        With a value for every person.
    attribute : str
        Empty for everybody alone.
    """
    change = change_of(one.column(metric.name), other.column(metric.name), metric)
    if not attribute:
        return losers_frame(change, Groups((), np.full(len(change), -1)), MIN_N)
    labels, codes = cross(audience, (attribute,))
    groups = Groups(labels, codes[one.users], margins_of(audience, (attribute,)))
    return losers_frame(change, groups, MIN_N)
