"""Which metrics can be chosen: none that the data cannot define for anybody."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from engine.artifacts import Artifacts
from engine.metrics.objective_definitions import metric_of
from engine.metrics.registry import METRICS
from engine.metrics.relevance_definitions import NOT_AGAIN
from engine.objectives import OBJECTIVES

__all__ = ["defined_here"]


def defined_here(artifacts: Artifacts, names: Iterable[str]) -> list[str]:
    """Leave out what is undefined for want of genres, of dates, of repeats or of an objective.

    A metric's definition says when it is undefined; where nothing has a genre, or a date, or a fit
    offers nothing that somebody has met, or has no ranker of an objective, it is so for everybody.
    """
    without = {metric_of(name) for name in OBJECTIVES if name not in artifacts.objective_names}
    is_there = {
        "genre": bool(artifacts.genre_matrix.any()),
        "release date": bool(np.isfinite(artifacts.released_day).any()),
        NOT_AGAIN: artifacts.offers_again,
    }
    lacking = [word for word, has in is_there.items() if not has]
    return [
        name
        for name in names
        if name not in without and not any(word in METRICS[name].undefined for word in lacking)
    ]
