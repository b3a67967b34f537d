"""The button on Tune that seeks the usual goal: most diversity for at most 1 % of NDCG."""

from __future__ import annotations

import streamlit as st

from dashboard import cached_sweeps, session
from dashboard.cached_sweeps import Goal
from dashboard.page_registry import PAGES
from dashboard.trade_offs.choices import CONTROL_SETS

__all__ = ["USUAL_GOAL", "goal_button"]

USUAL_GOAL = Goal("ild", ("ndcg loss <= 1%",), next(iter(CONTROL_SETS.values())))
"""What the goal panel of the Trade-offs page asks for as it opens."""


def goal_button() -> None:
    """Draw the button: it begins the search and opens the page that shows its answer."""
    if st.button(
        "Most diversity for at most 1 % NDCG ▸",
        key="_usual_goal",
        help="Searches the weights on one half of the people and confirms them on the other.",
    ):
        cached_sweeps.goal_job(session.scenario(), USUAL_GOAL, begin=True)
        st.switch_page(PAGES["trade_offs"].path, query_params=session.texts_kept())
