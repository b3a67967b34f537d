"""The front against its definition, its area against a picture of squares."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.front import hypervolume, is_on_front, knee

GRID = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=30)


def dominates(one, other):
    return all(a >= b for a, b in zip(one, other, strict=True)) and tuple(one) != tuple(other)


@given(GRID)
def test_a_point_of_the_front_is_dominated_by_none_and_every_other_by_one(points):
    on_front = is_on_front(np.array(points, dtype=float))
    for point, is_on in zip(points, on_front, strict=True):
        assert is_on == (not any(dominates(rival, point) for rival in points))


@given(GRID)
def test_the_area_is_the_number_of_unit_squares_below_some_point(points):
    squares = {
        (x, y) for x in range(6) for y in range(6) if any(p[0] > x and p[1] > y for p in points)
    }
    assert hypervolume(np.array(points, dtype=float), np.zeros(2)) == len(squares)


@given(GRID)
def test_a_dominated_point_adds_no_area(points):
    table = np.array(points, dtype=float)
    with_worse = np.vstack([table, table.min(axis=0)])
    assert hypervolume(with_worse, np.zeros(2)) == hypervolume(table, np.zeros(2))


def test_a_point_with_an_undefined_axis_is_on_no_front_and_beats_nobody():
    points = np.array([[np.nan, 9.0], [1.0, 1.0]])
    assert is_on_front(points).tolist() == [False, True]


def test_the_knee_is_where_a_bent_front_bends_and_a_straight_one_has_none():
    bent = np.array([[0.0, 1.0], [0.9, 0.9], [1.0, 0.0]])
    assert knee(bent) == 1
    straight = np.array([[0.0, 1.0], [0.5, 0.5], [1.0, 0.0]])
    assert knee(straight) is None
    assert knee(bent[:2]) is None
