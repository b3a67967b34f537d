"""Which metrics can be chosen: none that the data cannot define for anybody."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from engine.artifacts import Artifacts
from engine.metrics.registry import METRICS
from engine.metrics.relevance_definitions import NOT_AGAIN

__all__ = ["defined_here"]


def defined_here(artifacts: Artifacts, names: Iterable[str]) -> list[str]:
    """Leave out what is undefined for want of genres, of release dates, or of anything met again.

    A metric's definition says when it is undefined; where nothing has a genre, or a date, or a fit
    offers nothing that somebody has met, it is so for everybody.
    """
    is_there = {
        "genre": bool(artifacts.genre_matrix.any()),
        "release date": bool(np.isfinite(artifacts.released_day).any()),
        NOT_AGAIN: artifacts.offers_again,
    }
    lacking = [word for word, has in is_there.items() if not has]
    return [name for name in names if not any(word in METRICS[name].undefined for word in lacking)]
