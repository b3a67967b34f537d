"""Which groups of items are seen: their share against what it is held against, and by stage."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.charts.exposure_dots import Target, exposure_dots, exposure_dots_alt
from dashboard.charts.exposure_stages import stage_shares, stage_shares_alt
from dashboard.exposure.choices import TARGET_LABELS
from dashboard.exposure.frames import group_frame, group_shares_by_stage, shares
from dashboard.exposure.view import ExposureView
from dashboard.exposure.words import stage_name
from dashboard.panels import Drawing
from engine.data.wording import counted

__all__ = ["group_shares"]

MOST_GROUPS = 14
"""Groups drawn, the largest by exposure; the table to download holds all."""


def group_shares(view: ExposureView) -> Callable[[], None]:
    """Make each item group's exposure against its targets, and stage by stage."""
    now, before = shares(view)
    frame = group_frame(now, before, view.target)
    label = now.groups.label.lower()
    order = np.arange(len(frame))
    if len(frame) > MOST_GROUPS:
        order = np.sort(np.argsort(-frame["before"].to_numpy(), kind="stable")[:MOST_GROUPS])
    drawn = frame.iloc[order]
    targets = [
        Target(name, words, now.targets[name][order]) for name, words in TARGET_LABELS.items()
    ]
    title = f"Share of exposure by {label}, and its change"
    dots = Drawing(
        "exposure_groups",
        exposure_dots(drawn, title=title, x_title="share of exposure", targets=targets),
        exposure_dots_alt(drawn, title, targets),
    )
    stages = _by_stage(view, order, list(drawn["group"]), now.targets[view.target][order])

    def draw() -> None:
        grid = st.grid(2, min_column_width=440, gap="medium")
        with grid.container():
            dots.draw()
        with grid.container():
            stages.draw()
        _how_to_read(view, n_hidden=len(frame) - len(drawn), n=now.n)

    return draw


def _by_stage(
    view: ExposureView, order: NDArray[np.integer], labels: list[str], target: NDArray[np.float64]
) -> Drawing:
    names = [stage_name(stage) for stage in view.stages]
    by_stage = group_shares_by_stage(view)[order]
    title = "Where it starts: share at every stage"
    figure = stage_shares(
        labels, names, by_stage, target, title=title, target_name=TARGET_LABELS[view.target]
    )
    alt = stage_shares_alt(labels, names, by_stage, title)
    return Drawing("exposure_stages", figure, alt)


def _how_to_read(view: ExposureView, *, n_hidden: int, n: int) -> None:
    more = f" The {MOST_GROUPS} largest groups are drawn; the download has {n_hidden} more."
    st.caption(
        f"Left, over n = {counted(n, 'person')}: where a mark lies beyond the bar of a dot, the "
        "group is clearly shown more or less than that share. The change is paired over the same "
        f"people, nearer to or further from the share of {TARGET_LABELS[view.target]}, and grey "
        "where it is not clear beyond the noise, all groups considered. Right: blue = more "
        f"than its share of {TARGET_LABELS[view.target]}, vermilion = less."
        + (more if n_hidden else "")
    )
