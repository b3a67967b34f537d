"""From which value on an interaction is liked, on every scale that people rate on."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.liked import liked_from, liked_of
from engine.errors import DataError
from engine.formats import percent


def spread(low, high, step, middle=0.65, n=4000, seed=0):
    """Ratings around ``middle`` of the scale, every step of which is used."""
    rng = np.random.default_rng(seed)
    drawn = np.clip(rng.normal(middle, 0.22, n), 0, 1) * (high - low) + low
    steps = np.arange(low, high + step / 2, step)
    return np.concatenate([steps[np.abs(steps[:, None] - drawn[None]).argmin(axis=0)], steps])


@pytest.mark.parametrize(
    ("values", "threshold"),
    [
        (spread(1, 5, 1), 4),
        (spread(0.5, 5, 0.5), 4),
        (spread(0, 5, 1), 4),
        (spread(1, 10, 1), 8),
        (spread(0, 10, 0.5), 7.5),
        (spread(0, 100, 1), 75),
        (spread(0, 1, 0.01), 0.75),
        (spread(1, 7, 1), 6),
        (spread(1, 3, 1), 3),
        (spread(-10, 10, 0.1), 5),
        (spread(0, 1000, 1), 750),
        (np.array([0, 1, 1, 0]), 1),
        (np.array([-1, 1, 0, 1]), 1),
        (np.ones(50), 1),
        (np.full(50, 5.0), 5),
        (np.array([4.0, 5, 4, 5]), 4),
    ],
)
def test_the_upper_quarter_of_a_scale_is_liked(values, threshold):
    assert liked_from(values).threshold == threshold


@pytest.mark.parametrize("most", [3, 5, 10, 400])
def test_counts_of_plays_are_likes_from_the_first_on(most):
    rng = np.random.default_rng(0)
    counts = np.minimum(rng.geometric(0.55, 3000), most)
    counts[:3] = most
    assert liked_from(counts).threshold == 1


def test_minutes_and_money_are_likes_above_nothing():
    minutes = np.round(np.random.default_rng(1).exponential(20, 3000), 1)
    assert liked_from(minutes).threshold == minutes[minutes > 0].min()
    with_returns = np.concatenate([minutes, [-3.0, 0.0]])
    assert liked_from(with_returns).threshold == minutes[minutes > 0].min()


def test_where_nearly_nobody_reaches_the_upper_quarter_the_upper_third_is_liked():
    found = liked_from(spread(0, 100, 1, middle=0.3))
    assert found.why == "the upper third of all interactions"
    assert 35 <= found.threshold <= 45


@settings(deadline=None, max_examples=300)
@given(st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=60))
def test_somebody_always_likes_something(values):
    found = liked_of(pd.DataFrame({"value": values}), None, "interactions.csv (9 rows)")
    assert 1 <= found.n_liked <= found.n == len(values)
    assert np.isfinite(found.threshold)
    assert percent(found.n_liked / found.n) in found.sentence


def test_impressions_do_not_count():
    table = pd.DataFrame({"value": [0, 0, 0, 1.0, 1.0], "event": ["impression"] * 3 + ["play"] * 2})
    found = liked_of(table, None, "interactions.csv (5 rows)")
    assert (found.threshold, found.n_liked, found.n) == (1.0, 2, 2)


@pytest.mark.parametrize("liked", [float("nan"), float("inf")])
def test_a_threshold_that_is_no_number_is_refused(liked):
    with pytest.raises(DataError, match="must be a number"):
        liked_of(pd.DataFrame({"value": [1.0]}), liked, "x")


def test_a_threshold_with_digits_that_32_bits_do_not_hold():
    table = pd.DataFrame({"value": np.array([0.7, 0.2, 0.9], np.float32)})
    assert liked_of(table, 0.7, "x").n_liked == 2
