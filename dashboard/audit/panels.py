"""The upper half of the audit page: the headline, the dots on the band, the sentences."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.audit.group_people import draw_people_link, pick_group
from dashboard.charts.disparity import ROW_HEIGHT, disparity_alt, disparity_dots
from dashboard.charts.standings import standings_of
from dashboard.glossary_link import in_glossary
from dashboard.panels import chart
from dashboard.plain_text import as_markdown
from engine.audit.audit import Audit
from engine.audit.comparison import MOST_DRAWN, dots_frame
from engine.audit.finding import Finding, lowest
from engine.audit.one_number import LEVEL, gap_in_words, null_of
from engine.audit.report import CHANCES
from engine.audit.summary import (
    clear_findings,
    conclusion,
    shift_sentence,
    suppressed_sentence,
)
from engine.audit.words import disparity_sentence, list_of, p_value, times
from engine.data.wording import counted
from engine.formats import MISSING, interval, number, style_of
from engine.metrics.gap_null import GapNull

__all__ = ["dots", "halves", "headline", "numbers", "sentences"]

ICONS = {
    "bad": ":red[:material/arrow_left:]",
    "good": ":green[:material/arrow_right:]",
    "moved": ":blue[:material/swap_vert:]",
    "none": ":gray[:material/remove:]",
}
"""Tone of a verdict → icon."""
MOST_SENTENCES = 3
"""Clear disparities that stand out; the others are in the list below."""
FULL_BOX = 4
"""More sentences than this scroll inside their box."""

LEAST_BOX, MOST_BOX = 230, 560
"""Pixels: the lowest and the tallest box of sentences."""

COLOURS: dict[str, Literal["red", "green", "blue", "gray"]] = {
    "bad": "red",
    "good": "green",
    "moved": "blue",
    "none": "gray",
}


def headline(view: Audit) -> None:
    """Draw the four figures: clear disparities, gap, the gap of chance, the lowest group."""
    grid = st.grid(4, min_column_width=215, gap="xsmall")
    null = null_of(view)
    for draw in (_clear, _gap, _chance, _lowest):
        with grid.container(border=True, gap=None, height="stretch"):
            draw(view, null)


def _clear(view: Audit, _null: GapNull) -> None:
    comparison = view.comparison
    compared = [f for f in comparison.after if f.is_judged]
    n_before = sum(f.is_clear for f in comparison.before)
    st.metric(
        "Clear disparities",
        f"{len(clear_findings(comparison))} of {counted(len(compared), 'group')}",
        f"{n_before} before",
        delta_color="gray",
        delta_arrow="off",
        help=f"Groups that differ from the reference beyond the noise. "
        f"{view.settings.policy.in_words(len(compared))} Exact against groups dealt at random. "
        f"{in_glossary('Clear')}",
    )


def _gap(view: Audit, null: GapNull) -> None:
    style = style_of(view.metric)
    before = null_of(view, view.before, n_deals=1)
    st.metric(
        "Gap, highest − lowest",
        number(null.value, style),
        gap_in_words(null),
        delta_color="red" if null.p < LEVEL else "gray",
        delta_arrow="off",
        help=f"Between the means of {null.n_groups} groups; {number(before.value, style)} before.",
    )


def _chance(view: Audit, null: GapNull) -> None:
    style = style_of(view.metric)
    st.metric(
        "Gap by chance alone",
        number(null.expected, style),
        f"95 % below {number(null.limit, style)}, {p_value(null.p)}",
        delta_color="gray",
        delta_arrow="off",
        help="The highest of several means lies above the lowest even where nobody is served "
        "differently. This is the mean gap when the same values are dealt to the same people at "
        "random, 1,000 times; p is the share of deals with a gap as wide.",
    )


def _lowest(view: Audit, _null: GapNull) -> None:
    least = lowest(view.comparison.after)
    if not least:
        st.metric("Lowest", MISSING)
        return
    style, first = style_of(view.metric), least[0]
    names = [as_markdown(one.group) for one in least]
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    st.metric(
        f"Lowest: {names[0]}{more}",
        number(first.value.value, style),
        _against(least),
        delta_color=COLOURS[first.verdict.word.tone] if len(least) == 1 else "gray",
        delta_arrow="off",
        help=f"{list_of(names)}: mean {number(first.value.value, style)}, 95 % interval "
        f"{interval(first.value.low, first.value.high, style)}, n = {first.n:,}. The lowest of "
        "several groups looks lower than it is; the worst-group finder corrects for that. "
        f"{in_glossary('Interval')}",
    )


def _against(least: tuple[Finding, ...]) -> str:
    """Say how the lowest group stands; of several, only that they tie."""
    if len(least) > 1:
        return f"{counted(len(least), 'group')} tie"
    (one,) = least
    if one.is_clear and one.ratio.is_known:
        return f"{times(one.ratio)[0]}, {one.judgement}"
    return one.judgement


def dots(view: Audit) -> None:
    """Draw every group on the band around the reference."""
    frame = dots_frame(view.comparison)
    title = _title(view)
    figure = disparity_dots(
        frame,
        title=title,
        metric=_with_unit(view),
        band=view.settings.band,
        is_share=view.metric.as_percent,
        standings=standings_of(view.metric.change_words),
    )
    chart(
        figure,
        key="disparity",
        alt=disparity_alt(frame, title),
        question="Who is served worse?",
        on_click=pick_group,
    )
    hidden = suppressed_sentence(view.comparison, view.settings.min_n)
    more = len(view.comparison.shown) - len(frame)
    if more > 0:
        hidden += f" The {MOST_DRAWN} largest groups are drawn; the table holds {more} more."
    if hidden:
        st.caption(as_markdown(hidden))
    draw_people_link(view)


def _title(view: Audit) -> str:
    comparison = view.comparison
    return f"{comparison.label} by {view.by}, against {comparison.reference.words}"


def _with_unit(view: Audit) -> str:
    unit = "" if view.metric.as_percent else f", {view.metric.unit}"
    return f"{view.comparison.label}{unit}"


def box_height(n_drawn: int) -> int:
    """Pixels of the box of sentences, so that it ends about where the figure beside it does."""
    return int(np.clip(ROW_HEIGHT * min(n_drawn, MOST_DRAWN), LEAST_BOX, MOST_BOX))


def sentences(view: Audit) -> None:
    """Say what is clear, what the setting did, and, below, what is not clear."""
    comparison, style = view.comparison, style_of(view.metric)
    clear = clear_findings(comparison)
    tones = [finding.verdict.word.tone for finding in clear] or ["none"] * MOST_SENTENCES
    for tone, sentence in zip(tones[:MOST_SENTENCES], conclusion(comparison), strict=False):
        icon = ICONS[tone]
        st.markdown(f"{icon} **{as_markdown(sentence)}**")
    st.markdown(as_markdown(shift_sentence(comparison)))
    said = {finding.group for finding in clear[:MOST_SENTENCES]}
    rest = [f for f in comparison.after if f.group not in said and f.n + f.n_undefined > 0]
    # Of small groups the sentence below the chart says how many; their names would be a long list.
    rest = [f for f in rest if not f.is_hidden or f.n >= view.settings.min_n]
    rest.sort(key=lambda finding: finding.is_hidden)
    if rest:
        is_long = len(rest) > FULL_BOX
        height = box_height(len(comparison.shown))
        with st.container(height=height if is_long else "content", border=True, gap="xsmall"):
            for finding in rest:
                text = disparity_sentence(finding, comparison.label, style)
                st.caption(f"{ICONS[finding.verdict.word.tone]} {as_markdown(text)}")


FIGURE, CHANCE = "%.3f", "%.2g"
"""How tables write a figure, and a probability under chance, which never is exactly 0."""


def numbers(frame: pd.DataFrame) -> dict[str, object]:
    """Return how the columns of figures of a table are written."""
    return {
        name: st.column_config.NumberColumn(format=CHANCE if name in CHANCES else FIGURE)
        for name in frame.columns
        if pd.api.types.is_float_dtype(frame[name])
    }


def halves() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Return two places side by side, or below one another where the page is narrow."""
    grid = st.grid(2, min_column_width=440, gap="medium")
    return grid.container(), grid.container()
