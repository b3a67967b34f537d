"""What the second stage looked at when it placed one item: attention, and what each changed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cached_pipeline
from dashboard.charts.dot_panels import Panel, dot_panels, dot_panels_alt
from dashboard.charts.row_marks import Marks
from dashboard.palette import GREEN, SETTING
from dashboard.panels import chart
from dashboard.people.person_view import PersonView
from dashboard.plain_text import as_markdown
from engine.formats import Style, number, percent, signed
from engine.people.influence import Influence, has_influence

__all__ = ["draw_influence", "influence_frame"]

SHOWN = 8
TWO_DIGITS = Style(2)


def influence_frame(view: PersonView) -> pd.DataFrame:
    """Return the list that the second stage saw, most looked at first; empty where it saw none."""
    columns = ["item", "share of attention", "change of its score"]
    if not has_influence(view.artifacts):
        return pd.DataFrame(columns=columns)
    found = cached_pipeline.influence(view.user, view.item)
    return pd.DataFrame(columns=columns) if found is None else _frame(view, found)


def _frame(view: PersonView, found: Influence) -> pd.DataFrame:
    titles = view.artifacts.items["title"].to_numpy()[found.items]
    frame = pd.DataFrame(
        {
            "item": titles,
            "share of attention": found.attention,
            "change of its score": found.change,
        }
    )
    by = "change of its score" if np.isnan(found.attention).all() else "share of attention"
    return frame.sort_values(by, key=np.abs, ascending=False, kind="stable", ignore_index=True)


def draw_influence(view: PersonView) -> None:
    """Draw what the chosen item was placed by; nothing where the fit has no second stage."""
    if not has_influence(view.artifacts):
        return
    title = "Influence of the other items"
    found = cached_pipeline.influence(view.user, view.item)
    if found is None:
        st.markdown(f"**{title}**")
        first = view.artifacts.manifest["config"]["second_stage"]["first"]
        st.caption(
            f"The second stage orders the ranker's first {first} and never saw this item, so "
            "nothing in the list influenced it."
        )
        return
    frame = _frame(view, found).head(SHOWN)
    labels = [str(item) for item in frame["item"]]
    panels = _panels(frame)
    chart(
        dot_panels(labels, panels, title=title),
        key="influence",
        alt=dot_panels_alt(labels, panels, title),
        question="Which of them moved it?",
    )
    st.caption(_words(view, found))


def _panels(frame: pd.DataFrame) -> list[Panel]:
    none = np.full(len(frame), np.nan)
    looked = frame["share of attention"].to_numpy(float)
    change = frame["change of its score"].to_numpy(float)
    panels = [
        Panel(
            "what it added to the item's score",
            [Marks("", change, none, none, SETTING, "bar")],
            is_share=False,
            text=[signed(value, TWO_DIGITS) for value in change],
        )
    ]
    if np.isfinite(looked).any():
        attention = Panel(
            "share of the item's attention",
            [Marks("", looked, none, none, GREEN, "bar")],
            text=[percent(value, 1) for value in looked],
        )
        panels.insert(0, attention)
    return panels


def _words(view: PersonView, found: Influence) -> str:
    n = len(found.items)
    even = percent(1 / (n + 1), 1)
    looked = (
        f"It looked at itself with {percent(found.own, 1)}; the same for all would be {even} each. "
        if np.isfinite(found.own)
        else ""
    )
    return as_markdown(
        f"The second stage took {view.title} from {found.rank_before} to {found.rank_after} of "
        f"the ranker's first {n + 1}. {looked}Attention says where a model looked, not what moved "
        "the item; the other bars do: the item's score as it is less its score had that one not "
        f"been in the list (their sum is {number(float(found.change.sum()), TWO_DIGITS)})."
    )
