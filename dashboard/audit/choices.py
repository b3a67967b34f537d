"""The widgets that say what to audit: groups, metric, reference, band, least size, section."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.audit import keys
from dashboard.controls import IN_LINK, MOVES_LIVE, choose_part
from dashboard.glossary_link import in_glossary
from dashboard.metric_choice import defined_here
from engine.artifacts import Artifacts
from engine.audit.reference import references_in_words
from engine.metrics.audience import audience_of
from engine.metrics.crossing import MOST_ATTRIBUTES, cross
from engine.metrics.registry import METRICS, USER_METRICS
from engine.metrics.statistics.policy import POLICY

__all__ = ["choice_row", "section_choice"]


def choice_row(artifacts: Artifacts) -> None:
    """Draw the choices in one row; they land in the session's state and in the link."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _who(artifacts)
        _how()


def _who(artifacts: Artifacts) -> None:
    first = next(iter(artifacts.attributes))
    attributes = st.multiselect(
        "Groups by (up to three)",
        list(artifacts.attributes),
        default=[first],
        key=keys.BY,
        max_selections=MOST_ATTRIBUTES,
        placeholder=first,
        width=290,
        help="One attribute, or the intersections of two or three.",
        on_change="rerun",  # the references to choose from depend on it
        **IN_LINK,
    )
    st.selectbox(
        "Metric",
        defined_here(artifacts, USER_METRICS),
        format_func=lambda name: METRICS[name].label,
        key=keys.METRIC,
        width=210,
        help="Any metric that has a value for every person: what each means is in the "
        "[glossary](./glossary).",
        **MOVES_LIVE,
    )
    labels, _ = cross(audience_of(artifacts), tuple(attributes) or (first,))
    references = references_in_words(labels)
    st.selectbox(
        "Reference",
        list(references),
        format_func=lambda name: references.get(name, name),
        key=keys.REFERENCE,
        width=210,
        help=f"What every group is compared with. {in_glossary('Everyone else')}",
        **MOVES_LIVE,
    )


def _how() -> None:
    st.number_input(
        "Band, at least",
        0.5,
        0.99,
        0.8,
        0.05,
        format="%.2f",
        key=keys.BAND,
        width=140,
        help="Times the reference. The band reaches up to one over it: 0.80 to 1.25.",
        **MOVES_LIVE,
    )
    st.number_input(
        "Least n",
        5,
        500,
        POLICY.least_n,
        5,
        key=keys.MIN_N,
        width=130,
        help="Groups with fewer people who have a value are suppressed. "
        f"{in_glossary('Suppressed')}",
        **MOVES_LIVE,
    )


def section_choice(sections: Sequence[str]) -> None:
    """Draw the choice of what to look into; only the chosen one is computed."""
    choose_part(sections, keys.SECTION, is_live=True)
