"""Which groups of items are seen: their share against what it is held against, and by stage."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from dashboard.charts.exposure_dots import Target, exposure_dots, exposure_dots_alt
from dashboard.charts.exposure_stages import stage_shares, stage_shares_alt
from dashboard.exposure.choices import TARGET_LABELS
from dashboard.exposure.frames import group_frame, group_shares_by_stage, shares
from dashboard.exposure.view import ExposureView
from dashboard.exposure.words import stage_name
from dashboard.panels import Drawing, reading
from engine.audit.lost_on_the_way import StageShares, loss_sentence
from engine.data.wording import counted
from engine.metrics.item_groups import BANDS

__all__ = ["group_shares", "stage_heat_map"]

MOST_GROUPS = 14
"""Groups drawn, the largest by exposure; the table to download holds all."""


def group_shares(view: ExposureView) -> Callable[[], None]:
    """Make each item group's exposure against its targets."""
    now, before = shares(view)
    frame = group_frame(now, before, view.target)
    label = now.groups.label.lower()
    order = _drawn(frame["before"].to_numpy())
    drawn = frame.iloc[order]
    targets = [
        Target(name, words, now.targets[name][order]) for name, words in TARGET_LABELS.items()
    ]
    title = f"Share of exposure by {label}, and its change"
    dots = Drawing(
        "exposure_groups",
        exposure_dots(drawn, title=title, x_title="share of exposure", targets=targets),
        exposure_dots_alt(drawn, title, targets),
        "Is each group shown in proportion?",
    )

    def draw() -> None:
        dots.draw()
        _how_to_read(view, n_hidden=len(frame) - len(drawn), n=now.n)

    return draw


def _drawn(share: NDArray[np.floating]) -> NDArray[np.integer]:
    """Return the places of the groups to draw, in their own order."""
    if len(share) <= MOST_GROUPS:
        return np.arange(len(share))
    return np.sort(np.argsort(-share, kind="stable")[:MOST_GROUPS])


def stage_heat_map(view: ExposureView) -> tuple[Drawing, str]:
    """Make the share of each item group at every stage; return it, and where most is lost."""
    now, before = shares(view)
    order = _drawn(before.share)
    labels = [now.groups.labels[at] for at in order]
    by_stage = group_shares_by_stage(view)[order]
    target = now.targets[view.target][order]
    names = [stage_name(stage) for stage in view.stages]
    title = "Share of exposure at every stage"
    words = TARGET_LABELS[view.target]
    figure = stage_shares(labels, names, by_stage, target, title=title, target_name=words)
    ends = list(zip(now.low[order], now.high[order], strict=True))
    found = StageShares(labels, names, by_stage, target, words, ends, now.n)
    said = loss_sentence(found)
    alt = f"{said} {stage_shares_alt(labels, names, by_stage, title)}"
    tail = "the long tail" if BANDS[-1] in labels else "a group"
    return Drawing("exposure_stages", figure, alt, f"Where is {tail} lost?"), said


def _how_to_read(view: ExposureView, *, n_hidden: int, n: int) -> None:
    more = f" The {MOST_GROUPS} largest groups are drawn; the download has {n_hidden} more."
    reading(
        "Where a mark lies beyond the bar of a dot, the "
        "group is clearly shown more or less than that share. The change is paired over the same "
        f"people, nearer to or further from the share of {TARGET_LABELS[view.target]}, and grey "
        "where it is not clear beyond the noise, all groups considered."
        + (more if n_hidden else ""),
        f"n = {counted(n, 'person')}",
    )
