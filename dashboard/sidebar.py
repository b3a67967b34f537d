"""The sidebar: the scenario that all pages share."""

from __future__ import annotations

import streamlit as st

from dashboard import cached_engine, session
from dashboard.boundary import callback
from dashboard.control_notes import note_place
from dashboard.controls import choose, control
from dashboard.data_notes import data_notes
from dashboard.effort_setting import effort_setting
from dashboard.fitting_scenario import fitting, fitting_caps, fitting_rules
from dashboard.limits import caps_editor, rules_editor
from dashboard.named_icons import named_icon
from dashboard.presets import PRESETS
from engine.artifacts import Artifacts
from engine.controls import CONTROLS
from engine.reranking import WITH_EFFORT
from engine.scenario import Scenario

__all__ = ["SECTIONS", "leave_out_unknown", "sidebar"]

SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("diversity", ("diversity_method", "likeness", "likeness_mix", "diversity_window")),
    ("freshness", ("half_life_days",)),
    (
        "item_fairness",
        (
            "item_fairness_group",
            "item_fairness_method",
            "item_fairness_target",
            "fair_star_alpha",
        ),
    ),
    ("people_fairness", ("people_attribute",)),
    ("calibration", ()),
    ("popularity_penalty", ()),
)
"""Each weight, and the finer controls that open beside it."""


def sidebar(artifacts: Artifacts) -> None:
    """Draw every control of the scenario; their values are in :mod:`dashboard.session`."""
    with st.sidebar:
        _scenario_bar()
        for weight, details in SECTIONS:
            _weight(artifacts, weight, details)
        control("k")
        caps_editor(artifacts)
        rules_editor(artifacts)
        data_notes(artifacts)


def _scenario_bar() -> None:
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="xxsmall"):
        st.menu_button(
            "Presets",
            list(PRESETS),
            key="_preset",
            on_click=_apply_preset,
            help="Start from a ready-made setting; the list length stays.",
        )
        st.button(
            "Reset",
            key="_reset",
            on_click=callback(session.set_scenario),
            args=(Scenario(),),
            help="Every control back to its default.",
        )
        with st.popover("Open", help="Open a scenario file.", type="secondary"):
            st.file_uploader(
                "Scenario file (JSON)",
                type="json",
                key="_scenario_file",
                on_change=_open_file,
                max_upload_size=1,
            )


@callback
def _apply_preset() -> None:
    name = st.session_state.get("_preset")
    if name in PRESETS:
        session.set_scenario(PRESETS[name], keep_length=True)


def _weight(artifacts: Artifacts, weight: str, details: tuple[str, ...]) -> None:
    settings = f"{CONTROLS[weight].label} settings"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        slider_place = st.container()
        with st.popover(named_icon("sliders", settings), type="tertiary", help=settings):
            for name in details:
                _detail(artifacts, name)
            if weight in WITH_EFFORT:
                effort_setting(weight)
        with slider_place:  # after its method, which decides how it moves
            control(weight)
    note_place(weight)


def _detail(artifacts: Artifacts, name: str) -> None:
    if name == "item_fairness_group":
        choose(name, "Items to lift", _liftable(artifacts), _lift_words, help_="Who is lifted.")
    elif name == "people_attribute":
        choose(
            name,
            "Groups by",
            tuple(artifacts.attributes),
            str,
            help_="Between which groups of people service is levelled.",
        )
    else:
        control(name)


def _liftable(artifacts: Artifacts) -> tuple[str, ...]:
    genres = (f"genre:{name}" for name in artifacts.genre_names)
    providers = (f"provider:{name}" for name in artifacts.provider_names[:200])
    return ("long_tail", *genres, *providers)


def _lift_words(option: str) -> str:
    if option == "long_tail":
        return "Long tail"
    kind, _, name = option.partition(":")
    return f"{kind.capitalize()}: {name}"


def leave_out_unknown(artifacts: Artifacts) -> None:
    """Take out of a link's caps and rules what this data set does not have, and say so."""
    caps, of_caps = fitting_caps(artifacts, session.caps())
    rules, of_rules = fitting_rules(artifacts, session.rules())
    if of_caps:
        session.set_caps(caps)
    if of_rules:
        session.set_rules(rules)
    for sentence in (*of_caps, *of_rules):
        session.notice(sentence)


@callback
def _open_file() -> None:
    upload = st.session_state.get("_scenario_file")
    if upload is None:
        return
    fits, left_out = fitting(cached_engine.artifacts(), Scenario.from_json(upload.getvalue()))
    session.set_scenario(fits)
    for sentence in left_out:
        session.notice(sentence)
