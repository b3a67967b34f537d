"""Cell counts against numpy's own two-dimensional histogram."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.charts.cloud_layout import count_cells


def test_counts_agree_with_numpy():
    rng = np.random.default_rng(2)
    x, y = rng.uniform(0, 4, 5000), rng.uniform(-2, 3, 5000)
    grid = count_cells(x, y, x_range=(0, 4), y_range=(-2, 3), shape=(8, 5))
    expected, x_edges, y_edges = np.histogram2d(x, y, bins=(8, 5), range=((0, 4), (-2, 3)))
    assert np.nan_to_num(grid.count).tolist() == expected.T.tolist()
    assert grid.x == pytest.approx((x_edges[1:] + x_edges[:-1]) / 2)
    assert grid.y == pytest.approx((y_edges[1:] + y_edges[:-1]) / 2)


def test_no_point_is_lost_and_an_empty_cell_is_not_drawn():
    grid = count_cells(
        np.array([-9.0, 0.5, 99.0]),
        np.array([0.5, 0.5, 0.5]),
        x_range=(0, 2),
        y_range=(0, 1),
        shape=(2, 1),
    )
    assert grid.count.tolist() == [[2.0, 1.0]]
    empty = count_cells(
        np.array([0.5]), np.array([0.5]), x_range=(0, 2), y_range=(0, 1), shape=(2, 1)
    )
    assert np.isnan(empty.count[0, 1])
