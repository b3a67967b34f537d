"""Neighbours of one genre take clicks from each other: small cases by hand, and the truth drawn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ScenarioError
from engine.simulate.choice_models import CHOICE_MODELS, NEIGHBOURS, ChoiceModel
from engine.simulate.click_log import click_log, click_table
from engine.simulate.kernels.competition import compete
from engine.simulate.world import world_of

COMEDY, CRIME, BOTH = [1, 0], [0, 1], [1, 1]


def chances(appeal, genres, *, reach=2, strength=1.0):
    """One list of items 0, 1, 2 ..."""
    lists = np.arange(len(appeal), dtype=np.int32)[None]
    found = np.empty((1, len(appeal)), np.float32)
    own = np.array([appeal], np.float32)
    compete(lists, own, np.array(genres, bool), reach, strength, found)
    return found[0]


def test_two_neighbours_of_one_genre_that_appeal_alike_keep_half_each():
    assert chances([0.4, 0.4], [COMEDY, COMEDY]).tolist() == pytest.approx([0.2, 0.2])


def test_neighbours_without_a_genre_in_common_take_nothing():
    assert chances([0.4, 0.4], [COMEDY, CRIME]).tolist() == pytest.approx([0.4, 0.4])


def test_the_stronger_of_two_keeps_more():
    # .6 * .6 / .8 and .2 * .2 / .8
    assert chances([0.6, 0.2], [COMEDY, COMEDY]).tolist() == pytest.approx([0.45, 0.05])


def test_half_of_the_genres_in_common_takes_as_half_the_appeal_would():
    assert chances([0.4, 0.4], [COMEDY, BOTH])[0] == pytest.approx(0.4 * 0.4 / 0.6)


def test_what_stands_further_away_than_the_reach_takes_nothing():
    genres = [COMEDY, CRIME, COMEDY]
    assert chances([0.4, 0.4, 0.4], genres, reach=1).tolist() == pytest.approx([0.4] * 3)
    assert chances([0.4, 0.4, 0.4], genres, reach=2).tolist() == pytest.approx([0.2, 0.4, 0.2])


def test_padding_takes_nothing_and_gets_nothing():
    found = np.empty((1, 3), np.float32)
    lists, own = np.array([[0, -1, -1]], np.int32), np.full((1, 3), 0.4, np.float32)
    compete(lists, own, np.array([COMEDY], bool), 2, 1.0, found)
    assert found[0].tolist() == pytest.approx([0.4, 0, 0])


@given(st.integers(0, 2**31), st.integers(0, 4), st.floats(0, 3))
def test_competition_is_what_a_few_lines_say(seed, reach, strength):
    rng = np.random.default_rng(seed)
    n, k = 6, 5
    genres = rng.random((n, 3)) < 0.5
    lists = np.stack([rng.permutation(n)[:k] for _ in range(3)]).astype(np.int32)
    lists[0, 3:] = -1
    own = rng.random(lists.shape).astype(np.float32)
    found = np.empty_like(own)
    compete(lists, own, genres, reach, strength, found)
    for row in range(3):
        for i, item in enumerate(lists[row]):
            against = 0.0
            for j, other in enumerate(lists[row]):
                if i != j and abs(i - j) <= reach and item >= 0 and other >= 0:
                    either = (genres[item] | genres[other]).sum()
                    shared = (genres[item] & genres[other]).sum()
                    against += shared / either * own[row, j] if either else 0
            alone = float(own[row, i])
            expected = alone * alone / (alone + strength * against) if item >= 0 else 0
            assert found[row, i] == pytest.approx(expected, rel=1e-5, abs=1e-7)


def test_without_strength_every_title_stands_by_itself(tiny_artifacts, monkeypatch):
    free = ChoiceModel("free", "", "", 0.0, decay=0.2, competition=0.0)
    weak = ChoiceModel("weak", "", "", 0.0, decay=0.2, competition=1e-12)
    world = world_of(tiny_artifacts, "estimated")
    logs = []
    for model in (free, weak):
        monkeypatch.setitem(CHOICE_MODELS, model.name, model)
        logs.append(click_log(tiny_artifacts, world, k=10, attention=model.name))
    place = np.arange(1, 11) ** -0.2
    alone = world.preference[np.searchsorted(world.people, logs[0].people)[:, None], logs[0].items]
    np.testing.assert_allclose(logs[0].chances, place * alone, rtol=1e-6)
    np.testing.assert_allclose(logs[1].chances, logs[0].chances, rtol=1e-6)
    np.testing.assert_array_equal(logs[0].is_clicked, logs[1].is_clicked)


def test_clicks_come_as_often_as_the_truth_says_and_the_seed_seeds(tiny_artifacts):
    world = world_of(tiny_artifacts, "popular because liked")
    log = click_log(tiny_artifacts, world, k=20, visits=40)
    n, expected = log.items.size, log.chances.mean()
    spread = np.sqrt((log.chances * (1 - log.chances)).mean() / n)
    assert abs(log.is_clicked.mean() - expected) < 4 * spread
    again, other = (click_log(tiny_artifacts, world, k=20, visits=40, seed=seed) for seed in (0, 1))
    np.testing.assert_array_equal(again.is_clicked, log.is_clicked)
    assert (other.items != log.items).any()


def test_competition_takes_clicks_and_gives_none(tiny_artifacts):
    world = world_of(tiny_artifacts, "estimated")
    log = click_log(tiny_artifacts, world, k=20)
    own = world.preference[np.searchsorted(world.people, log.people)[:, None], log.items]
    place = np.arange(1, 21) ** -0.2
    assert (log.chances <= place * own + 1e-9).all()
    assert (log.chances < 0.9 * place * own).mean() > 0.2


def test_a_model_in_which_people_leave_is_refused(tiny_artifacts):
    world = world_of(tiny_artifacts, "estimated")
    with pytest.raises(ScenarioError, match=f"they leave: take {NEIGHBOURS} or position"):
        click_log(tiny_artifacts, world, attention="cascade")
    with pytest.raises(ScenarioError, match="Nobody has 900 candidates"):
        click_log(tiny_artifacts, world, k=900)


def test_a_log_is_a_row_a_place_in_the_contracts_columns(tiny_artifacts):
    world = world_of(tiny_artifacts, "estimated")
    log = click_log(tiny_artifacts, world, k=10)
    table = click_table(tiny_artifacts, log)
    assert len(table) == log.items.size
    assert (table["event"] == "click").sum() == log.is_clicked.sum()
    first = table.iloc[:10]
    assert first["user_id"].nunique() == 1
    assert first["position"].tolist() == list(range(10))
