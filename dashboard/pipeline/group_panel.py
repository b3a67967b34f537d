"""Who has a model of their own, what it closes, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard.panels import Drawing, reading, table
from dashboard.plain_text import as_markdown
from engine.artifacts import Artifacts
from engine.data.attribute_names import OWN_ATTRIBUTES
from engine.group_words import KIND_WORDS
from engine.groups_said import DifferenceSaid, EstimateSaid, GroupSaid
from engine.user_groups import ALL_ATTRIBUTES

__all__ = ["draw_group_models", "group_model_choice", "group_models_frame", "readable_names"]

CHOICE = "_fit_groups"

ONE_RANKER = "one ranker"
FIGURES = (
    *("NDCG@10", "± of it", "to the others", "to the others low", "to the others high"),
    *("closes", "closes low", "closes high", "lists that change", "± of the share"),
)
COLUMNS = {name: st.column_config.NumberColumn(name, format="%.4f") for name in FIGURES}


def group_models_frame(artifacts: Artifacts) -> pd.DataFrame:
    """Return a row per group and model tried, everybody's ranker first; empty where not asked."""
    said = artifacts.manifest["metrics"].get("for_groups")
    if said is None:
        return pd.DataFrame()
    return pd.DataFrame([row for one in said["groups"] for row in _rows(one)])


def _rows(one: GroupSaid) -> list[dict[str, object]]:
    first: dict[str, object] = {
        "group": one["group"],
        "model": ONE_RANKER,
        "serves": "" if one["serves"] else "yes",
        "n": one["n"],
        **_figure("NDCG@10", "± of it", one["ndcg_at_10"]),
        **_ends("to the others", one["gap"]),
        "note": one["reason"],
    }
    rows = [first]
    for kind in one["tried"]:
        serves = one["serves"] == kind["kind"]
        rows.append(
            {
                "group": one["group"],
                "model": kind["kind"],
                "serves": "yes" if serves else "",
                "n": one["n"],
                **_figure("NDCG@10", "± of it", kind["ndcg_at_10"]),
                **_ends("to the others", one["gap_after"] if serves else None),
                **_ends("closes", kind["gain"]),
                **_figure("lists that change", "± of the share", kind["changed"]),
                "ridge": kind["ridge"],
                "CPU seconds": kind["seconds"],
                "note": kind["gain"]["word"],
            }
        )
    return rows


def _figure(name: str, half: str, one: EstimateSaid | None) -> dict[str, object]:
    return {} if one is None else {name: one["value"], half: one["half_width"]}


def _ends(name: str, one: DifferenceSaid | None) -> dict[str, object]:
    if one is None:
        return {}
    return {name: one["value"], f"{name} low": one["low"], f"{name} high": one["high"]}


def draw_group_models(frame: pd.DataFrame, lines: Sequence[str], drawing: Drawing | None) -> None:
    """Draw the table and what it says, where the fit was asked for models of groups."""
    if not lines:
        return
    st.markdown("**Models of their own for groups**")
    st.markdown("\n".join(f"- {as_markdown(line)}" for line in lines))
    if frame.empty:
        return
    if drawing is not None:
        drawing.draw()
        reading(
            "Left of 0 a group finds less than the others; right of 0 a model of its own finds "
            "more for it. Bars are intervals of at least 95 %, widened for all groups and models "
            "that are compared: where one leaves out 0, the difference is clear."
        )
    alt = "; ".join(f"{row['group']}, {row['model']}" for _, row in frame.iterrows())
    table(frame, key="group_models", columns=COLUMNS, alt=f"Models of groups. {alt}")
    kinds = "; ".join(f"{kind}: {words}" for kind, words in KIND_WORDS.items())
    st.caption(
        as_markdown(
            f"{kinds[0].upper()}{kinds[1:]}. All is measured on labels that had no part in what is "
            "measured on them, the test had none at all. “To the others” is the group's mean minus "
            "that of everybody else; “closes” is the gain person by person, which is what a model "
            "takes off that gap, for nobody else changes. Intervals are 95 %, widened for all that "
            "is compared; a model serves where its own lies above 0, and as the larger of two "
            "gains it is a little too good. A group of few people is not told."
        )
    )


def readable_names(artifacts: Artifacts) -> tuple[str, ...]:
    """Return the attributes of people that a fit like this one may read."""
    hidden = {name.replace("_", " ").strip().casefold() for name in artifacts.manifest["without"]}
    if ALL_ATTRIBUTES in hidden:
        return ()
    said = {name: name.casefold() for name in artifacts.attributes if name not in OWN_ATTRIBUTES}
    return tuple(name for name, word in said.items() if not {word, word.split(" ")[0]} & hidden)


def group_model_choice(artifacts: Artifacts, features: Sequence[str]) -> str:
    """Draw the choice of the attribute for another fit; empty for none.

    Parameters
    ----------
    artifacts : Artifacts
    features : sequence of str
        Families that the ranker of that fit is given: without the groups no attribute is read.
    """
    readable = readable_names(artifacts) if "groups" in features else ()
    asked = st.selectbox(
        "Models for groups of",
        ["", *readable],
        format_func=lambda name: as_markdown(name) if name else "nobody: one ranker for all",
        key=CHOICE,
        disabled=not readable,
        help="Groups that are served worse get a ranker of their own where that measures clearly "
        "better on people whose labels it did not see. It treats people by that attribute: you "
        "must be allowed to use it so.",
    )
    return asked if asked in readable else ""
