"""vs: what the figures of every page are held against, chosen in the header of each."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard import session
from dashboard.boundary import callback
from dashboard.glossary_link import in_glossary
from dashboard.presets import PRESETS
from dashboard.scenarios.candidates import PRESET, RANKER, Shelf, candidates, shelf
from dashboard.unique_labels import unique_labels
from engine.scenario import NEUTRAL
from engine.scenario_values import brief

__all__ = ["baseline_choice", "resolve_baseline"]

_WIDGET = "_vs"


def resolve_baseline() -> None:
    """Read what the address names as the baseline; call it once a run of the whole script.

    A saved scenario's id or name, or a preset's. What is not saved here, or cannot be read, is
    said; the ranker's order stands in for it.
    """
    given = session.against()
    if not given:  # nothing to look up: the store is read once a run, for the choice
        session.set_against("", NEUTRAL)
        return
    on_shelf = shelf()
    labels = _labels(on_shelf)
    key = given if given in labels else next((k for k in labels if labels[k] == given), given)
    if key == RANKER:
        session.set_against("", NEUTRAL)
        return
    known = candidates(tuple(one for one in on_shelf.saved if one.id == key))
    if key not in labels or key not in known:
        session.notice(
            f"{on_shelf.trouble} The baseline {brief(given)} is not to be had here: figures are "
            "held against the ranker's order. Choose another on top of the page.".strip()
        )
        session.set_against("", NEUTRAL)
        return
    session.set_against(key, replace(known[key].scenario, name=labels[key]))


def baseline_choice() -> None:
    """Draw the choice: the ranker's order, what is saved, presets."""
    labels = _labels(shelf())
    st.session_state[_WIDGET] = session.against() or RANKER
    st.selectbox(
        "Held against",
        list(labels),
        format_func=lambda key: f"vs: {labels.get(key, key)}",
        key=_WIDGET,
        on_change=_choose,
        label_visibility="collapsed",
        width=190,
        help="The baseline: the ranker's order, or what is saved. Every change on every page is "
        "taken from it, over the same people, with lists as long as the setting's. Why an item "
        f"moved is told from the ranker's order, whatever the baseline. {in_glossary('Baseline')}",
    )


def _labels(on_shelf: Shelf) -> dict[str, str]:
    presets = [name for name, preset in PRESETS.items() if not preset.is_neutral]
    keys = [RANKER, *(one.id for one in on_shelf.saved), *(f"{PRESET}{one}" for one in presets)]
    names = ["The ranker's order", *(one.name for one in on_shelf.saved)]
    names += [f"Preset {one}" for one in presets]
    return dict(zip(keys, unique_labels(names, keys), strict=True))


@callback
def _choose() -> None:
    session.name_against(st.session_state[_WIDGET])
