"""Bloom filters of what was met: they never forget, and err about as often as is predicted."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.pipeline.filter_panel import met_sentence
from engine.arrays import PAD, Ragged, closed_up
from engine.artifacts import open_artifacts
from engine.errors import DataError
from engine.fit import fit
from engine.fit_config import FitConfig, recipe_of, suited
from engine.pipeline.filtering.item_filters import FilterConfig
from engine.pipeline.filtering.met_bloom import (
    bits_of,
    predicted_rate,
    taken_for_met,
)
from engine.pipeline.report.filter_counts import filter_counts
from engine.pipeline.serving import everybodys_histories, serving_of
from tests.conftest import TINY_CONFIG
from tests.tiny_service import dataset_of, tiny_dataset

RATE = 0.2


@settings(max_examples=40)
@given(
    rows=st.lists(st.lists(st.integers(0, 40), unique=True, max_size=12), min_size=1, max_size=6),
    asked=st.lists(st.integers(-1, 40), min_size=1, max_size=9),
    rate=st.sampled_from([0.001, 0.1, 0.5]),
)
def test_what_was_met_is_always_found_whoever_else_is_asked_for(rows, asked, rate):
    met = Ragged.from_rows(rows)
    lists = np.tile(np.array(asked, np.int32), (len(rows), 1))
    said = taken_for_met(lists, met, rate)
    for person, own in enumerate(rows):
        assert said[person][np.isin(lists[person], own)].all()
        alone = taken_for_met(lists[[person]], Ragged.from_rows([own]), rate)
        assert (alone[0] == said[person]).all()
        assert own or not said[person].any()
    assert not said[lists == PAD].any()


@pytest.mark.parametrize("rate", [0.01, 0.1])
@pytest.mark.parametrize("n", [20, 200])
def test_the_rate_is_the_predicted_one(rate, n):
    """Of 200,000 draws: five standard errors, and a tenth for what the formula leaves out."""
    rng = np.random.default_rng(0)
    people, asked = 400, 500
    rows = [rng.choice(100_000, n, replace=False) for _ in range(people)]
    lists = rng.integers(100_000, 1_000_000, (people, asked)).astype(np.int32)
    found = taken_for_met(lists, Ragged.from_rows(rows), rate).mean()
    expected = predicted_rate(np.array([n]), rate)[0]
    slack = 5 * np.sqrt(expected / lists.size) + 0.1 * expected
    assert found == pytest.approx(expected, abs=slack)
    assert expected == pytest.approx(rate, rel=0.2)


def test_the_sizes_are_those_of_the_library():
    from rbloom import Bloom

    lengths = np.array([1, 2, 3, 7, 50, 999])
    for rate in (0.001, 0.01, 0.3):
        sizes = [Bloom(int(n), rate).size_in_bits for n in lengths]
        assert np.maximum(bits_of(lengths, rate), 8).tolist() == [max(size, 8) for size in sizes]


def test_rows_close_over_what_is_taken_out():
    lists = np.array([[4, 5, 6], [7, 8, PAD]], np.int32)
    out = np.array([[False, True, False], [True, False, False]])
    kept = closed_up(lists, out)
    beside = closed_up(np.array([[1, 2, 3], [4, 5, 0]], np.uint16), out, fill=0)
    assert kept.tolist() == [[4, 6, PAD], [8, PAD, PAD]]
    assert beside.tolist() == [[1, 3, 0], [5, 0, 0]]


@pytest.fixture(scope="module")
def fits(tmp_path_factory):
    data = tiny_dataset(80, 60, 20)
    plain = dataset_of(data.interactions, data.items, data.users)
    with_filter = dataclasses.replace(TINY_CONFIG, filters=FilterConfig(met_bloom=RATE))
    return [
        open_artifacts(fit(plain, tmp_path_factory.mktemp("out"), config=config).parent)
        for config in (TINY_CONFIG, with_filter)
    ]


def test_a_fit_offers_nobody_what_their_filter_takes_for_met(fits):
    plain, filtered = fits
    lists = np.asarray(filtered.filtered)
    assert not taken_for_met(lists, filtered.history, RATE).any()
    assert (lists == PAD).sum() > (np.asarray(plain.filtered) == PAD).sum()
    assert filter_counts(plain).met is None
    assert met_sentence(None) == ""


def test_places_and_lost_likes_are_those_of_a_loop(fits):
    art = fits[1]
    counts = filter_counts(art)
    row, found = counts.rows[1], counts.met
    assert row.label == "taken for met by the Bloom filter"
    said = taken_for_met(np.asarray(art.retrieved), art.history, RATE)
    wrong, asked, lost = 0, 0, 0
    for user in range(art.n_users):
        met = set(art.history.row(user).tolist())
        for item, is_said in zip(art.retrieved[user].tolist(), said[user].tolist(), strict=True):
            if item != PAD and item not in met:
                asked += 1
                wrong += is_said
        held = art.holdout.row(user)[None].astype(np.int32)
        lost += taken_for_met(held, Ragged.from_rows([art.history.row(user)]), RATE).sum()
    assert wrong > 20
    assert row.places == pytest.approx(wrong / art.n_users)
    assert row.lost.value == pytest.approx(lost / len(art.holdout.indices))
    assert found.measured.value == pytest.approx(wrong / asked)
    assert found.measured.low < found.predicted * 1.3
    assert found.measured.high > found.predicted / 1.3
    assert "are predicted" in met_sentence(found)


def test_served_alone_a_person_gets_the_list_of_the_fit(fits):
    art = fits[1]
    serving = serving_of(art)
    assert serving.moment.retrieval.met_rate == RATE
    for user in (0, art.n_users // 2, art.n_users - 1):
        alone = serving.serve(
            everybodys_histories(art).take(np.array([user])), serving.codes_of(user)
        )
        assert (alone.candidates[0] == art.candidates[user]).all()


def test_the_option_makes_no_other_recipe_of_fits_without_it():
    usual = recipe_of(FitConfig())
    assert "met_bloom" not in json.dumps(usual.as_dict())
    other = recipe_of(FitConfig(filters=FilterConfig(met_bloom=0.01)))
    assert other.identity != usual.identity
    with pytest.raises(ValueError, match="`met_bloom` of FilterConfig must be from 0"):
        FilterConfig(met_bloom=0.7)


def test_where_items_come_again_there_is_nothing_to_filter():
    config = FitConfig(filters=FilterConfig(met_bloom=0.01), again=True)
    with pytest.raises(DataError, match="may be offered again, so there is nothing"):
        suited(config, tiny_dataset(10, 10, 4))
