"""Saved scenarios on the map: where each stands in its two figures, on the people of the map."""

from __future__ import annotations

import numpy as np

from dashboard import cached_engine, cached_sweeps
from dashboard.charts.trade_map import Place
from dashboard.fitting_scenario import fitting
from dashboard.scenarios.candidates import shelf
from engine.errors import ScenarioError

__all__ = ["MOST_MARKED", "saved_places"]

MOST_MARKED = 8
"""Each is measured once; the last saved are marked."""


def saved_places(aims: tuple[str, ...], k: int) -> list[Place]:
    """Return the places of what is saved for this data set with lists of ``k``.

    Lists of another length are not on this map; a store that cannot be read marks nothing.
    """
    places = []
    for saved in shelf().saved[-MOST_MARKED:]:
        try:
            fits, _ = fitting(cached_engine.artifacts(), saved.scenario)
        except ScenarioError:
            continue  # of a newer version: the Scenarios page says so
        if fits.k != k:
            continue
        x, y = cached_sweeps.read_here(fits, aims).value[:2]
        if np.isfinite(x) and np.isfinite(y):
            places.append(Place(float(x), float(y), f"saved: {saved.name}"))
    return places
