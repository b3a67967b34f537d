"""Who pays: against counting by hand, and what must add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.metrics.who_pays import TOLERANCE, changes, tenths_of_change, who_pays

VALUES = arrays(
    np.float64, st.integers(0, 60), elements=st.sampled_from([0.0, 0.25, 0.5, 1.0, np.nan])
)


@given(before=VALUES, seed=st.integers(0, 99))
def test_counts_are_those_of_a_loop_over_people(before: np.ndarray, seed: int):
    rng = np.random.default_rng(seed)
    after = rng.permutation(before)
    codes = rng.integers(-1, 3, len(before))
    pays = who_pays(changes(before, after), codes, 3)
    for group in range(3):
        people = [(b, a) for b, a, c in zip(before, after, codes, strict=True) if c == group]
        assert pays.better[group] == sum(a > b for b, a in people)
        assert pays.worse[group] == sum(a < b for b, a in people)
        assert pays.same[group] == sum(a == b for b, a in people)
        assert pays.undefined[group] == sum(np.isnan(a) or np.isnan(b) for b, a in people)
        gains = [a - b for b, a in people if a > b]
        assert pays.mean_gain[group] == pytest.approx(
            np.mean(gains) if gains else np.nan, nan_ok=True
        )


@given(before=VALUES, seed=st.integers(0, 99))
def test_turning_the_direction_swaps_better_and_worse(before: np.ndarray, seed: int):
    rng = np.random.default_rng(seed)
    after, codes = rng.permutation(before), rng.integers(0, 2, len(before))
    up = who_pays(changes(before, after), codes, 2)
    down = who_pays(changes(before, after, higher_is_better=False), codes, 2)
    assert up.better.tolist() == down.worse.tolist()
    assert up.mean_loss == pytest.approx(down.mean_gain, nan_ok=True)


@given(before=VALUES, seed=st.integers(0, 99))
def test_tenths_hold_everyone_once_in_order(before: np.ndarray, seed: int):
    change = changes(before, np.random.default_rng(seed).permutation(before))
    tenths = tenths_of_change(change)
    defined = change[~np.isnan(change)]
    assert tenths.n.sum() == len(defined)
    assert np.ptp(tenths.n) <= 1
    filled = tenths.n > 0
    assert np.sum(tenths.mean[filled] * tenths.n[filled]) == pytest.approx(defined.sum())
    assert (np.diff(tenths.mean[filled]) >= 0).all()
    assert (tenths.low[filled] <= tenths.high[filled]).all()


def test_rounding_is_no_change_and_an_empty_group_has_no_share():
    change = changes([0.5, 0.5], [0.5 + TOLERANCE / 2, 0.5 + TOLERANCE * 3])
    pays = who_pays(change, np.array([0, 0]), 2)
    assert (pays.same[0], pays.better[0]) == (1, 1)
    assert pays.shares()[0].tolist() == [0.5, 0.5, 0.0]
    assert np.isnan(pays.shares()[1]).all()
