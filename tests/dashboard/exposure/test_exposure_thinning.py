"""A thinned curve keeps its ends and stays close to the whole one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dashboard.exposure.thinning import curve_of, thin_curve


def lorenz_like(n_items, tail, seed):
    heights = np.sort(np.random.default_rng(seed).pareto(tail, n_items))
    return np.linspace(0, 1, n_items + 1), np.concatenate([[0], np.cumsum(heights)]) / heights.sum()


@given(st.integers(2, 3000), st.floats(0.5, 3), st.integers(0, 5))
def test_between_the_picked_points_a_straight_line_is_nearly_the_curve(n_items, tail, seed):
    x, y = lorenz_like(n_items, tail, seed)
    thin_x, thin_y = thin_curve(x, y)
    assert len(thin_x) <= 200
    assert (thin_x[0], thin_y[0], thin_x[-1], thin_y[-1]) == (0, 0, 1, np.float32(y[-1]))
    # vertical error: at most one step of the curve's length, plus one item where it is steep
    error = np.abs(np.interp(x, thin_x, thin_y) - y)
    assert error.max() <= 2 / 199 + np.diff(y).max() + 1e-6


def test_a_short_curve_is_drawn_whole():
    x, y = lorenz_like(150, 1.2, 0)
    thin_x, _ = thin_curve(x, y)
    assert len(thin_x) == 151


def test_the_number_of_points_does_not_grow_with_the_catalogue():
    x, y = lorenz_like(100_000, 1.2, 0)
    assert len(thin_curve(x, y)[0]) <= 200


@given(st.integers(100, 3000), st.floats(1.0, 3), st.integers(0, 5))
def test_the_drawn_curve_is_less_than_a_pixel_off(n_items, tail, seed):
    """On a plot 400 pixels wide and 300 high, away from single items that hold more than that."""
    heights = np.random.default_rng(seed).pareto(tail, n_items).clip(0, 5)
    drawn_x, drawn_y = curve_of(heights)
    assert len(drawn_x) <= 100
    x = np.linspace(0, 1, n_items + 1)
    y = np.concatenate([[0], np.cumsum(np.sort(heights))]) / heights.sum()
    off = np.abs(np.interp(y, drawn_y, drawn_x) - x), np.abs(np.interp(x, drawn_x, drawn_y) - y)
    assert (np.minimum(off[0] * 400, off[1] * 300)).max() < 1
