"""Widgets made from the engine's table of controls, so that the two never disagree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import streamlit as st

from dashboard.boundary import callback
from dashboard.delivery import live_parts
from dashboard.glossary_link import in_glossary, with_glossary
from dashboard.session import KEYS
from engine.acronyms import spelled
from engine.controls import CONTROLS, Choice, Number
from engine.glossary import word_of
from engine.terms import WEIGHTS

__all__ = ["IN_LINK", "MOVES_LIVE", "choose", "choose_part", "control", "is_at_zero", "redraw_live"]

IN_LINK: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}
"""Of a page's own widget: its value stands in the link, and stays when another page is opened."""

SLIDER_STOPS = 201
"""A number with more stops than this is typed, not slid."""

METHOD, SWITCH = "item_fairness_method", "fair_star"
"""The control, and its option, that makes the weight of item fairness off or on."""


@callback
def redraw_live() -> None:
    """Redraw only the part of the page that depends on controls, where it has one."""
    parts = live_parts()
    if parts:
        st.rerun(parts)


MOVES_LIVE: dict[str, Any] = {**IN_LINK, "on_change": redraw_live}
"""The same, where the live part alone depends on it."""


def choose_part(
    parts: Iterable[str],
    key: str,
    *,
    begins: str | None = None,
    label: str = "Look into",
    is_live: bool = False,
) -> str:
    """Draw the choice of one part of a page, which lands in the link; return it.

    Parameters
    ----------
    parts : iterable of str
    key : str
    begins : str, optional
        Chosen at first: the first of all by default.
    label : str
        Read out, and not drawn.
    is_live : bool
        The live part alone depends on it.
    """
    names = list(parts)
    first = begins or names[0]
    chosen = st.segmented_control(
        label,
        names,
        default=first,
        key=key,
        required=True,
        on_change=redraw_live if is_live else "rerun",
        label_visibility="collapsed",
        **IN_LINK,
    )
    return chosen or first


def is_at_zero(name: str) -> bool:
    """Whether a weight is off, in the session and in a link that nothing has read yet."""
    key = KEYS[name]
    return key not in st.query_params and not st.session_state.get(key)


def control(name: str, *, is_off: bool = False) -> None:
    """Draw the widget of one control; its value lands in the session's state and in the link.

    ``is_off`` greys a slider.
    """
    spec = CONTROLS[name]
    if isinstance(spec, Choice):
        choose(name, spec.label, tuple(spec.options), _short(spec), help_=_explain(spec))
    elif (spec.high - spec.low) / spec.step < SLIDER_STOPS:
        _slider(spec, is_off=is_off)
    else:
        _typed(spec)


def _short(spec: Choice) -> Callable[[str], str]:
    """Labels up to their colon: they stand in the link too."""
    return lambda option: spec.options[option].partition(":")[0]


def _explain(spec: Choice) -> str:
    """Help that spells out the options."""
    lines = [f"- {spelled(label)}" for label in spec.options.values() if ":" in label]
    return "\n".join([spec.help, "", *lines, "", in_glossary(word_of(spec.name))])


def choose(
    name: str,
    label: str,
    options: Sequence[str],
    words: Callable[[str], str],
    *,
    help_: str,
) -> None:
    """Draw a select box for the field ``name`` of the scenario."""
    st.selectbox(
        label,
        options,
        format_func=words,
        key=KEYS[name],
        help=with_glossary(help_),
        on_change=None if name == METHOD else redraw_live,  # the weight's slider is another then
        bind="query-params",
    )


def _number_type(spec: Number) -> type:
    return int if spec.is_whole else float


def _with_unit(spec: Number) -> str:
    is_plain = spec.name in WEIGHTS or spec.unit in ("", "share", "probability")
    return spec.label if is_plain else f"{spec.label}, {spec.unit}"


def _step(spec: Number) -> float:
    """Return the slider's step: from end to end where the control is off or on.

    The value that a finer slider left behind is brought to an end: any weight above 0 is on.
    """
    key, state = KEYS[spec.name], st.session_state
    if spec.name != "item_fairness":
        return spec.step
    is_switch = state.get(KEYS[METHOD]) == SWITCH
    if key in state:  # a slider with another step is another widget, which would start anew
        state[key] = float(state[key] > 0.0) if is_switch else state[key]
    return spec.high - spec.low if is_switch else spec.step


def _slider(spec: Number, *, is_off: bool) -> None:
    kind = _number_type(spec)
    step = _step(spec)
    st.slider(
        _with_unit(spec) if step == spec.step else f"{spec.label}: 0 off, 1 on",
        kind(spec.low),
        kind(spec.high),
        kind(spec.default or 0),
        kind(step),
        format="%d" if spec.is_whole else "%.2f",
        key=KEYS[spec.name],
        help=f"{spec.help} {in_glossary(word_of(spec.name))}",
        on_change=redraw_live,
        bind="query-params",
        disabled=is_off,
    )


def _typed(spec: Number) -> None:
    kind = _number_type(spec)
    st.number_input(
        _with_unit(spec),
        kind(spec.low),
        kind(spec.high),
        kind(spec.default or 0),
        kind(spec.step if spec.is_whole else max(spec.step, (spec.high - spec.low) / 100 // 1)),
        format="%d" if spec.is_whole else "%.0f",
        key=KEYS[spec.name],
        help=f"{spec.help} {in_glossary(word_of(spec.name))}",
        on_change=redraw_live,
        bind="query-params",
    )
