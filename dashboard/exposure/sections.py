"""The lower half of the page: one section at a time, and only that one is computed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cached_exposure
from dashboard.charts.exposure_dots import Target, exposure_dots, exposure_dots_alt
from dashboard.charts.exposure_stages import stage_shares, stage_shares_alt
from dashboard.charts.item_cloud import ItemCloud, item_cloud, item_cloud_alt, item_cloud_note
from dashboard.exposure import keys
from dashboard.exposure.choices import TARGET_LABELS
from dashboard.exposure.frames import (
    group_frame,
    group_shares_by_stage,
    holder_frame,
    lift_frame,
    mover_frame,
    shares,
)
from dashboard.exposure.log_lane import LogLane
from dashboard.exposure.view import ExposureView
from dashboard.exposure.words import STAGE_NAMES
from dashboard.panels import chart, table
from dashboard.people.link import person_link
from dashboard.plain_text import as_markdown

__all__ = ["SECTIONS", "section"]

MOST_GROUPS = 14
"""Groups drawn, the largest by exposure; the table to download holds all."""
MOST_LINKS = 6


def item_groups(view: ExposureView) -> None:
    """Draw each item group's exposure against its targets, and stage by stage."""
    now, before = shares(view)
    frame = group_frame(now, before)
    label = now.groups.label.lower()
    order = np.arange(len(frame))
    if len(frame) > MOST_GROUPS:
        order = np.sort(np.argsort(-frame["before"].to_numpy(), kind="stable")[:MOST_GROUPS])
    drawn = frame.iloc[order]
    targets = [
        Target(name, TARGET_LABELS[name], values[order]) for name, values in now.targets.items()
    ]
    left, right = _halves()
    with left:
        title = f"Share of exposure by {label}"
        figure = exposure_dots(drawn, title=title, x_title="share of exposure", targets=targets)
        chart(figure, key="exposure_groups", alt=exposure_dots_alt(drawn, title, targets))
    with right:
        names = [STAGE_NAMES.get(stage, stage) for stage in ("history", *view.stages)]
        by_stage = group_shares_by_stage(view, len(frame))[order]
        labels = list(drawn["group"])
        title = f"Where it starts: share at every stage, by {label}"
        figure = stage_shares(
            labels,
            names,
            by_stage,
            now.targets[view.target][order],
            title=title,
            target_name=TARGET_LABELS[view.target],
        )
        chart(figure, key="exposure_stages", alt=stage_shares_alt(labels, names, by_stage, title))
    hidden = len(frame) - len(drawn)
    more = f" The {len(drawn)} largest groups are drawn; the download has {hidden} more."
    st.caption(
        "Left: a mark beyond the bar of a dot means that the group is clearly shown more or less "
        "than that target. Right: blue = more than its share of "
        f"{TARGET_LABELS[view.target]}, vermilion = less." + (more if hidden else "")
    )


def every_item(view: ExposureView) -> None:
    """Draw each item's exposure against its popularity."""
    popularity = np.asarray(view.artifacts.popularity)
    weights = view.found.measured.settings
    n = view.found.n_users
    now, before = view.found.exposure, view.found.baseline_exposure
    change = np.where(now > before * 1.1 + 0.5, 1, np.where(now < before / 1.1 - 0.5, -1, 0))
    cloud = ItemCloud(
        popularity,
        now,
        before,
        change.astype(np.int8),
        view.artifacts.items["title"].to_list(),
        LogLane.spanning(1.0, max(float(popularity.max(initial=1)), 2.0)),
        LogLane.spanning(0.1, float(max(n, 2))),
        "popularity, people with the item in their history",
        f"exposure, attention summed over lists ({weights.attention})",
    )
    chart(item_cloud(cloud, height=430), key="item_cloud", alt=item_cloud_alt(cloud))
    st.caption(
        "Above the dotted line an item is seen more than its popularity would give it; marked are "
        "changes of more than a tenth and half a place. " + item_cloud_note(cloud.n_items)
    )


