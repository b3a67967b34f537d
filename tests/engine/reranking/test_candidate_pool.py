"""What re-ranking refuses, shares and compiles."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest

from engine.arrays import PAD
from engine.compile_ahead import compile_ahead
from engine.errors import ScoreError
from engine.recent import Recent
from engine.reranking import effective_weights, prepare, relevance_kept, rerank
from engine.reranking.candidate_pool import pool_of
from engine.reranking.kernel.greedy import rerank_few, rerank_users
from engine.scenario import Cap, Rule, Scenario
from engine.terms.diversity_methods import DIVERSITY_METHODS
from engine.terms.freshness import freshness
from tests.engine.reranking.brute_force import profile
from tests.engine.reranking.worlds import make_world


def test_scores_that_rise_are_refused():
    world = make_world()
    with pytest.raises(ScoreError, match="Scores rise along a row"):
        rerank(replace(world, scores=world.scores[:, ::-1].copy()), Scenario(diversity=0.1))


def test_scores_of_another_shape_are_refused():
    world = make_world()
    with pytest.raises(ScoreError, match=r"shape \(12, 19\) for candidates of shape \(12, 20\)"):
        rerank(replace(world, scores=world.scores[:, :19]), Scenario())


@pytest.mark.parametrize(("item", "words"), [(40, "outside 0 to 39"), (PAD, "follow a gap")])
def test_candidates_that_are_no_items_are_refused(item, words):
    world = make_world()
    candidates = world.candidates.copy()
    candidates[2, 5] = item
    with pytest.raises(ScoreError, match=words):
        rerank(replace(world, candidates=candidates), Scenario())


def with_many_genres(world, places, n_genres=200):
    """The same world with its genres at other places among many that no item has."""
    many = np.zeros((world.n_items, n_genres), dtype=bool)
    many[:, places] = world.genre_matrix
    names = [f"none {place}" for place in range(n_genres)]
    for place, name in zip(places, world.manifest["genre_names"], strict=True):
        names[place] = name
    return replace(world, genre_matrix=many, manifest={**world.manifest, "genre_names": names})


@pytest.mark.parametrize(
    "settings",
    [
        {"caps": (Cap("genre", None, at_most=1, top=6),)},
        {"caps": (Cap("genre", "Drama", at_most=1, top=10), Cap("genre", None, 2, 8))},
        {"caps": (Cap("genre", "Comedy", 0, 10), Cap("provider", None, 2, 5)), "diversity": 0.4},
        {"diversity": 0.6, "diversity_method": "xquad", "caps": (Cap("genre", None, 2, 10),)},
        {"calibration": 0.7, "caps": (Cap("genre", "Western", 1, 10),)},
        {
            "caps": (Cap("genre", None, at_most=2, top=10),),
            "item_fairness": 1.0,
            "item_fairness_method": "fair_star",
            "item_fairness_target": 0.6,
        },
    ],
)
def test_more_than_63_genres_give_the_lists_of_the_same_few_genres(settings):
    """Genres 0, 63 and 126 share a bit, as 5 and 68 do: caps still tell them apart."""
    world, scenario = make_world(n_users=40, n_candidates=30), Scenario(**settings)
    few = rerank(world, scenario)
    many = rerank(with_many_genres(world, [0, 63, 126, 5, 68]), scenario)
    np.testing.assert_array_equal(few.items, many.items)
    np.testing.assert_array_equal(few.relaxed, many.relaxed)


def test_more_genres_than_can_be_numbered_are_refused():
    world = make_world()
    many = np.zeros((world.n_items, 65_537), dtype=bool)
    with pytest.raises(ScoreError, match="65537 genres; re-ranking knows at most 65536"):
        rerank(replace(world, genre_matrix=many), Scenario())


def test_all_63_genres_are_capped_apart():
    """The highest genre bit is next to the one that marks the lifted group."""
    world = make_world(n_users=30)
    many = np.zeros((world.n_items, 63), dtype=bool)
    many[:, 62] = world.genre_matrix[:, 2]
    world = replace(world, genre_matrix=many)
    world.manifest["genre_names"] = [f"g{i}" for i in range(63)]
    scenario = Scenario(
        caps=(Cap("genre", "g62", at_most=1, top=10),),
        item_fairness=1.0,
        item_fairness_method="fair_star",
        item_fairness_target=0.6,
    )
    lists = rerank(world, scenario)
    counts = many[:, 62][lists.items].sum(axis=1)
    assert (counts - lists.relaxed[:, 0] <= 1).all()
    assert (counts >= 1).any()


def test_a_user_that_does_not_exist():
    with pytest.raises(IndexError, match="users must be from 0 to 11"):
        rerank(make_world(), Scenario(diversity=0.1), users=np.array([12]))


def test_nobody_asked_for():
    lists = rerank(make_world(), Scenario(diversity=0.1), users=np.array([], dtype=int))
    assert lists.items.shape == (0, 10)


def test_profiles_are_genre_shares_of_the_history():
    world = make_world(seed=5)
    profiles = pool_of(world).profiles
    for user in range(world.n_users):
        assert profiles[user] == pytest.approx(profile(world, user), abs=1e-6)


def test_items_without_a_date_are_not_fresh():
    world = make_world(seed=5, n_candidates=8)
    seen = np.unique(world.candidates)
    unknown = np.isnan(world.released_day)
    pool = pool_of(world)
    assert unknown[seen].any()
    assert (freshness(pool, 100.0)[unknown] == 0.0).all()


def test_plans_are_kept_and_the_name_does_not_matter():
    world = make_world()
    scenario = Scenario(diversity=0.3, rules=(Rule("hide", "genre", ("Drama",)),))
    assert prepare(world, scenario) is prepare(world, replace(scenario, name="Mine"))
    assert prepare(world, scenario) is not prepare(world, replace(scenario, diversity=0.31))


def test_an_audience_goes_with_its_artifacts():
    world = make_world()
    seen = weakref.ref(pool_of(world))
    del world
    gc.collect()
    assert seen() is None


def test_recent_forgets_what_was_asked_for_longest_ago():
    recent: Recent[int] = Recent(2)
    made = []
    for key in (1, 2, 1, 3, 1, 2):
        recent.get(key, lambda key=key: made.append(key) or key)
    assert made == [1, 2, 3, 2]


def test_inputs_are_not_changed():
    world = make_world()
    before = [world.candidates.copy(), world.scores.copy(), world.item_factors.copy()]
    rerank(world, Scenario(diversity=0.5, calibration=0.5, caps=(Cap(),)))
    for array, copy in zip(
        [world.candidates, world.scores, world.item_factors], before, strict=True
    ):
        assert (array == copy).all()


def test_one_kernel_is_compiled_whatever_is_asked(tiny_artifacts):
    """Another combination of types would compile for seconds in the middle of a session."""
    compile_ahead(tiny_artifacts)
    world = make_world(n_users=80)
    for method in DIVERSITY_METHODS:
        for rules in ((), (Rule("pin", "item", ("i1",)),)):
            scenario = Scenario(
                diversity=0.5,
                diversity_method=method,
                calibration=1,
                people_fairness=0.5,
                item_fairness=1,
                caps=(Cap("provider"),),
                rules=rules,
            )
            relevance_kept(world, rerank(world, scenario))
            rerank(world, scenario, users=np.array([1, 2], dtype=np.int32))
    assert len(rerank_users.dispatcher.signatures) == 1
    assert len(rerank_few.signatures) == 1


def test_effective_weights():
    scenario = Scenario(diversity=0.5, freshness=0.25, item_fairness=0.25, people_fairness=0.7)
    shares = effective_weights(scenario)
    assert sum(shares.values()) == 1.0
    assert shares["relevance"] == 0.5
    assert shares["item_fairness"] == 0.125
    assert effective_weights(Scenario())["relevance"] == 1.0
    target = replace(scenario, item_fairness_method="target")
    assert effective_weights(target)["item_fairness"] == 0.0


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("item_factors", lambda array: array[:-1]),
        ("genre_matrix", lambda array: array[:-1]),
        ("provider_codes", lambda array: array[:-1]),
        ("provider_codes", lambda array: array + np.int16(1)),
    ],
)
def test_arrays_that_the_kernel_would_read_out_of_bounds_are_refused(name, damage):
    """Made in memory, artifacts do not pass the checks of a fit that is opened."""
    world = make_world(seed=90)
    broken = replace(world, **{name: damage(getattr(world, name))})
    with pytest.raises(ScoreError, match=r"one row of|no name"):
        rerank(broken, Scenario(diversity=0.3, caps=(Cap("provider", None, 1, 5),)))
