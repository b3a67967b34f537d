"""A first answer from some of the people: what it leaves out, and how often it is right."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import estimate, progress
from engine.estimate import estimate_scenario
from engine.evaluation import evaluate_scenario
from engine.metrics.audience import audience_of
from engine.metrics.registry import AUDIENCE_METRICS, USER_METRICS
from engine.progress import listening
from engine.scenario import Scenario
from tests.engine.metrics.random_service import random_artifacts

SCENARIO = Scenario(k=6, diversity=0.6, freshness=0.3)


@cache
def service():
    return random_artifacts(900, 80, n_candidates=30, n_held=6, seed=1)


@pytest.fixture
def artifacts():
    return service()


def test_of_few_people_it_is_everybody(artifacts):
    found, exact = estimate_scenario(artifacts, SCENARIO), evaluate_scenario(artifacts, SCENARIO)
    assert found.n_users == 900
    assert repr(found.figures) == repr(exact.figures)  # NaN is not itself


def test_of_many_it_is_the_same_lists_and_values_of_some(artifacts):
    found, exact = (
        estimate_scenario(artifacts, SCENARIO, n=200),
        evaluate_scenario(artifacts, SCENARIO),
    )
    rows = found.measured.users
    assert len(rows) == len(set(rows)) == 200
    np.testing.assert_array_equal(found.lists.items, exact.lists.items[rows])
    np.testing.assert_array_equal(found.measured.values, exact.measured.values[rows])
    assert {found.figures[name].n + found.figures[name].n_undefined for name in USER_METRICS} == {
        200
    }
    again = estimate_scenario(artifacts, SCENARIO, n=200)
    assert repr(again.figures) == repr(found.figures)


def test_what_is_counted_over_all_lists_has_no_value_and_says_why(artifacts):
    found = estimate_scenario(artifacts, SCENARIO, n=200)
    for name in AUDIENCE_METRICS:
        figure = found.figures[name]
        assert np.isnan(figure.value)
        assert np.isnan(figure.difference)
        assert (figure.n, figure.n_undefined) == (0, 200)
        assert "fewer lists hold fewer items" in figure.reason


def test_groups_keep_their_shares(artifacts):
    audience = audience_of(artifacts)
    users = estimate_scenario(artifacts, SCENARIO, n=200).measured.users
    first = next(iter(audience.attributes))
    codes = audience.codes(first)
    for code in np.unique(codes):
        share = (codes == code).mean()
        assert abs((codes[users] == code).sum() - 200 * share) <= 1


def test_its_interval_holds_what_everybody_says(artifacts, monkeypatch):
    """95 % of 60 samples: 51 of them or more, but for one in 10,000."""
    exact = evaluate_scenario(artifacts, SCENARIO).figures
    held = dict.fromkeys(("ndcg", "ild", "fresh_share", "aplt"), 0)
    for seed in range(60):
        monkeypatch.setattr(estimate, "SEED", seed)
        estimate._SAMPLES.clear()
        found = estimate_scenario(artifacts, SCENARIO, n=120).figures
        for name in held:
            held[name] += found[name].low <= exact[name].value <= found[name].high
    estimate._SAMPLES.clear()
    assert min(held.values()) >= 51, held


@settings(max_examples=8)
@given(
    at_once=st.integers(1, 300),
    diversity=st.floats(0, 1),
    method=st.sampled_from(["mmr", "dpp", "xquad"]),
)
def test_blocks_change_nothing(at_once, diversity, method):
    artifacts = service()
    scenario = Scenario(k=5, diversity=diversity, diversity_method=method)
    whole = evaluate_scenario(artifacts, scenario)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(progress, "AT_ONCE", at_once)
        parts = evaluate_scenario(artifacts, scenario)
    np.testing.assert_array_equal(whole.lists.items, parts.lists.items)
    np.testing.assert_array_equal(whole.lists.positions, parts.lists.positions)
    np.testing.assert_array_equal(whole.measured.values, parts.measured.values)
    assert repr(whole.figures) == repr(parts.figures)


def test_who_listens_hears_how_far_it_is_and_can_end_it(artifacts, monkeypatch):
    monkeypatch.setattr(progress, "AT_ONCE", 100)
    heard = []
    with listening(heard.append):
        evaluate_scenario(artifacts, SCENARIO)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert len(heard) >= 18  # nine blocks of lists, and nine of what is measured of them

    class EndedError(Exception):
        pass

    def end(share: float) -> None:
        heard.append(share)
        if share > 0.2:
            raise EndedError

    heard.clear()
    with pytest.raises(EndedError), listening(end):
        evaluate_scenario(artifacts, SCENARIO)
    assert heard[-1] < 0.3