def gained_and_lost(view: ExposureView) -> None:
    """List the items that most people gained and lost, and who those people are."""
    moved = cached_exposure.movement(view.scenario, view.settings)
    gained, lost = mover_frame(view, moved, sign=1), mover_frame(view, moved, sign=-1)
    if gained.empty and lost.empty:
        st.info("The setting leaves every list as it was: nothing gained, nothing lost.")
        return
    left, right = _halves()
    with left:
        _mover_table(gained, "gained", "Most gained")
    with right:
        _mover_table(lost, "lost", "Most lost")
    _people_of(view, pd.concat([gained, lost]))


def _mover_table(frame: pd.DataFrame, key: str, title: str) -> None:
    st.markdown(f"**{title}**, people whose list holds the item")
    table(
        frame.drop(columns=["item", "popularity"]),
        key=f"_{key}",
        alt=f"{title}: " + "; ".join(f"{r.title} {r.net:+d}" for r in frame.itertuples()),
        columns={
            "title": st.column_config.TextColumn("Title", width="medium"),
            "before": st.column_config.NumberColumn("Before", format="localized"),
            "after": st.column_config.NumberColumn("After", format="localized"),
            "net": st.column_config.NumberColumn("Net", format="%+d"),
            "net_low": st.column_config.NumberColumn("95 % from", format="%+.0f"),
            "net_high": st.column_config.NumberColumn("to", format="%+.0f"),
        },
    )


def _people_of(view: ExposureView, movers: pd.DataFrame) -> None:
    titles = dict(zip(movers["item"].astype(int), movers["title"], strict=True))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        item = st.selectbox(
            "Whose lists",
            list(titles),
            format_func=lambda index: str(titles[index]),
            key=f"_{keys.ITEM}",
            width=320,
        )
        held = holder_frame(view, int(item))
        for fate in ("gained", "lost"):
            people = held.loc[held["fate"] == fate, "user_id"]
            if len(people):
                st.caption(f"{fate} by {len(people):,}:", width="content")
            for person in people.head(MOST_LINKS):
                person_link(str(person))


def people_lift(view: ExposureView) -> None:
    """Draw how much more popular lists are than histories, by group of people."""
    attribute = st.session_state.get(keys.BY) or list(view.artifacts.attributes)[-1]
    frame = lift_frame(view, attribute)
    title = f"Popularity lift by {attribute}"
    figure = exposure_dots(
        frame, title=title, x_title="(popularity of list − history) / history", is_share=True
    )
    chart(figure, key="lift_by_group", alt=exposure_dots_alt(frame, title))
    low = frame.loc[frame["after"].idxmin()] if frame["after"].notna().any() else None
    high = frame.loc[frame["after"].idxmax()] if frame["after"].notna().any() else None
    if low is not None and high is not None:
        st.markdown(
            as_markdown(
                f"Lists are {high['after']:+.0%} more popular than the history of "
                f"{high['group']} (n = {high['n']:,}), and {low['after']:+.0%} for {low['group']} "
                f"(n = {low['n']:,})."
            )
        )
    st.caption(
        "0 % means that a group gets items as popular as those it chose itself; the lift of "
        "niche groups shows who is moved most towards the mainstream (Abdollahpouri et al. 2019)."
    )


def _halves() -> tuple:
    grid = st.grid(2, min_column_width=440, gap="medium")
    return grid.container(), grid.container()


SECTIONS: dict[str, Callable[[ExposureView], None]] = {
    "Item groups": item_groups,
    "Every item": every_item,
    "Gained and lost": gained_and_lost,
    "People": people_lift,
}
"""What can be looked into, in order; the last one asks by which attribute."""


def section(view: ExposureView) -> None:
    """Draw the chosen section."""
    SECTIONS[st.session_state.get(keys.SECTION) or next(iter(SECTIONS))](view)
