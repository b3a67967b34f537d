"""Every table of a page as CSV, and the scenario as the file that reproduces it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd
import streamlit as st

from engine.scenario import Scenario

__all__ = ["as_csv", "downloads"]

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(frame: pd.DataFrame) -> bytes:
    r"""Return a table as CSV in UTF-8; text that a spreadsheet would run as a formula is quoted.

    >>> as_csv(pd.DataFrame({"title": ["=1+1"], "n": [-2]})).decode("utf-8-sig")
    "title,n\n'=1+1,-2\n"
    """
    safe = frame.copy()
    for name in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[name]):
            safe[name] = safe[name].map(_defused)
    return safe.to_csv(index=False).encode("utf-8-sig")


def _defused(value: object) -> object:
    is_formula = isinstance(value, str) and value.startswith(FORMULA_STARTS)
    return f"'{value}" if is_formula else value


def downloads(
    tables: Mapping[str, Callable[[], pd.DataFrame]], scenario: Scenario | Callable[[], Scenario]
) -> None:
    """Draw one button that opens a list of files.

    Drawn outside of the live part, its functions read what was last shown from an object that the
    live part writes to.

    Parameters
    ----------
    tables : mapping of str to callable
        File name without ending → function that makes the table, called at the click.
    scenario : Scenario, or callable
        What the page shows, or function that returns it at the click.
    """
    with st.popover("Download", icon=":material/download:", type="tertiary"):
        st.download_button(
            "Scenario (JSON)",
            scenario.to_json() if isinstance(scenario, Scenario) else partial(_json, scenario),
            "scenario.json",
            "application/json",
            key="_get_scenario",
            on_click="ignore",
            width="stretch",
        )
        for name, make in tables.items():
            st.download_button(
                f"{name.replace('_', ' ').capitalize()} (CSV)",
                partial(_made, make),
                f"{name}.csv",
                "text/csv",
                key=f"_get_{name}",
                on_click="ignore",
                width="stretch",
            )
        st.caption("Charts: the camera above each one saves a picture.")


def _json(scenario: Callable[[], Scenario]) -> bytes:
    return scenario().to_json().encode()


def _made(make: Callable[[], pd.DataFrame]) -> bytes:
    return as_csv(make())
