"""What the page hands out: the card and its tables as CSV."""

from __future__ import annotations

from dashboard.data.card_panel import carries_frame
from dashboard.downloads import downloads
from engine.artifacts import Artifacts
from engine.data_card import activity_frame, card_frame, genre_frame, group_frame
from engine.scenario import Scenario

__all__ = ["take_away"]


def take_away(artifacts: Artifacts, scenario: Scenario) -> None:
    """Draw the download button for the data that is shown."""
    downloads(
        {
            "data_card": lambda: card_frame(artifacts),
            "what_it_can_carry": lambda: carries_frame(artifacts),
            "groups_of_people": lambda: group_frame(artifacts),
            "genres_of_items": lambda: genre_frame(artifacts),
            "activity": lambda: activity_frame(artifacts),
        },
        scenario,
    )
