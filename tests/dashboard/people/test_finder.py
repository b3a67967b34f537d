"""What the row says of those it found."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from dashboard import cached_names
from dashboard.people.finder import LISTED, by_attribute, found_table, place_in_words
from engine.people import FINDERS, LIKES, Found, Searched, find_people, share_traits


def found(name="new_here", rows=(4, 2), values=(3.0, 5.0), n_among=7, n_undefined=0):
    return Found(FINDERS[name], np.array(rows, int), np.array(values, float), n_among, n_undefined)


def test_the_place_among_those_found_and_why():
    assert place_in_words(found(), 2) == "Number 2 of 7 people · Items in history 5"
    assert place_in_words(found("most_changed", values=(0.25, 0.5)), 4).endswith("Overlap 0.250")


def test_who_is_not_among_them_is_said_with_the_reason():
    said = place_in_words(found("worst_served", n_undefined=3), 6)
    assert said == "Not among the first 2 (worst served) of 7 people, 3 without a value."


def test_nobody_found_is_said():
    assert place_in_words(found(rows=(), values=(), n_among=0), 1) == "Nobody found among 0 people."


def test_anyone_needs_no_value():
    assert place_in_words(found("anyone"), 4) == "Number 1 of 7 people"


def test_the_table_names_people_value_and_groups(tiny_artifacts):
    among = np.ones(tiny_artifacts.n_users, bool)
    newest = find_people(Searched(tiny_artifacts, among), "new_here")
    table = found_table(tiny_artifacts, newest)
    users = tiny_artifacts.users.iloc[newest.user_indices[:LISTED]]
    assert table["person"].tolist() == users["user_id"].tolist()
    assert table["gender"].tolist() == users["gender"].tolist()
    lengths = tiny_artifacts.history.lengths()[newest.user_indices]
    assert table["Items in history"].tolist() == lengths.tolist()


def test_people_are_searched_by_what_they_like(tiny_artifacts, monkeypatch):
    """Only groups and ids could be searched: "women who like Horror" could not be asked for."""
    offered = offered_traits(tiny_artifacts, monkeypatch)
    genres = [group for attribute, group in offered.values() if attribute == LIKES]
    assert genres == list(tiny_artifacts.genre_names)
    women = share_traits(tiny_artifacts, {"gender": ["woman"]})
    fans = share_traits(tiny_artifacts, by_attribute([(LIKES, genres[0])]))
    both = share_traits(tiny_artifacts, {"gender": ["woman"], LIKES: [genres[0]]})
    assert (both == (women & fans)).all()


def test_every_offered_trait_can_be_searched(tiny_artifacts, monkeypatch):
    offered = offered_traits(tiny_artifacts, monkeypatch)
    assert offered["gender: woman"] == ("gender", "woman")
    counts = [
        share_traits(tiny_artifacts, by_attribute([one])).sum()
        for one in offered.values()
        if one[0] != LIKES
    ]
    n_attributes = len(tiny_artifacts.attributes)
    assert sum(counts) == n_attributes * tiny_artifacts.n_users


def test_traits_that_read_alike_are_told_apart(monkeypatch):
    awkward = SimpleNamespace(
        genre_names=(), attributes={"plan": ("tier: a",), "plan: tier": ("a", "b")}
    )
    offered = offered_traits(awkward, monkeypatch)
    assert len(offered) == 3
    assert {("plan", "tier: a"), ("plan: tier", "a")} < set(offered.values())


def offered_traits(artifacts, monkeypatch):
    monkeypatch.setattr(cached_names, "fit_key", lambda: (str(id(artifacts)), "fit"))
    monkeypatch.setattr(cached_names, "opened", lambda *_: artifacts)
    return cached_names.traits()
