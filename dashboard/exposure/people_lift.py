"""How much more popular lists are than histories, by group of people."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from dashboard.charts.exposure_dots import exposure_dots, exposure_dots_alt
from dashboard.exposure import keys
from dashboard.exposure.choices import TASTE
from dashboard.exposure.frames import lift_frame
from dashboard.exposure.view import ExposureView
from dashboard.panels import Drawing, reading
from dashboard.plain_text import as_markdown
from engine.metrics.statistics.policy import POLICY

__all__ = ["lift_sentence", "people_lift"]


def people_lift(view: ExposureView) -> Callable[[], None]:
    """Make the lift of each group before and after, with its change."""
    attributes = view.artifacts.attributes
    attribute = st.session_state.get(keys.BY)
    if attribute not in attributes:
        attribute = TASTE if TASTE in attributes else next(iter(attributes))
    frame = lift_frame(view, attribute)
    title = f"Popularity lift by {attribute}, and its change"
    figure = exposure_dots(
        frame, title=title, x_title="(popularity of list − of history) / of history"
    )
    question = "Is anybody moved towards the mainstream?"
    drawing = Drawing("lift_by_group", figure, exposure_dots_alt(frame, title), question)
    return partial(_draw, drawing, lift_sentence(frame))


def _draw(drawing: Drawing, sentence: str) -> None:
    drawing.draw()
    if sentence:
        st.markdown(as_markdown(sentence))
    reading(
        "At 0 % a group is shown items as popular as those it chose itself; a niche group far to "
        "the right is moved towards the mainstream (Abdollahpouri et al. 2019). What people chose "
        "is their whole history, what they rated low included. The change is paired over the same "
        "people, nearer to 0 or further from it, and grey where it is not clear beyond the noise, "
        f"all groups considered. Groups of fewer than {POLICY.least_n} people are not shown."
    )


def lift_sentence(frame: pd.DataFrame) -> str:
    """Say which group's lists are the most and which the least popular beside its histories."""
    known = frame[frame["after"].notna()]
    if len(known) < 2:
        return ""
    high, low = known.loc[known["after"].idxmax()], known.loc[known["after"].idxmin()]
    return f"{_beside_history(high)}; {_beside_history(low)}."


def _beside_history(row: pd.Series) -> str:
    lift = row["after"]
    way = "more" if lift > 0 else "less"
    ends = sorted(abs(100 * end) for end in (row["after_low"], row["after_high"]))
    if row["after_low"] <= 0 <= row["after_high"]:
        return f"{row['group']}: about as popular as what they chose (n = {row['n']:,})"
    return (
        f"{row['group']}: lists {abs(lift) * 100:.0f} % {way} popular than what they chose "
        f"(95 % interval {ends[0]:.0f} to {ends[1]:.0f} %, n = {row['n']:,})"
    )
