"""CSV files keep their figures and cannot run as formulas."""

from __future__ import annotations

import csv
import io
import tomllib
import unicodedata
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import cached_engine, downloads
from dashboard.cached_engine import Shown
from dashboard.downloads import as_csv
from engine.formats import movement
from engine.scenario import NEUTRAL

ROOT = Path(__file__).resolve().parents[2]


def test_figures_come_back():
    frame = pd.DataFrame({"title": ["Fargo", "Überraschung, die"], "ndcg": [0.1, -0.25]})
    back = pd.read_csv(io.BytesIO(as_csv(frame)), encoding="utf-8-sig")
    pd.testing.assert_frame_equal(back, frame, check_dtype=False)


FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\tx",
    "\r=1",
    "\n=1",
    " =1",
    "   \t =1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff=1",
    "\x00=1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(A1)",
    " ＝1",
    "﹦1",
    "|cmd",
]


def first_cells(frame):
    """Header and first row as a spreadsheet reads them."""
    text = as_csv(frame).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) == len(frame) + 1, "a text began a row of its own"
    return [rows[0][0], rows[-1][0]]


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_neither_text_nor_a_column_name_is_ever_a_formula(text):
    header, cell = first_cells(pd.DataFrame({text: [text]}))
    assert header == cell == "'" + text.replace("\r", "\n")
    assert first_cells(pd.DataFrame({text: pd.Categorical([text])})) == [header, cell]
    assert first_cells(pd.DataFrame({text: pd.array([text], dtype="string")})) == [header, cell]


@pytest.mark.parametrize(
    "text", ["-1", "+3", "-0.25", "+1,234", "-5 %", "Fargo", "a=b", "▲ 3", "−2"]
)
def test_what_is_no_formula_is_left_as_it_is(text):
    assert first_cells(pd.DataFrame({text: [text]})) == [text, text]


def test_marks_of_a_move_are_no_formulas():
    for before, after in ((5, 2), (2, 5), (3, 3), (None, 4), (4, None)):
        mark = movement(before, after)
        assert first_cells(pd.DataFrame({"move": [mark]})) == ["move", mark]


def test_columns_of_one_name_are_each_guarded():
    frame = pd.DataFrame([["=1", "=2"]], columns=["a", "a"])
    assert as_csv(frame).decode("utf-8-sig").splitlines()[1] == "'=1,'=2"


@given(st.text())
def test_no_text_reaches_a_spreadsheet_as_a_formula(text):
    _, cell = first_cells(pd.DataFrame({"title": [f"x{text}", text]}))
    bare = unicodedata.normalize("NFKC", cell).strip()
    assert not bare.startswith(("=", "@"))


def test_tables_have_one_exit():
    """The table's own button writes a file of its own, which nothing guards."""
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert settings["client"]["disableDataExport"] is True
    writers = []
    for folder in ("dashboard", "pages"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text()
            if "to_csv" in text or "download_button" in text or "to_excel" in text:
                writers.append(path.name)
    assert writers == ["downloads.py"]


def test_the_table_itself_is_left_alone():
    frame = pd.DataFrame({"title": ["=1"]})
    as_csv(frame)
    assert frame["title"].tolist() == ["=1"]


def test_a_file_is_of_the_fit_that_was_drawn_though_another_is_shown_now(monkeypatch):
    drawn = []
    with monkeypatch.context() as patch:
        patch.setattr(
            downloads.st, "download_button", lambda _, make, *__, **___: drawn.append(make)
        )
        with cached_engine.held(Shown(("mine", "old"), NEUTRAL)):
            downloads.file_button("Fit", _fit_in_words, "fit.txt", "text/plain")
    with cached_engine.held(Shown(("yours", "new"), NEUTRAL)):
        assert drawn[0]() == "mine old"
        assert _fit_in_words() == "yours new"


def _fit_in_words() -> str:
    return " ".join(cached_engine.fit_key())
