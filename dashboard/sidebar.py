"""The sidebar: the scenario that all pages share."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard import cached_engine, session
from dashboard.boundary import callback
from dashboard.control_notes import note_place, why_off
from dashboard.controls import choose, control, is_at_zero
from dashboard.effort_setting import effort_setting
from dashboard.fitting_scenario import fitting, fitting_caps, fitting_rules
from dashboard.glossary_link import with_glossary
from dashboard.limits import caps_editor, rules_editor
from dashboard.named_icons import named_icon
from dashboard.plain_text import as_markdown, as_message
from dashboard.presets import PRESETS
from engine.artifacts import Artifacts
from engine.controls import Control, Named
from engine.fit_words import data_sentences, liked_words
from engine.scenario import Scenario
from engine.terms import TERMS
from engine.terms.record import Serves, Term

__all__ = ["data_notes", "leave_out_unknown", "sidebar"]


def sidebar(artifacts: Artifacts) -> None:
    """Draw every control of the scenario; their values are in :mod:`dashboard.session`."""
    with st.sidebar:
        _scenario_bar()
        why = why_off()
        for served, heading in GROUPS.items():
            st.markdown(f"**{heading}**")
            terms = [term for term in TERMS.values() if term.serves == served]
            for term in terms:
                _term(artifacts, term, why.get(term.name, ""))
        _objectives(artifacts, why)
        st.markdown("**Limits**")
        control("k")
        caps_editor(artifacts)
        rules_editor(artifacts)
        data_notes(artifacts)


def _objectives(artifacts: Artifacts, why: Mapping[str, str]) -> None:
    """Draw the weights of other objectives: folded up where none of them can do anything."""
    terms = [term for term in TERMS.values() if term.serves == "objectives"]
    is_open = any(term.name not in why or not is_at_zero(term.name) for term in terms)
    with st.expander("Other aims", expanded=is_open):
        for term in terms:
            _term(artifacts, term, why.get(term.name, ""))


def _scenario_bar() -> None:
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="xxsmall"):
        st.menu_button(
            "Presets",
            list(PRESETS),
            key="_preset",
            on_click=_apply_preset,
            help=with_glossary("Start from a ready-made setting; the list length stays."),
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


OF_GENRES = ("likeness", "likeness_mix")
"""Controls that choose between genres and something else."""


GROUPS: dict[Serves, str] = {"people": "For people", "items": "For items"}
"""Whom a term serves → the heading that its slider stands under, in the order of the sidebar; other
objectives follow in a part that folds up."""


def _term(artifacts: Artifacts, term: Term, why: str) -> None:
    """Draw a term's weight, and the finer controls that open beside it.

    ``why`` says why it can do nothing in this data, if so: it is grey then, but where a link has
    turned it on.
    """
    is_off = bool(why) and is_at_zero(term.name)
    settings = f"{term.weight.label} settings"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        slider_place = st.container()
        with st.popover(named_icon("sliders", settings), type="tertiary", help=settings):
            for finer in term.finer:
                _finer(artifacts, finer)
            if term.has_effort:
                effort_setting(term.name)
        with slider_place:  # after its method, which decides how it moves
            control(term.name, is_off=is_off)
    if is_off:
        st.caption(as_markdown(why))
    note_place(term.name)


def _finer(artifacts: Artifacts, finer: Control) -> None:
    if finer.name in OF_GENRES and not artifacts.genre_names:
        return  # factors alone say what is alike
    if not isinstance(finer, Named):
        control(finer.name)
    elif finer.prefixes:
        choose(finer.name, finer.label, _liftable(artifacts), _lift_words, help_=finer.help)
    else:
        choose(finer.name, finer.label, tuple(artifacts.attributes), str, help_=finer.help)


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


def data_notes(artifacts: Artifacts) -> None:
    """Draw the threshold, and a button that opens the notes and drops with their counts."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(as_markdown(liked_words(artifacts.manifest)), width="content")
        sentences = data_sentences(artifacts.manifest)
        with st.popover("What was done to the data", type="tertiary", icon=":material/notes:"):
            for sentence in sentences or ["The data are as they were read; nothing was left out."]:
                st.markdown(as_message(sentence))
