"""The items that most people gained and lost, and who those people are."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from dashboard import cached_exposure, session
from dashboard.boundary import callback
from dashboard.controls import redraw_live
from dashboard.exposure.frames import mover_frame
from dashboard.exposure.item_holders import item_holders
from dashboard.exposure.view import ExposureView
from dashboard.panels import ROW_HEIGHT, reading
from engine.data.wording import counted
from engine.formats import COUNT, interval, signed

__all__ = ["moved_items"]

NOTHING = "The setting leaves every list as it was: nothing gained, nothing lost."

COLUMNS = {
    "title": st.column_config.TextColumn("Title"),
    "before": st.column_config.NumberColumn("Before", format="localized", width=64),
    "after": st.column_config.NumberColumn("After", format="localized", width=58),
    "net": st.column_config.NumberColumn("Net", width=54, format="%+d"),
    "between": st.column_config.TextColumn("95 % interval", width=104),
}


def moved_items(view: ExposureView) -> Callable[[], object]:
    """Make the two lists; a click on an item shows whose lists it is in."""
    moved = cached_exposure.movement(view.scenario, view.settings)
    gained, lost = mover_frame(view, moved, sign=1), mover_frame(view, moved, sign=-1)
    if gained.empty and lost.empty:
        return partial(st.info, NOTHING)
    return partial(_draw, view, (moved.n_people, moved.n_moved), gained, lost)


def _draw(
    view: ExposureView, sizes: tuple[int, int], gained: pd.DataFrame, lost: pd.DataFrame
) -> None:
    n_people, n_moved = sizes
    grid = st.grid(2, min_column_width=440, gap="medium")
    with grid.container(gap="xsmall"):
        _table(view, gained, "gained", "Most gained")
    with grid.container(gap="xsmall"):
        _table(view, lost, "lost", "Most lost")
    reading(
        "Intervals are paired over the "
        f"same people and hold for all {counted(n_moved, 'item')} that moved at once, so also for "
        "those that moved most.",
        f"People whose list holds the item, of n = {n_people:,}",
    )
    first = gained if len(gained) else lost
    item_holders(view, otherwise=int(first["item"].iloc[0]))


def _table(view: ExposureView, frame: pd.DataFrame, key: str, title: str) -> None:
    st.markdown(f"**{title}**")
    shown = frame[["title", "before", "after", "net"]].assign(
        between=[
            interval(low, high, COUNT)
            for low, high in zip(frame["net_low"], frame["net_high"], strict=True)
        ],
    )
    st.dataframe(
        shown,
        key=f"_{key}",
        on_select=_pick(view, f"_{key}", frame["item"].to_list()),
        selection_mode="single-row",
        hide_index=True,
        row_height=ROW_HEIGHT,
        column_config=COLUMNS,
        alt=f"{title}: {_said(shown)}",
    )


def _said(shown: pd.DataFrame) -> str:
    pairs = zip(shown["title"], shown["net"], strict=True)
    return "; ".join(f"{title} {signed(net, COUNT)}" for title, net in pairs)


def _pick(view: ExposureView, key: str, items: list[int]) -> Callable[[], None]:
    ids = view.artifacts.items["item_id"]

    @callback
    def pick() -> None:
        rows = st.session_state[key].selection.rows
        if rows and rows[0] < len(items):
            session.set_item(str(ids.iloc[items[rows[0]]]))
        redraw_live()

    return pick
