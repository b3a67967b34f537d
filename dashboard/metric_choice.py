"""Which metrics can be chosen: none that the data cannot define for anybody."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from engine.artifacts import Artifacts
from engine.metrics.registry import METRICS

__all__ = ["defined_here"]


def defined_here(artifacts: Artifacts, names: Iterable[str]) -> list[str]:
    """Leave out the metrics that are undefined for want of genres, or of release dates.

    A metric's definition says when it is undefined; where nothing has a genre, or a date, it is so
    for everybody.
    """
    is_there = {
        "genre": bool(artifacts.genre_matrix.any()),
        "release date": bool(np.isfinite(artifacts.released_day).any()),
    }
    lacking = [word for word, has in is_there.items() if not has]
    return [name for name in names if not any(word in METRICS[name].undefined for word in lacking)]
