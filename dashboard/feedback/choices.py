"""What the year is simulated with: exploration, preferences, attention, length."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from dashboard import cached_logs, cached_years, session
from dashboard.controls import MOVES_LIVE
from dashboard.feedback import keys
from dashboard.glossary_link import with_glossary
from dashboard.presets import in_words
from engine.artifacts import Artifacts
from engine.data.wording import counted
from engine.simulate.choice_models import CHOICE_MODELS, FROM_LOG, POSITION
from engine.simulate.loop_config import Arm, LoopConfig
from engine.simulate.world import ASSUMPTIONS

__all__ = ["Asked", "asked", "year_choices"]

LABEL = "From the log"
ROUNDS, REPEATS, REFITS, SLOTS = (10, 25, 50, 100), (2, 3, 5, 10), (1, 5, 10, 25), (0, 1, 2, 3)


@dataclass(frozen=True)
class Asked:
    """The year that the page asks for."""

    own: Arm
    config: LoopConfig
    attribute: str


def year_choices(artifacts: Artifacts) -> None:
    """Draw the choices in one row."""
    known = cached_years.assumptions()
    attentions = [*CHOICE_MODELS, *([FROM_LOG] if cached_logs.has_log() else [])]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _choice(
            "Exploration places",
            SLOTS,
            1,
            keys.SLOTS,
            "The last places of each list go to titles drawn evenly from all that the person has "
            "not played. The chance of each is known, so what they earn can be told without the "
            "list's own preferences in it.",
            width=130,
        )
        st.selectbox(
            "Preferences",
            known,
            format_func=lambda name: ASSUMPTIONS[name].label,
            key=keys.ASSUME,
            width=190,
            help=with_glossary(
                "\n".join(f"- {ASSUMPTIONS[one].label}: {ASSUMPTIONS[one].words}" for one in known)
                + "\n\nOnly the simulated service has true ones."
            ),
            **MOVES_LIVE,
        )
        st.selectbox(
            "Attention",
            attentions,
            index=attentions.index(POSITION),
            format_func=lambda name: CHOICE_MODELS[name].label if name in CHOICE_MODELS else LABEL,
            key=keys.ATTENTION,
            width=150,
            help=with_glossary(
                "\n".join(f"- {one.label}: {one.words}" for one in CHOICE_MODELS.values())
                + f"\n- {LABEL}: as the log of what was shown says, where it can"
            ),
            **MOVES_LIVE,
        )
        _choice("Rounds", ROUNDS, 50, keys.ROUNDS, "50 are about a year of weeks.")
        _choice(
            "Learns every", REFITS, 10, keys.REFIT, "Rounds between refits of taste and popularity."
        )
        _choice("Repetitions", REPEATS, 5, keys.REPEATS, "Each with its own luck.", width=105)
        st.selectbox(
            "Groups by",
            list(artifacts.attributes),
            key=keys.BY,
            width=150,
            **MOVES_LIVE,
        )


def _choice(
    label: str, options: tuple[int, ...], default: int, key: str, help_: str, width: int = 100
) -> None:
    st.selectbox(
        label,
        options,
        index=options.index(default),
        key=key,
        help=with_glossary(help_),
        width=width,
        **MOVES_LIVE,
    )


def asked(artifacts: Artifacts) -> Asked:
    """Return the year that the widgets and the scenario ask for."""
    state = st.session_state
    scenario = replace(session.scenario(), name="")
    slots = min(state.get(keys.SLOTS, 1), scenario.k)
    label = in_words(scenario)
    if slots:
        label += f" + {counted(slots, 'exploration place')}"
    config = LoopConfig(
        rounds=state.get(keys.ROUNDS) or 50,
        seeds=state.get(keys.REPEATS) or 5,
        refit_every=state.get(keys.REFIT) or 10,
        attention=state.get(keys.ATTENTION) or POSITION,
        assumption=state.get(keys.ASSUME) or cached_years.assumptions()[0],
    )
    attribute = state.get(keys.BY)
    if attribute not in artifacts.attributes:
        attribute = next(iter(artifacts.attributes))
    return Asked(Arm(label, scenario, slots), config, attribute)
