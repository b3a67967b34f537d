"""The page's tables as files."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from dashboard import cached_engine
from dashboard.scenarios.candidates import store
from dashboard.scenarios.saved_panel import saved_frame
from dashboard.scenarios.sections import person_maker, winners_maker
from dashboard.scenarios.view import ScenariosView
from engine.saved.standing import standing

__all__ = ["tables"]


def tables(view: ScenariosView) -> dict[str, Callable[[], pd.DataFrame]]:
    """Return what can be taken along: file name → table."""
    found, saved, data = view.found, view.shelf.saved, cached_engine.fit_key()[0]
    files: dict[str, Callable[[], pd.DataFrame]] = {
        "comparison": found.frame,
        "guardrails": found.guardrail_frame,
        "winners_and_losers": winners_maker(view),
        "lists_in_common": view.overlaps,
        "one_person": person_maker(view),
    }
    if saved:
        files["saved_scenarios"] = lambda: saved_frame(saved, standing(store(), data))
    return files
