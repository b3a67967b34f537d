"""Tables read as everything else: minus signs, per cent, thousands, intervals beside figures."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.written_table import HELP, MOST_ROWS, as_written, heading

FRAME = pd.DataFrame(
    {
        "group": ["a", "b", "c"],
        "difference": [-0.5, 0.25, np.nan],
        "low": [-0.6, 0.2, np.nan],
        "high": [-0.0001, 0.3, np.nan],
        "ratio": [1.0, 0.9, 0.8],
        "ratio_low": [0.9, 0.8, np.nan],
        "ratio_high": [1.1, 1.0, np.nan],
        "NDCG@10": [0.1, 0.2, 0.3],
        "± of it": [0.01, 0.01, 0.01],
        "share": [0.125, 0.5, 1.0],
        "candidates": [18_720, 5, 0],
        "plain": [0.5, 0.25, 0.125],
    }
)
COLUMNS = {
    "share": st.column_config.NumberColumn("share", format="percent"),
    "ratio": st.column_config.NumberColumn(format="%.2f ×"),
}


def texts(frame, columns=None, words=None):
    """Return what each cell shows, by column; of a table that the browser writes, nothing."""
    shown, _ = as_written(frame, columns or {}, words or {})
    if shown is frame:
        return {}
    cells = shown._translate(False, False)["body"]
    rows = [[one["display_value"] for one in row if one["type"] == "td"] for row in cells]
    return dict(zip(frame.columns, zip(*rows, strict=True), strict=True))


def test_no_hyphen_stands_for_a_minus_and_none_before_a_zero():
    shown = texts(FRAME, COLUMNS)
    assert shown["difference"] == ("−0.500 (−0.600 to 0.000)", "0.250 (0.200 to 0.300)", "–")
    _, settings = as_written(FRAME, COLUMNS, {})
    seen = [shown[name] for name, one in settings.items() if one is not None]
    assert not any("-" in text for column in seen for text in column)


def test_an_interval_stands_beside_its_figure_and_its_own_columns_are_hidden():
    shown = texts(FRAME, COLUMNS)
    assert shown["ratio"] == ("1.00 × (0.90 to 1.10)", "0.90 × (0.80 to 1.00)", "0.80 ×")
    assert shown["NDCG@10"][0] == "0.100 ± 0.010"
    _, settings = as_written(FRAME, COLUMNS, {})
    hidden = {name for name, one in settings.items() if one is None}
    assert hidden == {"low", "high", "ratio_low", "ratio_high", "± of it"}
    assert settings["ratio"]["help"] == HELP


def test_shares_and_counts_are_written_as_everywhere_else():
    shown = texts(FRAME, COLUMNS)
    assert shown["share"] == ("12.5 %", "50.0 %", "100.0 %")
    assert shown["candidates"] == ("18,720", "5", "0")
    assert shown["plain"] == ("0.500", "0.250", "0.125")  # not the six digits of a styled table


def test_the_numbers_stay_so_that_columns_sort_by_them():
    shown, _ = as_written(FRAME, COLUMNS, {"plain": ["x", "y", "z"]})
    assert shown.data is FRAME
    assert texts(FRAME, COLUMNS, {"plain": ["x", "y", "z"]})["plain"] == ("x", "y", "z")
    again = shown._translate(False, False)["body"]
    assert [row[-1]["display_value"] for row in again] == ["x", "y", "z"]  # drawn twice


def test_headings_start_alike_and_names_from_data_stay():
    assert heading("held-out likes_lost") == "Held-out likes lost"
    _, settings = as_written(FRAME, COLUMNS, {})
    assert [settings[name]["label"] for name in ("group", "share")] == ["Group", "Share"]
    _, kept = as_written(pd.DataFrame({"my scenario": ["a"]}), {}, {}, keeps_names=True)
    assert kept["my scenario"]["label"] is None


def test_what_the_browser_writes_alike_and_what_is_very_long_is_left_to_it():
    plain = pd.DataFrame({"title": ["a"], "n": [12], "mean": [0.5]})
    assert as_written(plain, {}, {})[0] is plain
    long = pd.DataFrame({"change": np.full(MOST_ROWS + 1, -0.5)})
    assert as_written(long, {}, {})[0] is long
