"""Every table of a page as CSV, and the scenario as the file that reproduces it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Literal

import pandas as pd
import streamlit as st

from dashboard import cached_engine
from engine.scenario import Scenario

__all__ = ["as_csv", "downloads", "file_button"]

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


def downloads(tables: Mapping[str, Callable[[], pd.DataFrame]], scenario: Scenario) -> None:
    """Draw one button that opens a list of files; none is made before it is asked for.

    Call it in the live part. Streamlit forgets the functions behind buttons that a redraw of the
    live part leaves out, and a click on one of those would give neither file nor message.

    Parameters
    ----------
    tables : mapping of str to callable
        File name without ending → function that makes the table. It is called at the click, outside
        of the script, and so reads nothing from the session's state: what it needs it holds.
    scenario : Scenario
        What the page shows.
    """
    with st.popover("Download", icon=":material/download:", type="tertiary"):
        file_button("Scenario (JSON)", scenario.to_json, "scenario.json", "application/json")
        for name, make in tables.items():
            label = f"{name.replace('_', ' ').capitalize()} (CSV)"
            file_button(label, partial(_made, make), f"{name}.csv", "text/csv")
        st.caption("Charts: the camera above each one saves a picture.")


def file_button(
    label: str,
    make: Callable[[], str | bytes],
    file_name: str,
    kind: str,
    *,
    icon: str | None = None,
    button_type: Literal["secondary", "tertiary"] = "secondary",
    help_: str | None = None,
) -> None:
    """Draw a button that hands out a file made at the click, of the fit that is shown now."""
    st.download_button(
        label,
        partial(_of_fit, cached_engine.fit_key(), make),
        file_name,
        kind,
        key=f"_get_{file_name.partition('.')[0].replace('-', '_')}",
        icon=icon,
        type=button_type,
        on_click="ignore",
        width="stretch" if button_type == "secondary" else "content",
        help=help_,
    )


def _of_fit(fit: tuple[str, str], make: Callable[[], str | bytes]) -> str | bytes:
    with cached_engine.held(fit):
        return make()


def _made(make: Callable[[], pd.DataFrame]) -> bytes:
    return as_csv(make())
