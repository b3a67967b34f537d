"""Items held back on purpose: few of their interactions are known, and nothing else is hidden."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.held_out import ndcg_at
from engine.pipeline.report import cold_items
from engine.pipeline.report.cold_items import cold_items_curve, items_held_back, with_few_of
from engine.pipeline.retrieval.histories import entry_rows
from tests.engine.pipeline.retrieval.history_makers import random_histories


@settings(max_examples=30)
@given(seed=st.integers(0, 1000), n=st.integers(0, 5))
def test_the_last_interactions_of_some_items_stay_and_all_of_the_others(seed, n):
    histories = random_histories(seed=seed)
    items = np.arange(0, histories.n_items, 3)
    kept = with_few_of(histories, items, n)

    def met(of):
        rows = entry_rows(of.seen)
        return sorted(zip(of.seen.indices.tolist(), of.day.tolist(), rows.tolist(), strict=True))

    whole, left = met(histories), met(kept)
    expected = []
    for item in range(histories.n_items):
        own = [one for one in whole if one[0] == item]
        expected += own[max(len(own) - n, 0) :] if item in items else own
    assert [one[:2] for one in left] == [one[:2] for one in expected]
    assert set(left) <= set(whole)
    assert kept.n_people == histories.n_people


@pytest.fixture(scope="module")
def curve(tiny_artifacts):
    return cold_items_curve(tiny_artifacts, lengths=(0, 2))


def test_each_length_is_measured_on_the_same_people_and_items(curve, tiny_artifacts):
    items = items_held_back(tiny_artifacts)
    assert [one.known for one in curve] == [0, 2, -1]
    assert {one.n_items for one in curve} == {len(items)} == {tiny_artifacts.n_items // 10}
    wanted = np.isin(tiny_artifacts.holdout.indices, items)
    people = np.unique(entry_rows(tiny_artifacts.holdout)[wanted])
    for one in curve:
        assert one.ndcg.n == one.taste.n == one.found.n == len(people)
        assert one.gain.value == pytest.approx(one.ndcg.value - one.popularity.value)


def test_with_everything_known_the_lists_are_the_fits_own(curve, tiny_artifacts):
    """The sources are made anew of all there is: the order among the items is that of the fit."""
    items = items_held_back(tiny_artifacts)
    values = []
    for person in range(tiny_artifacts.n_users):
        wanted = np.intersect1d(tiny_artifacts.holdout.row(person), items)
        if len(wanted):
            row = tiny_artifacts.candidates[person]
            first = row[np.isin(row, items)][:10]
            values.append(ndcg_at(10, np.isin(first, wanted)[None], np.array([len(wanted)]))[0])
    assert curve[-1].ndcg.value == pytest.approx(np.mean(values), abs=1e-6)


def test_what_is_hidden_of_an_item_teaches_nothing(tiny_artifacts, monkeypatch):
    audiences = []
    make = cold_items.moment_as_fitted
    monkeypatch.setattr(
        cold_items,
        "moment_as_fitted",
        lambda artifacts, known, people: audiences.append(known) or make(artifacts, known, people),
    )
    cold_items_curve(tiny_artifacts, lengths=(0,))
    items = items_held_back(tiny_artifacts)
    assert audiences[0].popularity[items].tolist() == [0] * len(items)
    others = np.setdiff1d(np.arange(tiny_artifacts.n_items), items)
    np.testing.assert_array_equal(
        audiences[0].popularity[others], np.asarray(tiny_artifacts.popularity)[others]
    )
