import numpy as np
import pytest

from engine.arrays import Ragged
from engine.pipeline.retrieval.histories import entry_rows, steps_back
from engine.pipeline.retrieval.profiles import Profile
from tests.engine.pipeline.retrieval.history_makers import histories_of, random_histories


def test_liked_keeps_the_order_and_the_people_without_likes():
    histories = histories_of([[3, 1, 2], [], [0, 3]], [[1, 0, 1], [], [0, 0]])
    assert histories.liked.n_rows == 3
    assert histories.liked.row(0).tolist() == [3, 2]
    assert histories.liked.row(1).tolist() == []
    assert histories.liked.row(2).tolist() == []


def test_likes_and_views_are_indicators_even_of_repeats():
    histories = histories_of([[1, 1, 0]], [[1, 1, 0]])
    assert histories.likes.toarray().tolist() == [[0, 1]]
    assert histories.views.toarray().tolist() == [[1, 1]]
    assert histories.popularity.tolist() == [1, 1]


def test_entries_know_their_row_and_their_distance_from_its_end():
    rows = Ragged.from_rows([[5, 6, 7], [], [8]])
    assert entry_rows(rows).tolist() == [0, 0, 0, 2]
    assert steps_back(rows).tolist() == [2, 1, 0, 0]


@pytest.mark.parametrize(("start", "stop"), [(0, 30), (0, 1), (7, 19), (29, 30), (4, 4)])
def test_a_block_holds_the_same_people(start, stop):
    histories = random_histories()
    block = histories.block(start, stop)
    assert block.n_people == stop - start
    for row, person in enumerate(range(start, stop)):
        assert block.seen.row(row).tolist() == histories.seen.row(person).tolist()
        assert block.liked.row(row).tolist() == histories.liked.row(person).tolist()
    assert len(block.day) == len(block.seen.indices)


@pytest.mark.parametrize("profile", [Profile(), Profile(last=2), Profile(3, 0.5), Profile(0, 0.9)])
@pytest.mark.parametrize("of_seen", [False, True])
def test_profile_weights_by_hand(profile, of_seen):
    profile = Profile(profile.last, profile.decay, of_seen)
    histories = random_histories(seed=1)
    weights = profile.weights(histories).toarray()
    rows = histories.seen if of_seen else histories.liked
    for person in range(histories.n_people):
        expected = np.zeros(histories.n_items)
        newest_first = rows.row(person)[::-1]
        for back, item in enumerate(newest_first[: profile.last or None]):
            expected[item] = profile.decay**back
        np.testing.assert_allclose(weights[person], expected, rtol=1e-6)


@pytest.mark.parametrize("wrong", [{"last": -1}, {"decay": 0.0}, {"decay": 1.2}])
def test_an_impossible_profile_is_refused(wrong):
    with pytest.raises(ValueError, match="Profile needs"):
        Profile(**wrong)


def test_taking_people_keeps_their_order_and_allows_repeats():
    histories = random_histories()
    people = np.array([4, 4, 0, 29])
    taken = histories.take(people)
    for row, person in enumerate(people):
        assert taken.seen.row(row).tolist() == histories.seen.row(person).tolist()
        assert taken.liked.row(row).tolist() == histories.liked.row(person).tolist()
    np.testing.assert_array_equal(histories.take(np.arange(5, 9)).day, histories.block(5, 9).day)
    assert histories.take(np.empty(0, int)).n_people == 0


def test_distinct_items_are_each_there_once():
    histories = histories_of([[3, 1, 3], [], [2]], [[1, 0, 1], [], [0]], n_items=4)
    assert [histories.distinct(liked=False).row(p).tolist() for p in range(3)] == [[1, 3], [], [2]]
    assert [histories.distinct(liked=True).row(p).tolist() for p in range(3)] == [[3], [], []]


def test_what_was_made_once_for_histories_is_remembered_by_its_key():
    histories, made = histories_of([[0]]), []
    for key in ("a", "b", "a"):
        histories.remember(key, lambda key=key: made.append(key))
    assert made == ["a", "b"]
