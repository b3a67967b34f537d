"""The year itself: what parts the setting from the baseline, measure by measure."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard import cached_years
from dashboard.boundary import callback
from dashboard.cached_engine import fit_key
from dashboard.charts.year_bands import Track, year_bands, year_bands_alt
from dashboard.controls import redraw_live
from dashboard.feedback.choices import Asked
from dashboard.palette import BASELINE, SETTING
from dashboard.panels import Drawing, reading
from dashboard.plain_text import as_markdown, as_message
from dashboard.tray import progress
from engine.data.wording import counted
from engine.formats import change, confidence, number
from engine.metrics.statistics.verdict import judge
from engine.simulate.fork import SEED_POLICY, Parting, at_the_end, paired, partings
from engine.simulate.measures import MEASURES
from engine.simulate.year import Year
from engine.simulate.year_words import assumed

__all__ = ["draw_year", "finding"]

_LAST = "_last_year"
A_ROW = 4
WAITING = 160
"""Pixels of a grey block, so that nothing moves when the curve comes in its place."""


def draw_year(asked: Asked) -> Year | None:
    """Draw the year asked for, or how far it is; return it once it is there.

    While it is simulated the year before stays in view, under its own name.
    """
    job = cached_years.year_job(asked.own, asked.config)
    if job.has_result:
        year: Year = job.result
        st.session_state[_LAST] = fit_key(), year
        _draw(year, asked.attribute)
        return year
    if job.error:
        st.warning(as_message(job.error), icon=":material/info:")
        st.button("Run it again ▸", key="_again", on_click=_again, args=(asked,))
    else:
        progress(job)
    fit, last = st.session_state.get(_LAST) or (None, None)
    if job.partial is not None and not job.error:
        n = job.partial.n_seeds
        st.caption(f"So far: {counted(n, 'repetition')} of {asked.config.seeds}.")
        _draw_curves(job.partial, asked.attribute)
    elif last is not None and fit == fit_key():
        st.caption(as_markdown(f"Until then: {last.arms[1].label}."))
        _draw(last, asked.attribute)
    elif not job.error:
        _draw_waiting(asked)
    return None


def _draw_waiting(asked: Asked) -> None:
    """Say what is being done, and hold the place of each curve, under what it will answer."""
    st.markdown(as_markdown(what_is_done(asked)))
    names = list(MEASURES)
    for start in range(0, len(names), A_ROW):
        places = st.columns(A_ROW, gap="small")
        for place, name in zip(places, names[start : start + A_ROW], strict=False):
            with place, st.container(gap=None):
                title = as_markdown(_title(name, asked.attribute))
                st.markdown(f"**{title}**  \n:small[:gray[{MEASURES[name].question}]]")
                st.container(key=f"waiting_{name}", height=WAITING, border=False)


def what_is_done(asked: Asked) -> str:
    """Say what goes on while a year is simulated, and when there is something to see."""
    config = asked.config
    return (
        "Your setting and the baseline run side by side, on the same luck: in each of "
        f"{counted(config.rounds, 'round')} everybody gets a list and plays from it, and after "
        f"every {counted(config.refit_every, 'round')} the models learn anew from what was played. "
        f"The curves come with the first of {counted(config.seeds, 'repetition')}, and grow surer "
        "with each."
    )


@callback
def _again(asked: Asked) -> None:
    cached_years.year_job(asked.own, asked.config, anew=True)
    redraw_live()


def _draw(year: Year, attribute: str) -> None:
    st.markdown(as_markdown(finding(year, attribute)))
    _draw_curves(year, attribute)
    first, *others = assumed(year)
    reading(as_markdown(" ".join(others)), as_markdown(first))


def _draw_curves(year: Year, attribute: str) -> None:
    drawings = [_drawing(year, name, attribute) for name in MEASURES]
    for start in range(0, len(drawings), A_ROW):
        places = st.columns(A_ROW, gap="small")
        for place, drawing in zip(places, drawings[start : start + A_ROW], strict=False):
            with place:
                if drawing is not None:
                    drawing.draw()


def finding(year: Year, attribute: str) -> str:
    """Say in a sentence or two where the setting leads.

    What is clear is said with its interval; what is not is said to be not clear.
    """
    parted = {one.measure: one for one in partings(year, 1, attribute)}
    opening = _left_alone(year)
    clear = [one for one in parted.values() if one.verdict.is_clear]
    unclear = [MEASURES[m].label for m, one in parted.items() if not one.verdict.is_clear]
    if not clear:
        return f"{opening} {year.arms[1].label}: no clear change in any of these by then."
    said = "; ".join(_short(one) for one in clear)
    rest = f" No clear change: {', '.join(unclear)}." if unclear else ""
    sure = confidence(clear[0].verdict.confidence)
    return (
        f"{opening} With {year.arms[1].label}, in the last fifth: {said} ({sure} intervals, "
        f"n = {clear[0].n} repetitions).{rest}"
    )


def _left_alone(year: Year) -> str:
    """Say where the baseline goes by itself, from its first round to the last fifth."""
    own, style = year.values["gini"][0], MEASURES["gini"].style
    first, last = own[:, 0], at_the_end(own[None])[0]
    (verdict,) = judge([paired(last, first, "neither")], SEED_POLICY)
    way = "no clear change in what is seen"
    if verdict.is_clear:
        way = f"what is seen {'narrows' if verdict.value > 0 else 'spreads'}"
    ends = f"{number(float(first.mean()), style)} to {number(float(last.mean()), style)}"
    return f"Left alone for {year.config.rounds} rounds, {way}: Gini of exposure {ends}."


def _short(one: Parting) -> str:
    measure, verdict = MEASURES[one.measure], one.verdict
    moved = change(verdict.value, one.before, measure.style, (verdict.low, verdict.high))
    return f"{measure.label} {moved}, {verdict.word}"


def _title(name: str, attribute: str) -> str:
    label = MEASURES[name].label
    return label if name != "gap" else f"{label} by {attribute}"


def _drawing(year: Year, name: str, attribute: str) -> Drawing | None:
    measure, values = MEASURES[name], year.of(name, attribute)
    if np.isnan(values).all():
        return None
    tracks = [
        Track("baseline", values[0], BASELINE, is_dashed=True),
        Track("your setting", values[1], SETTING),
    ]
    title = _title(name, attribute)
    figure = year_bands(title, tracks, style=measure.style)
    alt = year_bands_alt(title, tracks, measure.style)
    return Drawing(f"year_{name}", figure, alt, measure.question)
