"""What the map shows: its axes, its colour, and the controls that it moves."""

from __future__ import annotations

import streamlit as st

from dashboard.controls import IN_LINK
from dashboard.glossary_link import with_glossary
from dashboard.metric_choice import defined_here
from dashboard.trade_offs import keys
from engine.analysis.aims import Aim
from engine.analysis.space import CAP
from engine.artifacts import Artifacts
from engine.controls import CONTROLS
from engine.metrics.registry import METRICS
from engine.objectives import OBJECTIVES
from engine.scenario import WEIGHTS

__all__ = ["CONTROL_SETS", "MAP", "METHODS", "aim_options", "chosen_aims", "chosen_controls"]
__all__ += ["map_choices", "picture"]

MAP, METHODS = "Map", "Methods compared"
NO_COLOUR = "nothing"
BY_GROUP = ("ndcg", "recall")
FIRST = ("ndcg", "ild", "aplt", "coverage", "fresh_share", "novelty", "miscalibration", "gini")

USUAL_WEIGHTS = tuple(
    name for name in WEIGHTS if name != "people_fairness" and name not in OBJECTIVES
)
OTHER_AIMS = "Other aims and diversity"

CONTROL_SETS = {
    "Main weights": ("diversity", "freshness", "calibration", "popularity_penalty"),
    "Main weights and a genre cap": ("diversity", "freshness", "calibration", CAP),
    "Items: fairness and popularity": ("item_fairness", "popularity_penalty", "diversity"),
    "Diversity, its method and a cap": ("diversity", "diversity_method", CAP),
    "All weights": USUAL_WEIGHTS,
    "All weights and list length": ("k", *USUAL_WEIGHTS),
    OTHER_AIMS: (*OBJECTIVES, "diversity"),
}
"""Name → controls that a sweep moves; the others stay where they stand."""


def aim_options(artifacts: Artifacts) -> list[str]:
    """List what can stand on an axis: every metric, the usual ones first, then by group."""
    first = defined_here(artifacts, FIRST)
    names = [*first, *defined_here(artifacts, (name for name in METRICS if name not in FIRST))]
    groups = [
        str(Aim(metric, over, attribute))
        for attribute in artifacts.attributes
        for metric in BY_GROUP
        for over in ("worst", "gap")
    ]
    return [*names[: len(first)], *groups, *names[len(first) :]]


def map_choices(artifacts: Artifacts) -> None:
    """Draw the choices in one row."""
    options = aim_options(artifacts)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.segmented_control(
            "Picture", [MAP, METHODS], default=MAP, required=True, key=keys.PICTURE, **IN_LINK
        )
        _aim("Up", options, "ndcg", keys.Y, "What it costs, as a rule.")
        _aim("Across", options, "ild", keys.X, "What is bought.")
        if picture() == MAP:
            _aim("Colour", [NO_COLOUR, *options], NO_COLOUR, keys.COLOUR, "A third figure.")
            st.selectbox(
                "Controls that move",
                _control_sets(artifacts),
                key=keys.CONTROLS,
                width=230,
                help=with_glossary(
                    "; ".join(
                        f"{name}: {', '.join(_label(control) for control in controls)}"
                        for name, controls in CONTROL_SETS.items()
                    )
                    + ". Everything else stays where the sidebar has it."
                ),
                **IN_LINK,
            )


def _control_sets(artifacts: Artifacts) -> list[str]:
    """Names of the sets whose controls can move something: no cap on genres that are not there."""
    return [
        name
        for name, controls in CONTROL_SETS.items()
        if (CAP not in controls or artifacts.genre_names)
        and (name != OTHER_AIMS or artifacts.objective_names)
    ]


def _label(name: str) -> str:
    return "genre cap" if name == CAP else CONTROLS[name].label.lower()


def _aim(label: str, options: list[str], default: str, key: str, help_: str) -> None:
    st.selectbox(
        label,
        options,
        index=options.index(default),
        format_func=lambda text: text if text == NO_COLOUR else Aim.parse(text).words,
        key=key,
        width=165,
        help=with_glossary(help_),
        **IN_LINK,
    )


def picture() -> str:
    """Return which picture is chosen."""
    return st.session_state.get(keys.PICTURE) or MAP


def chosen_aims() -> tuple[str, ...]:
    """Return the aims: across, up, and the colour's if any."""
    state = st.session_state
    axes = (state.get(keys.X) or "ild", state.get(keys.Y) or "ndcg")
    colour = state.get(keys.COLOUR) or NO_COLOUR
    return axes if colour == NO_COLOUR or colour in axes else (*axes, colour)


def chosen_controls() -> tuple[str, ...]:
    """Return the controls that the map moves."""
    chosen = st.session_state.get(keys.CONTROLS) or next(iter(CONTROL_SETS))
    return CONTROL_SETS[chosen]
