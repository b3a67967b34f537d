"""The table of caps, against the engine's report and in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dashboard.tune.control_tables import cap_frame
from engine.reranking import CapReport
from engine.scenario import Cap


def report(**changed) -> CapReport:
    values = {
        "cap": Cap("genre", None, 2, 5),
        "n_lists": 200,
        "n_binding": 50,
        "price": 0.01,
        "price_error": 0.001,
        "priced_at": 0.25,
        "n_priced": 180,
        "n_broken": 0,
        "n_impossible": 0,
        "n_short": 0,
        "helps_at": None,
    }
    return CapReport(**{**values, **changed})


def test_a_cap_is_said_with_its_share_price_and_interval():
    row = cap_frame([report()]).iloc[0]
    assert row["cap"] == "At most 2 per genre in the top 5"
    assert row["binding"] == pytest.approx(25)
    assert row["price"] == "+4.0 % (+0.010, 0.008 to 0.012)"
    assert row["broken"] == 0
    assert row["holds"] == 2


def test_a_broken_cap_says_what_would_hold():
    frame = cap_frame([report(n_broken=7, helps_at=3), report(n_broken=7, helps_at=None)])
    assert frame["broken"].tolist() == [7, 7]
    assert frame["holds"][0] == 3
    assert pd.isna(frame["holds"][1])


def test_an_unknown_price_is_no_zero():
    price = cap_frame([report(price=np.nan, price_error=np.nan)])["price"][0]
    assert "0" not in price
