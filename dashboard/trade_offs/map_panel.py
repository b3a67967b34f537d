"""The picture of the page, its words, and the settings of the front to take."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from dashboard import cached_sweeps, session
from dashboard.boundary import callback
from dashboard.panels import chart, first_of, reading, table
from dashboard.plain_text import as_markdown
from dashboard.presets import in_words
from dashboard.trade_offs import keys
from dashboard.trade_offs.map_figure import CHART, Z, map_alt, map_figure
from engine.analysis.aims import Aim, better_sign
from engine.analysis.readings import Readings
from engine.analysis.swept import Mapped, Sweep
from engine.data.wording import counted
from engine.formats import Style, change, number, style_of
from engine.metrics.registry import METRICS
from engine.scenario import Scenario

__all__ = ["draw_front", "draw_map", "draw_so_far", "front_frame", "has_taken", "setting_frame"]
__all__ += ["take"]

_TAKEN = "_taken_from_the_map"
QUESTION = "What does more of one cost in the other?"


def _style(aim: Aim) -> Style:
    return style_of(METRICS[aim.metric])


def draw_map(found: Sweep, scenario: Scenario, controls: tuple[str, ...]) -> Callable[[], None]:
    """Make the map and the words below it; return what draws them."""
    figure = map_figure(found, found.aims, scenario)
    told = cached_sweeps.advice(found, scenario, controls)
    idle = cached_sweeps.idle(scenario, controls)
    alt = f"{map_alt(found)} {told.words}"

    def draw() -> None:
        chart(figure, key=CHART, alt=alt, question=QUESTION, on_click=_pick(found))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{as_markdown(told.words)}**", width="content")
            if told.better is not None:
                st.button("Take it", on_click=take, args=(told.better,), key="_take_better")
        for sentence in idle:
            st.caption(f":material/block: {as_markdown(sentence)}")
        reading(_HOW, _basis(found))

    return draw


def draw_so_far(found: Sweep | None, aims: tuple[Aim, ...], scenario: Scenario) -> None:
    """Draw the map while it is made: your place and the baseline's at once, settings as they come.

    There is nothing to take from it yet, and no advice: what is best so far may be beaten.
    """
    n = len(found.settings) if found else 0
    said = f"So far: {counted(n, 'setting')} of {cached_sweeps.SETTINGS}."
    alt = f"{map_alt(found)} {said}" if found else f"The map with your place. {said}"
    figure = map_figure(found, aims, scenario)
    chart(figure, key=f"{CHART}_so_far", alt=alt, question=QUESTION)
    st.caption(f"{said} Advice, and settings to take, come when all are measured.")


_HOW = (
    "Dim = beaten in both figures by another. Bars are 95 % intervals of the change from the "
    "baseline, over the same people. Picked for looking good, the front looks a little better than "
    "it is: confirm a choice with the search on the right. Click a point to take its weights; the "
    "list below does the same by keyboard."
)


def _basis(found: Sweep) -> str:
    n_confirmed = sum(m.is_confirmed for m in found.settings)
    again = f"all {found.n_people:,}"
    if found.n_confirming < found.n_people:
        again = f"{found.n_confirming:,} of {found.n_people:,} (and you and what is saved as well)"
    tried = counted(len(found.settings), "setting")
    return (
        f"{tried}, all measured on all {counted(found.n_people, 'person')}"
        if found.n_sampled == found.n_people
        else f"{tried} tried on a sample of {counted(found.n_sampled, 'person')}, "
        f"{n_confirmed} of them measured again on {again}; only those make the front"
    )


@callback
def take(scenario: Scenario) -> None:
    """Put the controls where a setting of the map has them (from a callback)."""
    session.set_scenario(scenario)
    st.session_state[_TAKEN] = True


def has_taken() -> bool:
    """Whether a setting was just taken: the sidebar, outside of the live part, is to follow."""
    return bool(st.session_state.pop(_TAKEN, False))


def _pick(found: Sweep) -> Callable[[], None]:
    @callback
    def pick() -> None:
        points = st.session_state[CHART].selection.points
        place = first_of(points[0].get("customdata")) if points else None
        if place is not None and 0 <= place < len(found.settings):
            take(found.settings[place].scenario)

    return pick


def draw_front(found: Sweep) -> None:
    """Draw the settings of the front: one to take, and all as a table."""
    front = _from_the_cheapest(found)
    labels = [_label(mapped, found) for mapped in front]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "A setting of the front",
            range(len(front)),
            format_func=lambda row: labels[row],
            key=keys.TAKEN,
            width=620,
        )
        if chosen is not None and chosen < len(front):
            st.button("Take these weights", on_click=take, args=(front[chosen].scenario,))
    table(front_frame(found), key="front_table", rows_shown=8, alt="The front")


def _label(mapped: Mapped, found: Sweep) -> str:
    values = [
        f"{aim.words} {number(float(value), _style(aim))}"
        for aim, value in zip(found.aims, mapped.readings.value, strict=True)
    ]
    return f"{' · '.join(values)} · {in_words(mapped.scenario)}"


def front_frame(found: Sweep) -> pd.DataFrame:
    """Return a row per setting of the front: its figures, changes with intervals, its controls."""
    return _frame(found, list(_from_the_cheapest(found)))


def _from_the_cheapest(found: Sweep) -> tuple[Mapped, ...]:
    """Return the front with the best in the second figure, what it costs as a rule, first."""
    sign = better_sign(found.aims[1])
    return tuple(sorted(found.front, key=lambda mapped: -sign * mapped.readings.value[1]))


def setting_frame(found: Sweep) -> pd.DataFrame:
    """Return a row per setting tried."""
    frame = _frame(found, list(found.settings))
    frame["on the front"] = [m.is_on_front for m in found.settings]
    frame["measured on"] = [
        found.n_confirming if m.is_confirmed else found.n_sampled for m in found.settings
    ]
    return frame


def _moved(readings: Readings, at: int, style: Style) -> str:
    """Say the change of one figure of a setting, with its 95 % interval."""
    moved, reach = float(readings.change[at]), Z * float(readings.change_error[at])
    before = float(readings.value[at]) - moved
    return change(moved, before, style, (moved - reach, moved + reach))


def _frame(found: Sweep, settings: list[Mapped]) -> pd.DataFrame:
    columns: dict[str, list[object]] = {}
    for at, aim in enumerate(found.aims):
        style = _style(aim)
        columns[aim.words] = [number(float(m.readings.value[at]), style) for m in settings]
        columns[f"{aim.words}, change"] = [_moved(m.readings, at, style) for m in settings]
    columns["setting"] = [in_words(m.scenario) for m in settings]
    return pd.DataFrame(columns)
