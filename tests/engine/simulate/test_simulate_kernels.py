"""A round, kernel by kernel, against what a few lines of Python say, and against known chances."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.simulate.choice_models import CHOICE_MODELS, choice_model
from engine.simulate.kernels.draws import PLAYED, draw, round_key
from engine.simulate.kernels.visits import explore, keep_unmet, visit
from engine.simulate.kernels.worth import list_worth, most_liked, note_shown
from engine.simulate.measures import item_measures, means_of_groups

N_PEOPLE, N_ITEMS, K = 4000, 30, 5


@pytest.fixture
def lists():
    rng = np.random.default_rng(1)
    return rng.permuted(np.tile(np.arange(N_ITEMS, dtype=np.int32), (N_PEOPLE, 1)), axis=1)[:, :K]


def played_at(lists, preference, model, seed=3):
    is_played = np.empty(lists.shape, bool)
    stays = model.stay_after_skip, model.stay_after_play
    chances = np.full(lists.shape, preference, np.float32)
    visit(lists, chances, model.attention(K), *stays, round_key(seed, 0), is_played)
    return is_played


def within(share, chance, n):
    return abs(share - chance) < 4 * np.sqrt(chance * (1 - chance) / n) + 1e-12


def test_draws_are_even_and_those_of_neighbours_have_nothing_to_do_with_each_other():
    key = round_key(5, 2)
    values = np.array([[draw(key, PLAYED, p, t) for t in range(200)] for p in range(200)])
    assert values.min() >= 0
    assert values.max() < 1
    counts = np.histogram(values, bins=20, range=(0, 1))[0]
    assert ((counts - 2000) ** 2 / 2000).sum() < 50  # chi-squared of 19: 1 in 10,000 above
    for one, other in ((values[:, 1:], values[:, :-1]), (values[1:], values[:-1])):
        assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 4 / np.sqrt(one.size)


def test_draws_differ_between_rounds_repetitions_and_purposes():
    keys = [round_key(seed, number) for seed in range(3) for number in range(3)]
    drawn = {draw(key, purpose, 7, 7) for key in keys for purpose in (np.uint64(1), np.uint64(2))}
    assert len(drawn) == 18


def test_places_are_played_with_attention_times_preference(lists):
    model = CHOICE_MODELS["position"]
    shares = played_at(lists, 0.4, model).mean(axis=0)
    for share, seen in zip(shares, model.attention(K), strict=True):
        assert within(share, 0.4 * seen, N_PEOPLE)


def test_without_position_bias_every_place_is_played_alike(lists):
    for share in played_at(lists, 0.4, CHOICE_MODELS["everything"]).mean(axis=0):
        assert within(share, 0.4, N_PEOPLE)


def test_a_cascade_plays_one_title_at_most_and_reaches_places_with_the_known_chance(lists):
    model = CHOICE_MODELS["cascade"]
    is_played = played_at(lists, 0.3, model)
    assert is_played.sum(axis=1).max() == 1
    for place, share in enumerate(is_played.mean(axis=0)):
        reached = (0.7 * model.stay_after_skip) ** place
        assert within(share, 0.3 * reached, N_PEOPLE)


def test_an_unknown_model_of_attention_is_refused_by_name():
    with pytest.raises(Exception, match="'eyes': give one of position, cascade, everything, n"):
        choice_model("eyes")


def test_exploration_is_even_over_what_was_not_met_and_repeats_nothing(lists):
    shown = lists.copy()
    is_met = np.zeros((N_PEOPLE, N_ITEMS), bool)
    is_met[:, :10] = True
    shown[:] = np.arange(10, 10 + K, dtype=np.int32)
    explore(shown, is_met, 2, round_key(0, 0))
    assert (shown[:, :3] == [10, 11, 12]).all()
    drawn = shown[:, 3:]
    assert (drawn[:, 0] != drawn[:, 1]).all()
    counts = np.bincount(drawn[:, 0], minlength=N_ITEMS)
    assert not counts[:13].any()
    for count in counts[13:]:
        assert within(count / N_PEOPLE, 1 / 17, N_PEOPLE)


def test_exploration_leaves_the_place_where_nothing_is_left():
    shown = np.arange(K, dtype=np.int32)[None].copy()
    is_met = np.ones((1, N_ITEMS), bool)
    explore(shown, is_met, 2, round_key(0, 0))
    assert shown.tolist() == [list(range(K))]


@given(st.integers(0, 2**31))
def test_kernels_say_what_a_few_lines_say(seed):
    rng = np.random.default_rng(seed)
    n_people, n_items, n, k = rng.integers(1, 6), rng.integers(3, 12), 0, 3
    n = int(n_items)
    is_met = rng.random((n_people, n_items)) < 0.4
    preference = rng.random((n_people, n_items), np.float32)
    order = np.argsort(rng.random((n_people, n_items)), axis=1).astype(np.int32)
    scores = np.sort(rng.random((n_people, n_items), np.float32))[:, ::-1].copy()
    kept, own, n_kept = np.empty_like(order), np.empty_like(scores), np.empty(n_people, np.int32)
    keep_unmet(order, scores, is_met, kept, own, n_kept)
    best = np.empty((n_people, n), np.int32)
    most_liked(preference, is_met, n, best)
    lists = np.ascontiguousarray(kept[:, :k])
    worth = np.empty(n_people)
    discounts = 1 / np.log2(np.arange(k) + 2)
    list_worth(lists, preference, best, is_met, discounts, worth)
    is_shown = np.zeros(best.shape, bool)
    note_shown(lists, best, is_shown)
    for person in range(n_people):
        free = [item for item in order[person] if not is_met[person, item]]
        assert kept[person, : len(free)].tolist() == free
        assert (kept[person, len(free) :] == -1).all()
        assert n_kept[person] == len(free)
        liked = sorted(free, key=lambda item: (-preference[person, item], item))
        assert best[person, : len(free)].tolist() == liked
        gain = sum(preference[person, item] * d for item, d in zip(free, discounts, strict=False))
        most = sum(preference[person, item] * d for item, d in zip(liked, discounts, strict=False))
        if free:
            assert worth[person] == pytest.approx(gain / most, rel=1e-6)
            assert 0 <= worth[person] <= 1 + 1e-9
        else:
            assert np.isnan(worth[person])
        assert set(best[person][is_shown[person]]) == set(lists[person]) - {-1}


@given(st.integers(0, 2**31))
def test_measures_of_items_are_what_their_definitions_say(seed):
    rng = np.random.default_rng(seed)
    n_people, n_items, k = int(rng.integers(2, 6)), 8, 3
    lists = np.argsort(rng.random((n_people, n_items)), axis=1)[:, :k].astype(np.int32)
    is_tail = rng.random(n_items) < 0.5
    discounts = 1 / np.log2(np.arange(k) + 2)
    found = item_measures(lists, is_tail, discounts)
    exposure = np.zeros(n_items)
    for row in lists:
        exposure[row] += discounts
    apart = np.abs(exposure[:, None] - exposure).sum()
    assert found["gini"] == pytest.approx(apart / (2 * n_items * exposure.sum()))
    assert found["coverage"] == len(set(lists.ravel())) / n_items
    assert found["tail"] == pytest.approx(is_tail[lists].mean())
    shared = [
        len(set(lists[a]) & set(lists[b])) / k
        for a in range(n_people)
        for b in range(n_people)
        if a != b
    ]
    assert found["overlap"] == pytest.approx(np.mean(shared))


def test_nothing_shown_is_undefined_and_no_zero():
    found = item_measures(np.full((3, 2), -1, np.int32), np.zeros(4, bool), np.ones(2))
    assert np.isnan([found["gini"], found["coverage"], found["tail"]]).all()


def test_means_of_groups_leave_out_who_has_no_value():
    codes = np.array([[0, 2], [0, 3], [1, 2]])
    means = means_of_groups(np.array([1.0, np.nan, 5.0]), codes, 5)
    assert means[:3].tolist() == [1.0, 5.0, 3.0]
    assert np.isnan(means[3:]).all()
