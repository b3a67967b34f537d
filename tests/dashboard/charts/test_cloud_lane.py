"""Zero has a lane of its own, below everything else, and the axis does not follow the data."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.charts.cloud_layout import LogLane


@given(st.floats(1e-4, 1e3), st.floats(1.01, 1e6))
def test_everything_between_the_ends_is_on_the_axis(smallest, factor):
    lane = LogLane.spanning(smallest, smallest * factor)
    values = np.array([0.0, smallest, smallest * factor**0.5, smallest * factor])
    places = lane.place(values)
    assert np.all(np.diff(places) >= 0)
    assert places[0] < lane.low
    assert lane.range[0] < places[0]
    assert places[-1] < lane.range[1]


def test_places_are_powers_of_ten():
    lane = LogLane.spanning(0.3, 500)
    assert (lane.low, lane.high) == (-1, 3)
    assert lane.place(np.array([0.1, 1, 10, 1000])) == pytest.approx([-1, 0, 1, 3])
    positions, labels = lane.ticks
    assert labels == ["0", "0.1", "1", "10", "100", "1,000"]
    assert positions[1:] == [-1, 0, 1, 2, 3]


def test_what_is_no_amount_is_not_drawn():
    places = LogLane(0, 2).place(np.array([np.nan, -1.0, 10.0]))
    assert np.isnan(places).tolist() == [True, True, False]


def test_one_value_still_has_an_axis():
    assert LogLane.spanning(1, 1) == LogLane(0, 1)
