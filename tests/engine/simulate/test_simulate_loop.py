"""The loop as a whole: what must stay, what must grow, and that luck is shared and repeatable."""

from __future__ import annotations

from dataclasses import replace

import numba
import numpy as np
import pytest

from engine.analysis.trials import CancelledError
from engine.errors import ScenarioError
from engine.scenario import Scenario
from engine.simulate.bending import bend_words, bends, probes, run_probes
from engine.simulate.fork import at_the_end, partings, unseen_by_group
from engine.simulate.loop import run_year
from engine.simulate.loop_config import Arm, LoopConfig
from engine.simulate.measures import MEASURES
from engine.simulate.world import ASSUMPTIONS, World, assumptions_for, people_of, world_of
from engine.simulate.year_words import parting_words, year_to_json

SHORT = LoopConfig(rounds=6, seeds=2, refit_every=3)
BASE, OWN = Arm("Baseline"), Arm("Yours", Scenario(diversity=0.4), 1)


@pytest.fixture(scope="module")
def year(tiny_artifacts):
    return run_year(tiny_artifacts, (BASE, OWN), SHORT)


def flat_world(artifacts, chance):
    people = np.arange(artifacts.n_users)
    table = np.full((artifacts.n_users, artifacts.n_items), chance, np.float32)
    return World("estimated", people, table)


def same(one, other):
    return all(np.array_equal(one.values[n], other.values[n], equal_nan=True) for n in one.values)


def test_a_seed_gives_the_same_year_again_on_any_number_of_threads(tiny_artifacts, year):
    before = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        assert same(run_year(tiny_artifacts, (BASE, OWN), SHORT), year)
    finally:
        numba.set_num_threads(before)
    assert not same(run_year(tiny_artifacts, (BASE, OWN), replace(SHORT, first_seed=9)), year)


def test_two_arms_that_are_the_same_meet_the_same_luck(tiny_artifacts):
    twins = run_year(tiny_artifacts, (BASE, replace(BASE, label="Twin")), SHORT)
    for values in twins.values.values():
        assert np.array_equal(values[0], values[1], equal_nan=True)
    assert {str(one.verdict.word) for one in partings(twins, 1, "gender")} == {"as before"}


def test_what_else_runs_changes_no_arm(tiny_artifacts, year):
    alone = run_year(tiny_artifacts, (BASE,), SHORT)
    for name, values in alone.values.items():
        assert np.array_equal(values[0], year.values[name][0], equal_nan=True)


def test_what_is_shown_on_the_way_is_the_beginning_of_what_comes(tiny_artifacts, year):
    shown = []
    run_year(tiny_artifacts, (BASE, OWN), SHORT, show=shown.append)
    (first,) = shown
    assert first.n_seeds == 1
    for name, values in first.values.items():
        assert np.array_equal(values, year.values[name][:, :1], equal_nan=True)


def test_where_nothing_is_ever_played_nothing_moves(tiny_artifacts):
    still = run_year(
        tiny_artifacts,
        (BASE,),
        replace(SHORT, refit_every=50),
        world=flat_world(tiny_artifacts, 0.0),
    )
    for name in ("gini", "coverage", "tail", "overlap", "plays"):
        assert np.ptp(still.values[name]) == 0
    assert still.values["plays"].max() == 0


def test_who_plays_all_they_are_shown_plays_a_list_a_round(tiny_artifacts):
    config = LoopConfig(rounds=2, seeds=1, attention="everything")
    all_played = run_year(tiny_artifacts, (BASE,), config, world=flat_world(tiny_artifacts, 1.0))
    assert all_played.values["plays"].tolist() == [[[10.0, 10.0]]]
    assert all_played.values["ndcg"] == pytest.approx(1.0)


