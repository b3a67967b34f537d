"""What must hold, as a page's inputs have it: limits of a search, guardrails of a scenario."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

__all__ = ["LIMIT_HELP", "NOBODY", "LimitKeys", "limits_of", "percent_input"]

NOBODY = "no group"

LIMIT_HELP = (
    "`METRIC loss <= 3%`, `METRIC >= 0.2`, `METRIC <= 40%`; with `@ATTRIBUTE=GROUP` after the "
    "metric for one group, or `for every ATTRIBUTE` at the end for each. Several are separated by "
    "semicolons."
)


@dataclass(frozen=True)
class LimitKeys:
    """Keys of the inputs; a page without one of them leaves it out."""

    loss: str
    every: str
    every_loss: str
    top_item: str
    more: str
    tail: str | None = None


def percent_input(
    place: DeltaGenerator, label: str, key: str, default: float | None, bound: dict[str, Any]
) -> None:
    """Draw the input of a percentage; empty, it asks for nothing."""
    place.number_input(label, 0.0, 100.0, default, 0.5, format="%.1f", key=key, **bound)


def limits_of(keys: LimitKeys) -> tuple[str, ...]:
    """Return what the inputs ask for, as :mod:`engine.analysis.constraints` reads it."""
    state = st.session_state
    limits = []
    if state.get(keys.loss) is not None:
        limits.append(f"ndcg loss <= {state[keys.loss]:.10g}%")
    every = state.get(keys.every) or NOBODY
    if every != NOBODY and state.get(keys.every_loss) is not None:
        limits.append(f"ndcg loss <= {state[keys.every_loss]:.10g}% for every {every}")
    if keys.tail and state.get(keys.tail) is not None:
        limits.append(f"aplt >= {state[keys.tail]:.10g}%")
    if state.get(keys.top_item) is not None:
        limits.append(f"top_item_share <= {state[keys.top_item]:.10g}%")
    more = (part.strip() for part in (state.get(keys.more) or "").split(";"))
    return (*limits, *(part for part in more if part))
