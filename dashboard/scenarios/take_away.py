"""The page's tables as files."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from dashboard import cached_engine
from dashboard.scenarios.candidates import store
from dashboard.scenarios.saved_panel import saved_frame
from dashboard.scenarios.sections import person_frame, winners_of
from dashboard.scenarios.view import ScenariosView
from engine.saved.records import Standing
from engine.saved.standing import standing

__all__ = ["tables"]


def tables(view: ScenariosView) -> dict[str, Callable[[], pd.DataFrame]]:
    """Return what can be taken along: file name → table."""
    found, winners, person = view.found, winners_of(view), person_frame(view)
    shelf, overlaps = view.shelf, view.overlaps
    data = cached_engine.fit_key()[0]
    files: dict[str, Callable[[], pd.DataFrame]] = {
        "comparison": found.frame,
        "guardrails": found.guardrail_frame,
        "winners_and_losers": lambda: winners,
        "lists_in_common": overlaps,
        "one_person": lambda: person,
    }
    if shelf.saved:
        stands = Standing(None, None, ()) if shelf.trouble else standing(store(), data)
        files["saved_scenarios"] = lambda: saved_frame(shelf.saved, stands)
    return files
