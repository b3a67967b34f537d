"""What the People page hands out: every table and figure of it as CSV."""

from __future__ import annotations

import pandas as pd

from dashboard.downloads import downloads
from dashboard.people.finder import found_people, found_table
from dashboard.people.imagined import imagined_history
from dashboard.people.item_influence import influence_frame
from dashboard.people.item_moves import moves_of
from dashboard.people.item_reasons import reasons_frame
from dashboard.people.person_view import PersonView
from dashboard.people.portrait import genre_frame, genre_mix_of, history_table
from dashboard.people.stages import stage_table
from dashboard.people.what_if import what_if_table
from engine.people.influence import has_influence

__all__ = ["take_away"]


def take_away(view: PersonView) -> None:
    """Draw the download button for what is shown; call it in the live part."""
    found = found_people(view.artifacts)
    imagined = imagined_history(view)

    def genres() -> pd.DataFrame:
        return genre_frame(genre_mix_of(view.artifacts, view.user, view.before, view.after))

    influenced = {"influence": lambda: influence_frame(view)}
    downloads(
        {
            **(influenced if has_influence(view.artifacts) else {}),
            "stages": lambda: stage_table(view.flow),
            "moves": lambda: moves_of(view),
            "rank_reasons": lambda: reasons_frame(view),
            "history": lambda: history_table(view.artifacts, view.user),
            "genre_mix": genres,
            "what_if": lambda: what_if_table(view, imagined),
            "people_found": lambda: found_table(view.artifacts, found),
        },
        view.scenario,
    )
