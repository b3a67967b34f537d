"""The map as a figure: settings as clouds, where the controls stand, the baseline, the saved."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dashboard import cached_sweeps, session
from dashboard.charts.trade_map import Cloud, Place, Side, trade_map
from dashboard.presets import in_words
from dashboard.trade_offs.saved_marks import saved_places
from engine.analysis.aims import Aim, better_sign
from engine.analysis.front import knee
from engine.analysis.readings import Readings
from engine.analysis.swept import Mapped, Sweep
from engine.data.wording import counted
from engine.decision.words import baseline_words
from engine.metrics.registry import METRICS
from engine.scenario import Scenario

__all__ = ["CHART", "Z", "map_alt", "map_figure", "places_of", "side"]

CHART = "trade_map"
Z = 1.96


def side(aim: Aim) -> Side:
    """Return an aim as an axis."""
    return Side(aim.words, METRICS[aim.metric].as_percent)


def places_of(here: Readings, scenario: Scenario) -> tuple[Place, Place]:
    """Return where the setting stands, and where the baseline does."""
    old = here.value - here.change
    now = Place(float(here.value[0]), float(here.value[1]), f"you: {in_words(scenario)}")
    return now, Place(float(old[0]), float(old[1]), f"before: {baseline_words(session.baseline())}")


def map_figure(found: Sweep | None, aims: tuple[Aim, ...], scenario: Scenario) -> go.Figure:
    """Make the map of what is found so far, which may be nothing yet; aims are its axes, colour."""
    texts = tuple(map(str, aims))
    now, before = places_of(cached_sweeps.read_here(scenario, texts), scenario)
    estimates, others, front = _clouds(found, len(aims))
    signs = [better_sign(aim) for aim in aims[:2]]
    return trade_map(
        estimates,
        others,
        front,
        now=now,
        before=before,
        knee=knee(np.column_stack([front.x, front.y]) * signs),
        x=side(aims[0]),
        y=side(aims[1]),
        colour=side(aims[2]) if len(aims) > 2 else None,
        saved=saved_places(texts, scenario.k),
    )


def map_alt(found: Sweep) -> str:
    """Say in words what the map shows."""
    across, up = found.aims[:2]
    n_best = sum(one.is_on_front for one in found.settings)
    return (
        f"{up.words} against {across.words} of {len(found.settings)} settings; "
        f"{n_best} are beaten by none."
    )


def _clouds(found: Sweep | None, n_aims: int) -> tuple[Cloud, Cloud, Cloud]:
    """Return what a sample was tried on, what is beaten, and the front from left to right."""
    rows = list(enumerate(found.settings)) if found else []
    is_everyone = found is not None and found.n_sampled == found.n_people
    estimates = [row for row in rows if not (row[1].is_confirmed or is_everyone)]
    others = [
        row for row in rows if (row[1].is_confirmed or is_everyone) and not row[1].is_on_front
    ]
    front = [row for row in rows if row[1].is_on_front]
    front.sort(key=lambda row: row[1].readings.value[0])
    basis = f", estimate from {counted(found.n_sampled, 'person')}" if found else ""
    return _cloud(estimates, n_aims, basis), _cloud(others, n_aims), _cloud(front, n_aims)


def _cloud(rows: list[tuple[int, Mapped]], n_aims: int, basis: str = "") -> Cloud:
    """Return settings with their places in the sweep; ``basis`` is said of each of them."""
    readings = [one.readings for _, one in rows]
    values = np.array([one.value for one in readings]).reshape(len(rows), n_aims)
    half = Z * np.array([one.change_error for one in readings]).reshape(values.shape)
    return Cloud(
        values[:, 0],
        values[:, 1],
        half[:, 0],
        half[:, 1],
        values[:, 2] if n_aims > 2 else None,
        [in_words(one.scenario) + basis for _, one in rows],
        np.array([place for place, _ in rows], np.int64),
    )
