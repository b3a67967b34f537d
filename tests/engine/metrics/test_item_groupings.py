"""Groupings of items against counts by hand and the artifacts' own long tail."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.artifacts import Artifacts
from engine.metrics.item_groupings import (
    by_decade,
    by_genre,
    by_popularity,
    by_provider,
    usable_groupings,
)

DAY = {year: float(np.datetime64(f"{year}-07-01").astype(int)) for year in range(1900, 2030)}


def groups_of(grouping):
    """Label of each item, for groupings with whole membership."""
    return [grouping.labels[group] for group in grouping.membership.argmax(axis=1)]


@given(arrays(np.int32, st.integers(1, 60), elements=st.integers(0, 40)))
def test_the_last_bands_are_the_long_tail_of_the_artifacts(popularity):
    owner = SimpleNamespace(popularity=popularity, n_items=len(popularity))
    tail = Artifacts.is_long_tail.func(owner)
    in_tail = [
        label in ("Long tail", "No history") for label in groups_of(by_popularity(popularity))
    ]
    assert in_tail == tail.tolist()


def test_bands_hold_about_a_fifth_of_history_each():
    popularity = np.random.default_rng(3).zipf(1.6, 5000).clip(max=300)
    bands = by_popularity(popularity)
    share = popularity @ bands.membership / popularity.sum()
    assert bands.labels == ("Top hits", "Hits", "Middle", "Niche", "Long tail")
    # an item lies in the band in which it begins, so a bound is missed by one item at most
    assert share == pytest.approx(np.full(5, 0.2), abs=popularity.max() / popularity.sum())


@given(
    arrays(np.bool_, st.tuples(st.integers(1, 20), st.integers(1, 5))),
)
def test_every_item_counts_once_among_the_genres(genre_matrix):
    names = [f"genre {g}" for g in range(genre_matrix.shape[1])]
    grouping = by_genre(genre_matrix, names)
    assert grouping.membership.sum(axis=1) == pytest.approx(np.ones(len(genre_matrix)))
    for item, genres in enumerate(genre_matrix):
        expected = {names[g]: 1 / genres.sum() for g in np.flatnonzero(genres)} or {"No genre": 1.0}
        found = {
            label: part
            for label, part in zip(grouping.labels, grouping.membership[item], strict=True)
            if part > 0
        }
        assert found == pytest.approx(expected)


def test_decades_newest_first_and_items_without_a_date_last():
    days = np.array([DAY[1994], np.nan, DAY[1968], DAY[1999], DAY[2000]])
    grouping = by_decade(days)
    assert grouping.labels == ("2000s", "1990s", "1960s", "No date")
    assert groups_of(grouping) == ["1990s", "No date", "1960s", "1990s", "2000s"]


def test_early_decades_are_taken_together():
    days = np.array([DAY[year] for year in range(1905, 2025, 10)])  # 12 decades
    grouping = by_decade(days)
    newest = [f"{decade}s" for decade in range(2010, 1940, -10)]
    assert grouping.labels == (*newest, "Before 1950")
    assert grouping.n_items.tolist() == [1] * 7 + [5]


def test_providers_with_most_history_are_named_and_the_rest_counted():
    codes = np.array([*range(14), -1, 13])
    popularity = np.array([*range(14), 5, 1])
    grouping = by_provider(codes, [f"P{p}" for p in range(14)], popularity)
    assert grouping.labels == (*(f"P{p}" for p in range(13, 1, -1)), "2 others", "No provider")
    labels = groups_of(grouping)
    assert labels[13] == labels[15] == "P13"
    assert labels[0] == labels[1] == "2 others"
    assert labels[14] == "No provider"


def test_few_providers_are_all_named():
    grouping = by_provider(np.array([0, 1, 1]), ["A", "B"], np.array([1, 1, 1]))
    assert grouping.labels == ("B", "A")


def test_a_catalogue_without_providers_has_no_grouping_by_provider():
    artifacts = SimpleNamespace(
        popularity=np.array([5, 3, 0]),
        genre_matrix=np.eye(3, dtype=bool),
        genre_names=("Drama", "Comedy", "War"),
        released_day=np.array([DAY[1990], DAY[2000], np.nan]),
        provider_codes=np.full(3, -1),
        provider_names=(),
    )
    assert list(usable_groupings(artifacts)) == ["popularity", "genre", "decade"]
