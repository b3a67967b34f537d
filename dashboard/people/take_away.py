"""What the People page hands out: every table and figure of it as CSV."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dashboard import cached_engine
from dashboard.downloads import downloads
from dashboard.people.finder import found_people, found_table
from dashboard.people.item_moves import moves_of
from dashboard.people.item_reasons import reasons_frame
from dashboard.people.person_view import PersonView
from dashboard.people.portrait import genre_frame, genre_mix_of, history_table
from dashboard.people.stages import stage_table
from dashboard.people.what_if import what_if_table

__all__ = ["Shown", "take_away"]


@dataclass
class Shown:
    """What the page showed last; the live part writes it, the downloads read it at the click."""

    view: PersonView | None = None

    @property
    def seen(self) -> PersonView:
        """The view, of which there is one by the time that anything can be clicked."""
        assert self.view is not None
        return self.view


def take_away(shown: Shown) -> None:
    """Draw the download button; nothing is made before it is asked for."""

    def genres() -> pd.DataFrame:
        view = shown.seen
        return genre_frame(genre_mix_of(view.artifacts, view.user, view.before, view.after))

    def found() -> pd.DataFrame:
        artifacts = cached_engine.artifacts()
        return found_table(artifacts, found_people(artifacts))

    downloads(
        {
            "stages": lambda: stage_table(shown.seen.flow),
            "moves": lambda: moves_of(shown.seen),
            "rank_reasons": lambda: reasons_frame(shown.seen),
            "history": lambda: history_table(shown.seen.artifacts, shown.seen.user),
            "genre_mix": genres,
            "what_if": lambda: what_if_table(shown.seen),
            "people_found": found,
        },
        lambda: shown.seen.scenario,
    )
