"""Reasons, their effects and where they lead: the figures beside a chart of parts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from dashboard.panels import table
from engine.formats import Style, number, signed

__all__ = ["draw_effects", "effect_frame"]

TWO_DIGITS = Style(2)


def effect_frame(
    start: tuple[str, float], labels: Sequence[str], effects: NDArray[np.floating], total: str
) -> pd.DataFrame:
    """Return a row for the start, one for each reason with the sum so far, and one for the total.

    Parameters
    ----------
    start : (str, float)
        What it begins with: words and value.
    labels : sequence of str
    effects : float array of shape (len(labels),)
    total : str
        Words of the last row.

    Example
    -------
    >>> effect_frame(("mean", 1.0), ["liked"], np.array([-0.25]), "score")["so far"].tolist()
    ['1.00', '0.75', '0.75']
    """
    so_far = start[1] + np.concatenate([[0.0], np.cumsum(effects)])
    return pd.DataFrame(
        {
            "reason": [start[0], *labels, total],
            "effect": ["", *(signed(one, TWO_DIGITS) for one in effects), ""],
            "so far": [number(one, TWO_DIGITS) for one in [*so_far, so_far[-1]]],
        }
    )


def draw_effects(frame: pd.DataFrame, *, key: str, alt: str) -> None:
    """Draw the table."""
    table(
        frame,
        key=key,
        rows_shown=len(frame),
        columns={
            "reason": st.column_config.TextColumn("Reason"),
            "effect": st.column_config.TextColumn("Effect", width=64, alignment="right"),
            "so far": st.column_config.TextColumn("Adds up to", width=84, alignment="right"),
        },
        alt=alt,
    )
