"""A tour of five steps over the pages, on the figures that stand there: from the header, or a link.

The step stands in the address (``demo``), so ``/?demo=1`` plays the story: at the bare address it
also opens the worked example (:mod:`dashboard.opening`). Nothing else of the setting is touched,
but for the person and the item that the steps about a person need.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dashboard import cached_engine, session
from dashboard.boundary import callback
from dashboard.page_registry import PAGES
from dashboard.plain_text import as_markdown
from engine.people.lost_likes import LostItem, find_lost

__all__ = ["STEPS", "TOUR", "go_to_step", "tour_bar", "tour_button"]

TOUR = "demo"


@dataclass(frozen=True)
class Step:
    """One step: the page that it is on, what to see there, and whether it is about a person."""

    page: str
    title: str
    words: str
    of_person: bool = False


STEPS = (
    Step(
        "popularity_exposure",
        "Where the long tail is lost",
        "Each row is a group of items, each column a stage. Orange cells hold less than people "
        "chose of it: see at which stage that begins, and what the setting gives back.",
    ),
    Step(
        "trade_offs",
        "Ask for an outcome",
        "Each point is a setting, measured for everyone. Search for the most diversity that costs "
        "at most 1 % of NDCG: the weights are found, not guessed.",
    ),
    Step(
        "people",
        "One person's list",
        "What the setting does to somebody: lines follow items from stage to stage, and a star "
        "marks what they did like later.",
        of_person=True,
    ),
    Step(
        "people",
        "Bring it back",
        "This item left the list. Press Search all settings under What would bring it in, then Try "
        "it: the smallest change of each control is measured.",
        of_person=True,
    ),
    Step(
        "fairness_audit",
        "Sign it off",
        "The scan holds every group against everyone else, worst first. Report, on top, is the "
        "page to hand on: with intervals, sizes and definitions.",
    ),
)
"""The story, in order."""


def _at() -> int | None:
    """Return the place of the step in the address, or None where there is no tour."""
    text = str(st.session_state.get(TOUR, ""))
    return int(text) - 1 if text.isdecimal() and 1 <= int(text) <= len(STEPS) else None


def go_to_step(page: str) -> None:
    """Open the step's page where the link that begins the tour came to the start page.

    ``page`` is the path of the page shown, which is empty for the start page.
    """
    at = _at()
    if at == 0 and not page and not st.session_state.get("_toured"):
        _open(at)


def tour_button() -> None:
    """Draw the way into the tour, where none is on."""
    if _at() is None and st.button(
        "Tour", key="_tour", type="tertiary", help="Five steps over the pages, on these figures."
    ):
        _open(0)


def tour_bar(name: str) -> None:
    """Draw the step, and the ways on, back and out; ``name`` is the page's."""
    at = _at()
    if at is None:
        return
    step = STEPS[at]
    with st.container(border=True, gap="xsmall"):
        where = f"{at + 1} of {len(STEPS)} · {step.title}"
        st.markdown(f"**{as_markdown(where)}.** {as_markdown(step.words)}")
        with st.container(horizontal=True, gap="small"):
            if name != step.page and st.button(
                f"Go to {PAGES[step.page].title}", key="_tour_there"
            ):
                _open(at)
            if at > 0 and st.button("Back", key="_tour_back"):
                _open(at - 1)
            if at + 1 < len(STEPS) and st.button("Next", key="_tour_next", type="primary"):
                _open(at + 1)
            st.button("End the tour", key="_tour_end", type="tertiary", on_click=_end)


@callback
def _end() -> None:
    session.write_text(TOUR, "")


def _open(at: int) -> None:
    """Open the page of a step, with everything that the address keeps."""
    st.session_state["_toured"] = True
    step = STEPS[at]
    session.write_text(TOUR, str(at + 1))
    lost = _lost() if step.of_person else None
    if lost is not None:
        artifacts = cached_engine.artifacts()
        session.set_person(str(artifacts.users["user_id"].iloc[lost.user]))
        session.set_item(str(artifacts.items["item_id"].iloc[lost.item]) if at == 3 else "")
    # sliders and choices write themselves into the address; it refuses to be told of them here
    st.switch_page(PAGES[step.page].path, query_params=session.texts_kept())


def _lost() -> LostItem | None:
    """Return whom to show: somebody who lost an item that they did like."""
    found = cached_engine.evaluation(session.scenario()).evaluation
    return find_lost(cached_engine.artifacts(), found.baseline.items, found.measured.items)