def test_a_neutral_loop_without_position_bias_keeps_shares(tiny_artifacts):
    """Drawn evenly, liked alike and all noticed: each group of titles keeps its share of places."""
    k = 5
    even = Arm("Even", Scenario(k=k), k)
    config = LoopConfig(rounds=12, seeds=4, attention="everything", refit_every=4)
    found = run_year(tiny_artifacts, (even,), config, world=flat_world(tiny_artifacts, 0.05))
    is_met = np.zeros((tiny_artifacts.n_users, tiny_artifacts.n_items), bool)
    owners = np.repeat(np.arange(tiny_artifacts.n_users), tiny_artifacts.history.lengths())
    is_met[owners, tiny_artifacts.history.indices] = True
    tail = tiny_artifacts.is_long_tail
    expected = np.mean([tail[~row].mean() for row in is_met])
    n = tiny_artifacts.n_users * k * 4
    for shares in found.values["tail"][0].T:
        # titles met by then shift the share a little: plays are 1 in 20 of what is shown
        assert abs(shares.mean() - expected) < 4 * np.sqrt(0.25 / n) + 0.02
    plays = found.values["plays"][0].mean()
    assert plays == pytest.approx(0.05 * k, abs=4 * np.sqrt(0.05 * k / (n / k * 12)))


def test_what_was_never_shown_only_becomes_less(year):
    assert (np.diff(year.values["unseen"], axis=2) <= 1e-12).all()
    assert (np.diff(year.by_group["unseen"], axis=2) <= 1e-12).all()


def test_shares_are_shares_and_the_group_means_make_up_the_mean(year):
    for name in ("ndcg", "gini", "coverage", "tail", "overlap", "unseen"):
        assert (year.values[name] >= 0).all()
        assert (year.values[name] <= 1 + 1e-9).all()
    rows = [at for at, name in enumerate(year.groups.attributes) if name == "gender"]
    weighted = (year.by_group["unseen"][..., rows] * year.groups.sizes[rows]).sum(axis=-1)
    assert weighted / year.groups.sizes[rows].sum() == pytest.approx(year.values["unseen"])


def test_an_exploration_place_shows_more_titles(year):
    ends = at_the_end(year.values["coverage"])
    assert (ends[1] > ends[0]).all()


def test_the_gap_is_that_of_the_attribute_and_undefined_without_two_groups(year):
    own = year.by_group["ndcg"][..., year.groups.of("gender")]
    assert np.array_equal(year.of("gap", "gender"), own.max(axis=-1) - own.min(axis=-1))
    assert np.isnan(year.of("gap", "nothing")).all()
    (gap,) = [one for one in partings(year, 1, "nothing") if one.measure == "gap"]
    assert "Fewer than two groups" in gap.verdict.reason


def test_one_repetition_has_no_interval_and_says_so(tiny_artifacts):
    short = run_year(tiny_artifacts, (BASE, OWN), LoopConfig(rounds=2, seeds=1))
    found = partings(short, 1, "gender")
    assert {str(one.verdict.word) for one in found} == {"undefined"}
    assert "One repetition" in parting_words(found[0])


def test_every_control_is_tried_and_the_cheapest_bend_comes_first(tiny_artifacts):
    own = Arm("Your setting", Scenario(diversity=0.2))
    found = run_probes(tiny_artifacts, own, LoopConfig(rounds=3, seeds=3))
    labels = [arm.label for arm in found.arms]
    assert labels == [*(arm.label for arm in probes(tiny_artifacts, 10)), "Your setting"]
    rows = bends(found, "coverage", "gender")
    assert len(rows) == len(labels) - 1
    rates = [one.rate for one in rows if not np.isnan(one.rate)]
    assert rates == sorted(rates, reverse=True)
    for one in rows:
        if np.isfinite(one.rate):
            lost = -100 * one.cost.value / one.ndcg_before
            assert one.rate == pytest.approx(one.change.value / lost)
            assert one.cost.is_clear
            assert one.lowest <= one.highest
        elif np.isinf(one.rate):
            assert not (one.cost.is_clear and one.cost.value < 0)
        assert one.n == 3
    bending = [one for one in rows if not np.isnan(one.rate)]
    words = bend_words(rows, "coverage")
    assert f"Most for its NDCG: {bending[0].label}" in words
    assert max(bending, key=lambda one: abs(one.change.value)).label in words
    assert bend_words([replace(one, rate=np.nan) for one in rows], "gini") == (
        "Gini of exposure: no control tried clearly bends it."
    )


def test_true_likes_never_shown_are_told_by_group(year):
    rows = unseen_by_group(year, "gender")
    assert {row.label for row in rows} == {"man", "woman"}
    for row in rows:
        assert row.change.value == pytest.approx(row.shares[1] - row.shares[0])
        assert row.change.low <= row.change.value <= row.change.high
        assert all(
            low <= mean <= high
            for low, mean, high in zip(row.lows, row.shares, row.highs, strict=True)
        )


