"""Every table of a page as CSV, and the scenario as the file that reproduces it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import partial
from typing import Literal

import pandas as pd
import streamlit as st

from dashboard import cached_engine
from dashboard.panels import opens
from dashboard.saving import copy_link, save_button
from dashboard.steps import note_step, step_buttons
from engine.scenario import Scenario

__all__ = ["as_csv", "downloads", "file_button", "made_file"]

FORMULA_STARTS = ("=", "+", "-", "@", "|")
PLAIN_NUMBER = re.compile(r"[-+]?[0-9][0-9.,]*( ?%)?")
"""Text that is a number and nothing more: a spreadsheet reads it as that."""

UNSEEN = re.compile(r"[\s\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff]+")
"""Blanks, controls and letters of no width, which spreadsheets skip before a formula."""


def as_csv(frame: pd.DataFrame) -> bytes:
    r"""Return a table as CSV in UTF-8; text that a spreadsheet would run as a formula is quoted.

    That holds for column names too, behind blanks, tabs and line breaks, and for signs of full
    width (``＝``), which some spreadsheets take for plain ones.

    >>> as_csv(pd.DataFrame({"title": ["=1+1"], "n": [-2]})).decode("utf-8-sig")
    "title,n\n'=1+1,-2\n"
    """
    safe = frame.copy()
    for place, kind in enumerate(safe.dtypes):
        if not pd.api.types.is_numeric_dtype(kind):
            safe.isetitem(place, safe.iloc[:, place].astype(object).map(_defused))
    safe.columns = pd.Index([_defused(str(name)) for name in safe.columns])
    return safe.to_csv(index=False).encode("utf-8-sig")


def _defused(value: object) -> object:
    if not isinstance(value, str) or PLAIN_NUMBER.fullmatch(value):
        return value
    value = value.replace("\r\n", "\n").replace("\r", "\n")  # unquoted, it would begin a row
    seen = unicodedata.normalize("NFKC", UNSEEN.sub("", value[:1000]))
    is_formula = seen.startswith(FORMULA_STARTS) or value.startswith(("\t", "\n"))
    return f"'{value}" if is_formula else value


def downloads(tables: Mapping[str, Callable[[], pd.DataFrame]], scenario: Scenario) -> None:
    """Draw Undo, Redo, Save, Link, and a button that opens a list of files to take along.

    What Save, Link and Download hold is drawn when they are opened, and no file is made before it
    is asked for: a move of a slider would else send thirty pieces that nobody sees. Call it in the
    live part: Streamlit forgets the functions behind buttons that a redraw of the live part leaves
    out, and a click on one of those would give neither file nor message.

    Parameters
    ----------
    tables : mapping of str to callable
        File name without ending → function that makes the table. It is called at the click, outside
        of the script, and so reads nothing from the session's state: what it needs it holds.
    scenario : Scenario
        What the page shows.
    """
    note_step()
    step_buttons()
    save_button(scenario)
    copy_link()
    opens("Download", ":material/download:", lambda: _files(tables, scenario))


def _files(tables: Mapping[str, Callable[[], pd.DataFrame]], scenario: Scenario) -> None:
    file_button("Scenario (JSON)", scenario.to_json, "scenario.json", "application/json")
    for name, make in tables.items():
        label = f"{name.replace('_', ' ').capitalize()} (CSV)"
        file_button(label, partial(_made, make), f"{name}.csv", "text/csv")
    st.caption(
        "A file is made at the click; its button turns meanwhile. Charts: the camera above each "
        "one saves a picture."
    )


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
        partial(_of_shown, cached_engine.shown(), make),
        file_name,
        kind,
        key=f"_get_{file_name.partition('.')[0].replace('-', '_')}",
        icon=icon,
        type=button_type,
        on_click="ignore",
        width="stretch" if button_type == "secondary" else "content",
        help=help_,
    )


def made_file(
    label: str, content: pd.DataFrame | str, file_name: str, *, help_: str | None = None
) -> None:
    """Draw a button for a file that is there already and hangs on no fit: a table as CSV, or JSON.

    Its key is ``_data_get_`` and the file's name.
    """
    is_table = isinstance(content, pd.DataFrame)
    st.download_button(
        label,
        as_csv(content) if isinstance(content, pd.DataFrame) else content,
        file_name,
        "text/csv" if is_table else "application/json",
        key=f"_data_get_{file_name.partition('.')[0]}",
        on_click="ignore",
        help=help_,
    )


def _of_shown(about: cached_engine.Shown, make: Callable[[], str | bytes]) -> str | bytes:
    with cached_engine.held(about):
        return make()


def _made(make: Callable[[], pd.DataFrame]) -> bytes:
    return as_csv(make())
