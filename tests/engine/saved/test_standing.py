"""Champion and challenger: promoted, rolled back, and never by two people past each other."""

from __future__ import annotations

import pytest

from engine.saved.errors import StoreError
from engine.saved.records import Author, history_lines
from engine.saved.standing import challenge, promote, roll_back, standing
from engine.saved.store import ScenarioStore
from engine.scenario import Scenario


@pytest.fixture
def store(tmp_path):
    return ScenarioStore(tmp_path / "scenarios.sqlite")


@pytest.fixture
def three(store):
    return [store.save(Scenario(diversity=d), data="tiny", name=f"D {d}") for d in (0.1, 0.2, 0.3)]


def test_nobody_stands_at_first_and_nothing_is_to_be_rolled_back(store):
    nobody = standing(store, "tiny")
    assert (nobody.champion, nobody.challenger, nobody.steps) == (None, None, ())
    with pytest.raises(StoreError, match="nothing to roll back"):
        roll_back(store, nobody, "tiny")


def test_a_challenger_that_is_promoted_is_the_champion_and_no_challenger_any_more(store, three):
    now = challenge(store, standing(store, "tiny"), three[0])
    assert (now.champion, now.challenger) == (None, three[0])
    now = promote(store, now, three[0], by=Author("Ana", "NDCG shown not worse"))
    assert (now.champion, now.challenger) == (three[0], None)
    now = challenge(store, now, three[1])
    now = promote(store, now, three[2])
    assert (now.champion, now.challenger) == (three[2], three[1])
    assert "Ana promote (revision 1): NDCG shown not worse" in history_lines(now.steps)[1]


def test_rolling_back_goes_through_the_champions_that_were_to_the_rankers_order(store, three):
    now = standing(store, "tiny")
    for one in three:
        now = promote(store, now, one)
    for expected in (three[1], three[0], None):
        now = roll_back(store, now, "tiny")
        assert now.champion == expected
    now = promote(store, now, three[1])
    assert now.champion == three[1]
    assert len(now.steps) == 7


def test_a_champion_is_the_revision_that_was_promoted_not_what_it_became(store, three):
    now = promote(store, standing(store, "tiny"), three[0])
    changed = store.change(three[0], scenario=Scenario(diversity=0.9))
    assert standing(store, "tiny").champion.scenario.diversity == 0.1
    assert promote(store, now, changed).champion.scenario.diversity == 0.9
    store.delete(changed)
    assert standing(store, "tiny").champion.scenario.diversity == 0.9


def test_two_people_who_promote_at_once_do_not_pass_each_other_unseen(store, three):
    seen_by_both = standing(store, "tiny")
    promote(store, seen_by_both, three[0], by=Author("Ana"))
    with pytest.raises(StoreError, match="Meanwhile Ana took a step of their own"):
        promote(store, seen_by_both, three[1])
    with pytest.raises(StoreError, match="Meanwhile Ana"):
        challenge(store, seen_by_both, three[1])
    assert standing(store, "tiny").champion == three[0]


def test_a_deleted_scenario_is_not_promoted(store, three):
    gone = store.delete(three[0])
    with pytest.raises(StoreError, match="restore it first"):
        promote(store, standing(store, "tiny"), gone)


def test_data_sets_have_their_own_champions(store, three):
    promote(store, standing(store, "tiny"), three[0])
    assert standing(store, "another").champion is None