def test_lists_of_two_lengths_are_not_compared(tiny_artifacts):
    with pytest.raises(ScenarioError, match="lists of one length"):
        run_year(tiny_artifacts, (BASE, Arm("Short", Scenario(k=5))), SHORT)


@pytest.mark.parametrize("name", ["rounds", "seeds", "refit_every"])
def test_settings_out_of_range_are_refused_by_name(name):
    with pytest.raises(ScenarioError, match=f"`{name}` of a simulated year must be from 1"):
        LoopConfig(**{name: 0})


def test_more_exploration_places_than_the_list_has_are_refused():
    with pytest.raises(ScenarioError, match="from 0 to 2 exploration places; got 3"):
        Arm("x", Scenario(k=2), 3)


def test_it_stops_where_it_is_told_to(tiny_artifacts):
    def stop(share):
        if share > 0.3:
            raise CancelledError("enough")

    with pytest.raises(CancelledError):
        run_year(tiny_artifacts, (BASE,), SHORT, tell=stop)


def test_a_world_too_large_holds_a_sample_and_one_that_holds_nobody_is_refused(tiny_artifacts):
    cells = 40 * tiny_artifacts.n_items
    people = people_of(tiny_artifacts, most_cells=cells)
    assert len(people) == 40
    assert (np.diff(people) > 0).all()
    world = world_of(tiny_artifacts, most_cells=cells)
    found = run_year(tiny_artifacts, (BASE,), LoopConfig(rounds=2, seeds=1), world=world)
    assert found.start.n_people == 40
    assert found.start.n_everybody == tiny_artifacts.n_users
    with pytest.raises(ScenarioError, match="too many to simulate a year"):
        people_of(tiny_artifacts, most_cells=100)


def test_assumed_preferences_have_the_mean_said_and_follow_popularity_as_said(tiny_artifacts):
    popular = np.log1p(np.asarray(tiny_artifacts.popularity, float))
    along = {}
    for name in assumptions_for(tiny_artifacts):
        chances = world_of(tiny_artifacts, name).preference.astype(float)
        assert chances.mean() == pytest.approx(0.09, abs=0.005)
        logits = np.log(chances / (1 - chances))
        assert logits.std(axis=1).mean() == pytest.approx(1.75, rel=0.01)
        along[name] = np.mean([np.corrcoef(row, popular)[0, 1] for row in logits])
    assert abs(along["popular because shown"]) < 0.1
    assert along["popular because liked"] > along["estimated"] > along["popular because shown"]


def test_the_truth_is_not_offered_where_it_is_not_known(tiny_artifacts):
    assert assumptions_for(tiny_artifacts) == tuple(ASSUMPTIONS)[1:]
    with pytest.raises(ScenarioError, match="cannot be 'true'"):
        world_of(tiny_artifacts, "true")


def test_a_year_as_json_says_what_is_assumed_and_has_every_round(year):
    said = year_to_json(year, "gender")
    assert len(said["arms"][1]["rounds"]["gini"][0]) == SHORT.rounds
    assert {one["measure"] for one in said["arms"][1]["at_the_end"]} == set(MEASURES)
    assert "Nobody knows the true ones" in said["assumed"][0]


def test_where_items_come_again_what_was_played_is_shown_and_played_again(tiny_artifacts):
    """Everybody wants what they have met, and nothing else: only a year with repeats has plays."""
    people = np.arange(tiny_artifacts.n_users)
    wanted = np.zeros((tiny_artifacts.n_users, tiny_artifacts.n_items), np.float32)
    wanted[np.repeat(people, tiny_artifacts.history.lengths()), tiny_artifacts.history.indices] = 1
    world = World("estimated", people, wanted)
    once = run_year(tiny_artifacts, (BASE,), SHORT, world=world)
    assert (once.values["plays"] == 0).all()
    again = replace(
        tiny_artifacts, history_count=np.ones(len(tiny_artifacts.history.indices), np.int32)
    )
    kept = run_year(again, (BASE,), SHORT, world=world)
    assert (kept.values["plays"] > 0.5).all()
    assert kept.start.offers_again
    assert not once.start.offers_again
    # What they want most is what they have met: a list of it alone is a perfect one.
    assert (kept.values["ndcg"] > 0.3).all()
