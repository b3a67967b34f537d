"""The finders against plain loops over the tiny fitted service."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import DataError
from engine.people import FINDERS, find_people, person_row, share_traits
from engine.people.finding import Searched
from engine.people.likings import LEAST_ITEMS, LEAST_SHARE, likes_genre


@pytest.fixture
def everybody(tiny_artifacts):
    return np.ones(tiny_artifacts.n_users, bool)


def test_a_person_is_found_by_id(tiny_artifacts):
    ids = tiny_artifacts.users["user_id"].tolist()
    assert [person_row(tiny_artifacts, f" {name} ") for name in ids[:5]] == [0, 1, 2, 3, 4]


def test_an_unknown_id_is_refused_with_two_known_ones(tiny_artifacts):
    ids = tiny_artifacts.users["user_id"]
    with pytest.raises(DataError, match=f"'nobody'.*{ids.iloc[0]}.*{ids.iloc[-1]}"):
        person_row(tiny_artifacts, "nobody")


def test_traits_select_who_has_all_of_them(tiny_artifacts):
    found = share_traits(tiny_artifacts, {"gender": ["woman"], "activity": ["light"]})
    women = tiny_artifacts.users["gender"].to_numpy() == "woman"
    light = tiny_artifacts.attributes["activity"].index("light")
    column = list(tiny_artifacts.attributes).index("activity")
    expected = [
        bool(women[row]) and tiny_artifacts.user_groups[row, column] == light
        for row in range(tiny_artifacts.n_users)
    ]
    assert found.tolist() == expected
    assert 0 < found.sum() < women.sum()


def test_several_groups_of_one_attribute_are_alternatives(tiny_artifacts):
    ages = tiny_artifacts.users["age band"].to_numpy()
    found = share_traits(tiny_artifacts, {"age band": ["18-24", "25-34"]})
    assert found.tolist() == [age in ("18-24", "25-34") for age in ages]


def test_no_trait_selects_everybody(tiny_artifacts):
    assert share_traits(tiny_artifacts, {}).all()


@pytest.mark.parametrize(
    ("traits", "named"), [({"height": ["tall"]}, "gender"), ({"gender": ["tall"]}, "man, woman")]
)
def test_unknown_traits_are_refused_with_the_known_ones(tiny_artifacts, traits, named):
    with pytest.raises(DataError, match=named):
        share_traits(tiny_artifacts, traits)


def test_most_changed_puts_the_least_overlap_first_and_counts_the_undefined(
    tiny_artifacts, everybody
):
    overlap = np.linspace(1.0, 0.2, tiny_artifacts.n_users)
    overlap[-1] = np.nan
    found = find_people(Searched(tiny_artifacts, everybody, overlap=overlap), "most_changed")
    n = tiny_artifacts.n_users
    assert found.user_indices[:3].tolist() == [n - 2, n - 3, n - 4]
    assert found.values[0] == overlap[n - 2]
    assert (found.n_among, found.n_undefined) == (n, 1)


def test_worst_served_of_equals_is_who_has_most_held_out(tiny_artifacts, everybody):
    quality = np.where(np.arange(tiny_artifacts.n_users) < 10, 0.0, 0.5)
    found = find_people(
        Searched(tiny_artifacts, everybody, quality=quality), "worst_served", at_most=10
    )
    held_out = [len(tiny_artifacts.holdout.row(user)) for user in found.user_indices]
    assert sorted(found.user_indices.tolist()) == list(range(10))
    assert held_out == sorted(held_out, reverse=True)


def test_worst_served_without_lists_reads_the_service_of_the_fit(tiny_artifacts, everybody):
    found = find_people(Searched(tiny_artifacts, everybody), "worst_served", at_most=1)
    assert found.values[0] == np.nanmin(tiny_artifacts.service)


def test_new_here_has_the_shortest_history(tiny_artifacts, everybody):
    found = find_people(Searched(tiny_artifacts, everybody), "new_here", at_most=200)
    lengths = [len(tiny_artifacts.history.row(user)) for user in found.user_indices]
    assert lengths == sorted(lengths)
    assert found.values.tolist() == lengths


def test_who_likes_a_genre_has_clearly_more_of_it_than_everybody(tiny_artifacts):
    """Against the definition, a person at a time."""
    genres = np.asarray(tiny_artifacts.genre_matrix) > 0
    shares = genres / genres.sum(axis=1, keepdims=True)
    liked = [
        np.array(tiny_artifacts.history.row(user))[
            tiny_artifacts.history_is_liked[slice(*tiny_artifacts.history.indptr[user : user + 2])]
        ]
        for user in range(tiny_artifacts.n_users)
    ]
    everybody = shares[np.concatenate(liked)].mean(axis=0)
    for column, genre in enumerate(tiny_artifacts.genre_names):
        expected = [
            genres[items, column].sum() >= LEAST_ITEMS
            and shares[items, column].mean() >= LEAST_SHARE * everybody[column]
            for items in liked
        ]
        assert likes_genre(tiny_artifacts, [genre]).tolist() == expected
        assert 0 < sum(expected) < tiny_artifacts.n_users


def test_an_unknown_genre_is_refused_with_the_known_ones(tiny_artifacts):
    with pytest.raises(DataError, match=tiny_artifacts.genre_names[0]):
        likes_genre(tiny_artifacts, ["no such genre"])


def test_typical_is_the_same_whether_others_are_in_the_data_or_not(tiny_artifacts):
    """Only the marked people decide what is typical of them."""
    women = share_traits(tiny_artifacts, {"gender": ["woman"]})
    found = find_people(Searched(tiny_artifacts, women), "typical", at_most=500)
    assert set(found.user_indices) <= set(np.flatnonzero(women))
    assert np.mean(found.values**2) == pytest.approx(1.0)
    assert found.values[0] < 1 < found.values[-1]


@pytest.mark.parametrize("name", FINDERS)
@given(chosen=st.lists(st.integers(0, 119), max_size=8), at_most=st.integers(1, 6))
def test_whoever_is_found_was_looked_at_and_nobody_twice(tiny_artifacts, name, chosen, at_most):
    among = np.zeros(tiny_artifacts.n_users, bool)
    among[[row for row in chosen if row < tiny_artifacts.n_users]] = True
    rng = np.random.default_rng(3)
    values = rng.random(tiny_artifacts.n_users)
    found = find_people(Searched(tiny_artifacts, among, values, values), name, at_most=at_most)
    rows = found.user_indices.tolist()
    assert len(rows) == len(set(rows)) == min(at_most, found.n_among - found.n_undefined)
    assert among[rows].all()
    steps = np.diff(found.values)
    assert ((steps <= 0) if found.finder.is_highest_first else (steps >= 0)).all()
