"""What filters take out is what their rules say, once each, and is in nobody's candidates."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.artifacts import open_artifacts
from engine.errors import DataError
from engine.fit import fit
from engine.pipeline.filtering.item_filters import (
    FILTERS,
    Filterable,
    FilterConfig,
    taken_out,
)
from engine.pipeline.filtering.near_duplicates import copies, jaccard, shingles
from engine.pipeline.report.filter_counts import filter_counts
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.serving import serving_of
from tests.conftest import TINY_CONFIG
from tests.tiny_service import dataset_of, tiny_dataset

TITLES = ["Casino Night", "Night of Casinos", "A Quiet Lake", "A Quiet Lake!", "The Quiet Lake", ""]
CODE = {name: place for place, name in enumerate(FILTERS, start=1)}


def shop(**columns) -> Filterable:
    items = pd.DataFrame(
        {
            "item_id": [f"i{n}" for n in range(6)],
            "title": TITLES,
            "genres": ["Crime", "Crime|Drama", "Nature", "Nature", "Nature", "Drama"],
            "released": np.full(6, np.datetime64("NaT"), "datetime64[s]"),
            "provider": "",
            **columns,
        }
    )
    popularity = np.array([5, 4, 1, 9, 3, 2])
    return Filterable(items, Catalogue.from_items(items), popularity, 100.0)


def names_out(of: Filterable, **settings_) -> dict[int, str]:
    found = taken_out(of, FilterConfig(**settings_))
    return {item: list(FILTERS)[code - 1] for item, code in enumerate(found) if code}


def test_by_default_only_what_has_expired_is_taken_out():
    assert names_out(shop()) == {}
    until = ["", "1970-04-11T00:00:00", "1970-04-10", " ", None, "1970-04-12"]
    assert names_out(shop(expires=until)) == {1: "expired", 2: "expired"}
    until[3] = "soon"
    with pytest.raises(DataError, match=r"column expires: 1 of 6 values .* 'soon'; write them as"):
        names_out(shop(expires=until))


def test_rules_go_by_whole_words_and_by_genre_in_any_case():
    assert names_out(shop(), moderation=("word:CASINO",)) == {0: "moderated"}
    assert set(names_out(shop(), moderation=("genre:drama",))) == {1, 5}
    assert names_out(shop(), moderation=("genre:Western", "word:asin")) == {}


def test_an_item_is_put_down_to_the_first_filter_that_takes_it_out():
    out = names_out(shop(), blocked=("i0", "i9"), moderation=("genre:Crime",), near_duplicates=0.9)
    assert out == {0: "blocked", 1: "moderated", 2: "near duplicates"}


def test_of_near_duplicates_the_most_popular_stays_unless_another_filter_takes_it_out():
    assert names_out(shop(), near_duplicates=0.9) == {2: "near duplicates"}
    assert names_out(shop(), near_duplicates=0.9, blocked=("i3",)) == {3: "blocked"}
    assert set(names_out(shop(), near_duplicates=0.5)) >= {2, 4}


@settings(max_examples=25)
@given(
    texts=st.lists(st.text("ab c", max_size=12), max_size=14),
    threshold=st.sampled_from([0.3, 0.6, 1.0]),
    seed=st.integers(0, 99),
)
def test_nothing_is_called_a_copy_that_is_none(texts, threshold, seed):
    """And equal texts always are: the rest is a matter of chance just above the threshold."""
    popularity = np.random.default_rng(seed).integers(0, 5, len(texts))
    is_copy = copies(texts, popularity, threshold)
    sets = [shingles(text) for text in texts]
    order = np.argsort(-popularity, kind="stable").tolist()
    for place, item in enumerate(order):
        before = [other for other in order[:place] if not is_copy[other]]
        likeness = max((jaccard(sets[item], sets[other]) for other in before), default=0.0)
        if is_copy[item]:
            assert likeness >= threshold
        elif likeness == 1.0:
            raise AssertionError(f"{texts[item]!r} is there already")


@pytest.mark.parametrize(
    ("settings_", "said"),
    [
        ({"near_duplicates": 1.5}, "from 0 .none. to 1 .equal.; got 1.5"),
        ({"moderation": ("title:x",)}, "genre:NAME or word:TEXT; got 'title:x'"),
        ({"moderation": ("word: ",)}, "genre:NAME or word:TEXT"),
    ],
)
def test_settings_that_mean_nothing_are_refused(settings_, said):
    with pytest.raises(ValueError, match=said):
        FilterConfig(**settings_)


@pytest.fixture(scope="module")
def filtered_fit(tmp_path_factory):
    data = tiny_dataset(60, 60, 20)
    rule = f"genre:{data.items['genres'].iloc[0].split('|')[0]}"
    popular = data.interactions["item_id"].value_counts().index[:3]
    config = dataclasses.replace(
        TINY_CONFIG, filters=FilterConfig(blocked=tuple(popular), moderation=(rule,))
    )
    plain = dataset_of(data.interactions, data.items, data.users)
    return open_artifacts(fit(plain, tmp_path_factory.mktemp("out"), config=config).parent)


def test_what_is_taken_out_is_retrieved_and_nobodys_candidate(filtered_fit):
    out = np.flatnonzero(filtered_fit.filtered_out)
    assert len(out) > 5
    for lists in (filtered_fit.filtered, filtered_fit.candidates):
        assert not np.isin(lists, out).any()
    assert np.isin(filtered_fit.retrieved, out).any()
    serving = serving_of(filtered_fit)
    assert (np.flatnonzero(serving.moment.retrieval.out) == out).all()


def test_each_filters_places_and_lost_likes_are_those_of_a_loop(filtered_fit):
    art, rows = filtered_fit, filter_counts(filtered_fit).rows
    assert [row.label for row in rows][1:] == [label for label, _ in FILTERS.values()]
    out = np.asarray(art.filtered_out)
    places, lost, held = np.zeros(5), np.zeros(5), 0
    for user in range(art.n_users):
        met = set(art.history.row(user).tolist())
        for item in art.retrieved[user][art.retrieved[user] >= 0].tolist():
            if item in met:
                places[0] += 1
            elif out[item]:
                places[out[item]] += 1
        for item in art.holdout.row(user).tolist():
            held += 1
            lost[out[item]] += out[item] > 0
    np.testing.assert_allclose([row.places for row in rows], places / art.n_users)
    np.testing.assert_allclose([row.lost.value for row in rows], lost / held)
    assert lost[CODE["blocked"]] > 0
    assert [row.n_items for row in rows[1:]] == np.bincount(out, minlength=5)[1:].tolist()


def test_a_list_of_the_blocked_that_cannot_be_read_is_a_sentence(tmp_path):
    from argparse import ArgumentParser

    from engine.commands.fit_options import add_fit_options, config_of, kept_as

    parser = ArgumentParser()
    add_fit_options(parser)
    with pytest.raises(DataError, match=r"--blocked: .*none.txt cannot be read as text in UTF-8"):
        config_of(parser.parse_args(["--blocked", str(tmp_path / "none.txt")]))
    with pytest.raises(DataError, match="genre:NAME or word:TEXT"):
        config_of(parser.parse_args(["--moderate", "casino"]))
    (tmp_path / "ids.txt").write_text("﻿i3\n\n i4 \ni3\n", encoding="utf-8")
    asked = ["--blocked", str(tmp_path / "ids.txt"), "--near-duplicates", "0.8"]
    config = config_of(parser.parse_args(asked))
    assert config.filters == FilterConfig(blocked=("i3", "i4"), near_duplicates=0.8)
    assert kept_as("films", config).startswith("films@filtered-blocked-")
