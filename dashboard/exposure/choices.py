"""The widgets that say how exposure is counted and what to look into."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from dashboard import session
from dashboard.controls import IN_LINK, MOVES_LIVE, choose_part
from dashboard.exposure import keys
from dashboard.glossary_link import in_glossary, with_glossary
from engine.artifacts import Artifacts
from engine.metrics.audience import audience_of
from engine.metrics.item_groups import ItemGroups
from engine.metrics.rank_weights import ATTENTION_MODELS, attention_weights
from engine.metrics.settings import Settings

__all__ = [
    "ACROSS_LABELS",
    "TARGET_LABELS",
    "TASTE",
    "attention_in_words",
    "attention_row",
    "group_choices",
    "item_choices",
    "people_choices",
    "section_row",
    "settings",
]

TARGET_LABELS = {
    "history": "what people chose",
    "catalogue": "the catalogue",
    "merit": "held-out likes",
}
ACROSS_LABELS = {"popularity": "popularity", "merit": "held-out likes"}
TASTE = "taste group"
DEFAULTS = Settings()


def attention_row(artifacts: Artifacts) -> None:
    """Draw how items are grouped and how attention is counted; all of it lands in the link."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        group_choices(audience_of(artifacts).item_groups)
        model = st.selectbox(
            "Attention",
            list(ATTENTION_MODELS),
            format_func=lambda name: ATTENTION_MODELS[name].label,
            key=session.ATTENTION,
            width=190,
            help="How much a place of a list is looked at: "
            + "; ".join(f"{m.label}: {m.formula}" for m in ATTENTION_MODELS.values())
            + f". {in_glossary('Exposure')}",
            **IN_LINK,
        )
        _parameters(ATTENTION_MODELS[model].uses)
        st.caption(attention_in_words(settings()))


def attention_in_words(how: Settings) -> str:
    """Say what a few places of a list count.

    >>> attention_in_words(Settings(attention="reciprocal"))
    'Place 1 counts 1.00, place 2 0.50, place 5 0.20, place 10 0.10 (v(j) = 1 / j).'
    """
    weights = attention_weights(how.attention, 10, patience=how.patience, top=how.top)
    others = ", ".join(f"place {place} {weights[place - 1]:.2f}" for place in (2, 5, 10))
    formula = ATTENTION_MODELS[how.attention].formula
    return f"Place 1 counts {weights[0]:.2f}, {others} ({formula})."


def _parameters(uses: Sequence[str]) -> None:
    if "patience" in uses:
        st.number_input(
            "Patience",
            0.05,
            0.99,
            DEFAULTS.patience,
            0.05,
            key=keys.PATIENCE,
            width=130,
            help="Chance of going on to the next place.",
            **IN_LINK,
        )
    if "top" in uses:
        st.number_input(
            "Places seen",
            1,
            50,
            DEFAULTS.top,
            1,
            key=keys.TOP,
            width=130,
            help="Places above the fold; those below get no attention.",
            **IN_LINK,
        )


def settings() -> Settings:
    """Return the attention model chosen; what its widget does not show has its default."""
    state = st.session_state
    return Settings(
        attention=state.get(session.ATTENTION, DEFAULTS.attention),
        patience=float(state.get(keys.PATIENCE, DEFAULTS.patience)),
        top=int(state.get(keys.TOP, DEFAULTS.top)),
    )


def section_row(choices: Mapping[str, Callable[[], None]]) -> None:
    """Draw the choice of what to look into, and the widgets of that section beside it.

    Parameters
    ----------
    choices : mapping of str to callable
        Section → what draws its widgets.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        chosen = choose_part(choices, keys.SECTION)
        choices[chosen]()


def group_choices(groupings: Mapping[str, ItemGroups]) -> None:
    """Draw by what items are grouped, and what a group's share is held against."""
    _choice(
        "Items by",
        list(groupings),
        {name: groups.label for name, groups in groupings.items()},
        keys.GROUPING,
        "An item of several genres counts in parts to each.",
        is_beside=False,
    )
    _choice(
        "Held against",
        list(TARGET_LABELS),
        TARGET_LABELS,
        keys.TARGET,
        "The share that a group of items is compared with at every stage: its share of what "
        "people chose, of all items, or of the likes held out for the test.",
        is_beside=False,
    )


def item_choices() -> None:
    """Draw what stands across from exposure."""
    _choice(
        "Against",
        list(ACROSS_LABELS),
        ACROSS_LABELS,
        keys.ACROSS,
        "Popularity: people with the item in their history. Held-out likes: people who liked it "
        "in the part of the data that nothing was fitted on.",
    )


def people_choices(artifacts: Artifacts) -> None:
    """Draw by which attribute people are grouped; their taste first."""
    names = sorted(artifacts.attributes, key=lambda name: name != TASTE)
    _choice("People by", names, {}, keys.BY, "Niche people have most long-tail items in history.")


def _choice(
    label: str,
    options: Sequence[str],
    words: Mapping[str, str],
    key: str,
    help_: str,
    *,
    is_beside: bool = True,
) -> None:
    """Draw a choice, its label beside it or above it."""
    if is_beside:
        st.caption(label, width="content")
    st.selectbox(
        label,
        options,
        format_func=lambda name: words.get(name, name),
        key=key,
        label_visibility="collapsed" if is_beside else "visible",
        width=190,
        help=with_glossary(help_),
        **MOVES_LIVE,
    )
