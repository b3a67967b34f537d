"""CSV files keep their figures and cannot run as formulas."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from dashboard import cached_engine, downloads
from dashboard.downloads import as_csv


def test_figures_come_back():
    frame = pd.DataFrame({"title": ["Fargo", "Überraschung, die"], "ndcg": [0.1, -0.25]})
    back = pd.read_csv(io.BytesIO(as_csv(frame)), encoding="utf-8-sig")
    pd.testing.assert_frame_equal(back, frame, check_dtype=False)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_text_is_never_a_formula(text):
    cell = as_csv(pd.DataFrame({"title": [text]})).decode("utf-8-sig").splitlines()[1]
    assert cell.strip('"').startswith("'")


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
        with cached_engine.held(("mine", "old")):
            downloads.file_button("Fit", _fit_in_words, "fit.txt", "text/plain")
    with cached_engine.held(("yours", "new")):
        assert drawn[0]() == "mine old"
        assert _fit_in_words() == "yours new"


def _fit_in_words() -> str:
    return " ".join(cached_engine.fit_key())
