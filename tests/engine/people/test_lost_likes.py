"""Whom a tour shows: somebody who lost what they did like, else anybody who lost something."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.arrays import Ragged
from engine.people.lost_likes import LostItem, find_lost
from engine.people.story import story
from tests.engine.reranking.worlds import make_world

BEFORE = np.array([[0, 1, 2], [3, 4, 5], [6, 7, 8]], dtype=np.int32)


@pytest.fixture(scope="module")
def world():
    liked = Ragged.from_rows([[9], [4, 5], [8]])
    return replace(make_world(seed=3, n_users=3, n_items=12, n_candidates=9), holdout=liked)


def test_who_lost_a_like_is_shown_before_who_lost_more(world):
    after = np.array([[9, 10, 11], [3, 4, 0], [6, 7, 8]], dtype=np.int32)
    assert find_lost(world, BEFORE, after) == LostItem(1, 5, was_liked=True)


def test_of_those_who_lost_a_like_the_one_with_most_changes_is_shown(world):
    after = np.array([[0, 1, 2], [3, 4, 0], [1, 2, 3]], dtype=np.int32)
    assert find_lost(world, BEFORE, after) == LostItem(2, 8, was_liked=True)


def test_where_nobody_lost_a_like_anybody_who_lost_something_is_shown(world):
    after = np.array([[0, 1, 9], [5, 4, 3], [6, 7, 8]], dtype=np.int32)
    assert find_lost(world, BEFORE, after) == LostItem(0, 2, was_liked=False)


def test_an_order_that_changed_and_an_empty_place_are_no_loss(world):
    before = np.where(BEFORE == 8, -1, BEFORE).astype(np.int32)
    assert find_lost(world, before, before[:, ::-1].copy()) is None


@pytest.mark.parametrize(
    ("user", "after", "said"),
    [
        (0, [0, 1, 2], "The setting leaves all 3 of their items where they were."),
        (0, [2, 1, 0], "The setting leaves their 3 items in, and puts 2 at another place."),
        (1, [3, 4, 0], "The setting swapped 1 of 3 items; Title 5, which they did like, fell out."),
        (0, [0, 9, 10], "The setting swapped 2 of 3 items; Title 9, which they did like, came in."),
        (2, [6, 7, 0], "The setting swapped 1 of 3 items; Title 8, which they did like, fell out."),
        (1, [0, 4, 5], "The setting swapped 1 of 3 items, none of which they are known to like."),
    ],
)
def test_the_story_says_what_left_and_what_came_of_what_they_did_like(world, user, after, said):
    assert story(world, user, BEFORE[user], np.array(after, dtype=np.int32)) == said
