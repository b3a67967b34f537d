"""Which picture is shown: the map or the methods, as soon as its job is done."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from dashboard import cached_sweeps, jobs
from dashboard.jobs import Job
from dashboard.trade_offs.choices import MAP, chosen_aims, chosen_controls, picture
from dashboard.trade_offs.map_panel import (
    draw_front,
    draw_map,
    draw_so_far,
    front_frame,
    setting_frame,
)
from dashboard.trade_offs.method_panel import draw_lines, lines_frame
from engine.analysis.aims import Aim
from engine.scenario import Scenario

__all__ = ["current_job", "draw_below", "draw_picture", "tables"]

Tables = dict[str, Callable[[], pd.DataFrame]]


def current_job(scenario: Scenario) -> Job:
    """Return the job of the picture chosen; it begins by itself."""
    aims = chosen_aims()
    if picture() == MAP:
        return cached_sweeps.map_job(scenario, aims, chosen_controls())
    return cached_sweeps.lines_job(scenario, aims[:2])


def draw_picture(job: Job, scenario: Scenario) -> None:
    """Draw the picture, or how far it is."""
    if not jobs.has_ended_well(job):
        if picture() == MAP and not job.error:
            draw_so_far(job.partial, _aims(), scenario)
    elif picture() == MAP:
        draw_map(job.result, scenario, chosen_controls())()
    else:
        draw_lines(job.result, _aims()[:2], scenario)()


def draw_below(job: Job) -> None:
    """Draw the settings of the front."""
    if job.has_result and picture() == MAP:
        draw_front(job.result)


def tables(job: Job) -> Tables:
    """Return what can be taken along of the picture."""
    if not job.has_result:
        return {}
    found, aims = job.result, _aims()
    if picture() == MAP:
        return {"front": lambda: front_frame(found), "settings": lambda: setting_frame(found)}
    return {"methods_at_equal_cost": lambda: lines_frame(found, aims[:2])}


def _aims() -> tuple[Aim, ...]:
    return tuple(Aim.parse(text) for text in chosen_aims())
