"""Bandits: formulas read literally, regret that grows like a logarithm, guards, state, priors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.__main__ import main
from engine.errors import ArtifactError, ScenarioError
from engine.online.bandits.arms import ARM_KINDS, ArmTable, arm_table
from engine.online.bandits.bandit import Sizes, Visit
from engine.online.bandits.learning_state import load_policy, packed
from engine.online.bandits.policies import BY_GROUP, BY_PERSON, ENSEMBLE, HANDED_DOWN, POLICIES
from engine.online.bandits.priors import handed_down, strength_of
from engine.online.bandits.trial import TrialConfig, fresh_policy, run_trial
from engine.scenario import Scenario
from engine.simulate.world import world_of

MEANS = np.array([0.9, 0.8, 0.6])


def arms(chance, features=None) -> ArmTable:
    chance = np.atleast_2d(np.asarray(chance, float))
    n = len(chance)
    features = np.ones((n, 1)) if features is None else features
    labels = tuple(f"arm {at}" for at in range(chance.shape[1]))
    return ArmTable(labels, chance, features, np.zeros(n, np.int64), (np.zeros(1, np.int64),))


def visit(features, cell=0) -> Visit:
    features = np.atleast_2d(np.asarray(features, float))
    return Visit(features, np.full(len(features), cell))


def lai_robbins(means) -> float:
    """Published constant: regret grows at least like this times ln T (Lai & Robbins 1985)."""
    best = means.max()
    total = 0.0
    for mean in means[means < best]:
        apart = mean * np.log(mean / best) + (1 - mean) * np.log((1 - mean) / (1 - best))
        total += (best - mean) / apart
    return total


def test_the_published_constant_is_that_of_the_two_armed_case():
    assert lai_robbins(np.array([0.9, 0.8])) == pytest.approx(0.1 / 0.044404, rel=1e-3)


@pytest.mark.parametrize("name", ["UCB1", "Thompson (Beta)"])
def test_regret_grows_like_a_logarithm_on_arms_that_stand_still(name):
    config = TrialConfig(steps=8000, runs=40, seed=3)
    found = run_trial(arms(MEANS), config, names=[name, "Even"])
    mean = found.regret[name].mean(axis=0)
    at = found.at
    early, late = (np.searchsorted(at, n) for n in (2000, 8000))
    slope = (mean[late] - mean[early]) / np.log(at[late] / at[early])
    gaps = MEANS.max() - MEANS[1:]
    bound = (8 * np.log(8000) / gaps).sum() + (1 + np.pi**2 / 3) * gaps.sum()
    assert mean[-1] < bound  # Auer, Cesa-Bianchi & Fischer 2002, theorem 1; Thompson is below it
    assert slope < 4 * (8 / gaps).sum()
    even = found.regret["Even"].mean(axis=0)
    assert mean[-1] < even[-1] / 3
    # a line would lose four times as much by 8,000 as by 2,000
    assert mean[late] / mean[early] < 2.5
    assert even[late] / even[early] == pytest.approx(4, rel=0.1)


def test_thompsons_regret_is_near_the_published_constant():
    config = TrialConfig(steps=10_000, runs=60, seed=1)
    found = run_trial(arms(MEANS), config, names=["Thompson (Beta)"])
    mean = found.regret["Thompson (Beta)"].mean(axis=0)
    early, late = (np.searchsorted(found.at, n) for n in (1000, 10_000))
    slope = (mean[late] - mean[early]) / np.log(found.at[late] / found.at[early])
    assert 0.3 < slope / lai_robbins(MEANS) < 2.5


def test_every_policy_does_better_than_chance_and_no_better_than_the_oracle():
    rng = np.random.default_rng(0)
    taste = rng.standard_normal((300, 2))
    features = np.column_stack([np.ones(300), taste])
    chance = 1 / (1 + np.exp(-np.column_stack([taste[:, 0], taste[:, 1], -taste[:, 0]]) * 2))
    chance[:, 0] += (1 - chance[:, 0]) * 0.2
    found = run_trial(arms(chance, features), TrialConfig(steps=4000, runs=6))
    even = found.regret["Even"][:, -1].mean()
    for name, values in found.regret.items():
        assert (np.diff(values, axis=1) >= -1e-9).all()
        if name not in ("Even", BY_GROUP, HANDED_DOWN, BY_PERSON):
            assert values[:, -1].mean() < even
    for name in ("LinUCB", "Logistic Thompson"):
        assert found.regret[name][:, -1].mean() < 0.8 * found.fixed * 4000


def test_the_same_seed_gives_the_same_trial_and_policies_meet_the_same_visitors():
    config = TrialConfig(steps=300, runs=3)
    one, other = (run_trial(arms(MEANS), config, names=["UCB1", "LinUCB"]) for _ in range(2))
    alone = run_trial(arms(MEANS), config, names=["LinUCB"])
    for name in one.regret:
        assert np.array_equal(one.regret[name], other.regret[name])
    assert np.array_equal(one.regret["LinUCB"], alone.regret["LinUCB"])


def test_a_floor_keeps_every_arm_in_sight_and_costs_regret():
    free, guarded = (
        run_trial(
            arms(MEANS), TrialConfig(steps=3000, runs=10, floor=floor), names=["Thompson (Beta)"]
        )
        for floor in (0.0, 0.1)
    )
    assert guarded.shares["Thompson (Beta)"].min() > 0.08
    assert free.shares["Thompson (Beta)"].min() < 0.05
    cost = [one.regret["Thompson (Beta)"][:, -1].mean() for one in (free, guarded)]
    assert cost[1] > cost[0]
    with pytest.raises(ScenarioError, match=r"at most 0\.333"):
        run_trial(arms(MEANS), TrialConfig(floor=0.4))


def test_what_a_floor_gives_away_is_said_and_makes_up_most_of_its_cost():
    name = "Thompson (Beta)"
    free, guarded = (
        run_trial(arms(MEANS), TrialConfig(steps=3000, runs=10, floor=floor), names=[name])
        for floor in (0.0, 0.1)
    )
    assert not free.guard_cost[name].any()
    cost = (guarded.regret[name] - free.regret[name])[:, -1].mean()
    expected = 3000 * 0.3 * (0.9 - MEANS.mean())  # three visits in ten show any arm alike
    assert guarded.guard_cost[name].mean() == pytest.approx(expected, rel=0.15)
    assert guarded.guard_cost[name].mean() == pytest.approx(cost, rel=0.25)


def test_the_ensemble_follows_interest_that_turns_and_costs_little_where_it_stays():
    names = ["Thompson (Beta)", ENSEMBLE]
    before, after = arms([0.7, 0.3]), arms([0.3, 0.7])
    config = TrialConfig(steps=4000, runs=20)
    start = {name: fresh_policy(name, before, config) for name in names}
    still = run_trial(before, config, names=names, start=start)
    even = 4000 * 0.2
    assert still.regret[ENSEMBLE][:, -1].mean() < 0.15 * even
    turned = run_trial(after, config, names=names, start=start)
    lost = [turned.regret[name][:, -1].mean() for name in names]
    assert lost[1] < 0.25 * lost[0]


def test_a_lift_of_new_releases_moves_what_is_shown_and_regret_counts_it():
    table = arms([0.5, 0.6])
    lifted = replace(table, worth=np.array([[1.0, 1 / 1.5]]))  # the first is new, and counts 1.5
    assert lifted.value[0].tolist() == pytest.approx([0.5, 0.4])
    config = TrialConfig(steps=3000, runs=10)
    plain, found = (run_trial(one, config, names=["UCB1"]) for one in (table, lifted))
    assert plain.shares["UCB1"][:, 0].mean() < 0.45
    assert found.shares["UCB1"][:, 0].mean() > 0.55
    assert found.fixed == pytest.approx(0.0)


def test_the_lift_is_that_of_titles_of_the_last_year(tiny_artifacts):
    world = world_of(tiny_artifacts)
    with pytest.raises(ScenarioError, match="must be from 0 to 5; got 9"):
        arm_table(tiny_artifacts, world, "titles", new_lift=9.0)
    age = tiny_artifacts.now_day - np.asarray(tiny_artifacts.released_day)
    if not (age[np.asarray(tiny_artifacts.candidates)[:, :1]] <= 365).any():
        with pytest.raises(ScenarioError, match="moves nothing"):
            arm_table(tiny_artifacts, world, "titles", new_lift=0.5)


def test_where_interest_drifts_a_policy_that_forgets_loses_less():
    names = ["Thompson (Beta)", "Thompson, forgetting"]
    before, after = arms([0.7, 0.3]), arms([0.3, 0.7])
    config = TrialConfig(steps=4000, runs=20)
    start = {name: fresh_policy(name, before, config) for name in names}
    run_trial(before, config, names=names, start=start)
    found = run_trial(after, config, names=names, start=start)
    lost = [found.regret[name][:, -1].mean() for name in names]
    assert lost[1] < 0.6 * lost[0]


def test_ucb1_and_linucb_score_as_their_papers_say():
    rng = np.random.default_rng(4)
    ucb, lin = (POLICIES[name](Sizes(1, 2, 3)) for name in ("UCB1", "LinUCB"))
    rows, rewards, chosen = rng.random((20, 3)), rng.random(20), rng.integers(0, 2, 20)
    chosen[:2] = [0, 1]
    for row, reward, arm in zip(rows, rewards, chosen, strict=True):
        for policy in (ucb, lin):
            policy.learn(np.array([arm]), np.array([reward]), visit(row))
    x = rng.random(3)
    for arm in (0, 1):
        own, won = rows[chosen == arm], rewards[chosen == arm]
        expected = won.mean() + np.sqrt(2 * np.log(20) / len(won))
        assert ucb.scores(visit(x), rng)[0, arm] == pytest.approx(expected)
        a = np.eye(3) + own.T @ own
        theta = np.linalg.solve(a, own.T @ won)
        expected = x @ theta + 0.5 * np.sqrt(x @ np.linalg.solve(a, x))
        assert lin.scores(visit(x), rng)[0, arm] == pytest.approx(expected)


def test_thompson_draws_have_the_posteriors_mean_and_spread():
    policy = POLICIES["Thompson (Beta)"](Sizes(1, 1, 1))
    for reward in (1.0, 1.0, 0.0):
        policy.learn(np.array([0]), np.array([reward]), visit([1.0]))
    rng = np.random.default_rng(0)
    draws = np.array([policy.scores(visit([1.0]), rng)[0, 0] for _ in range(4000)])
    assert draws.mean() == pytest.approx(3 / 5, abs=0.015)  # Beta(3, 2)
    assert draws.var() == pytest.approx(3 * 2 / (25 * 6), abs=0.004)


def test_a_logistic_policy_finds_the_weights_that_made_the_rewards():
    rng = np.random.default_rng(1)
    policy = POLICIES["Logistic Thompson"](Sizes(1, 1, 2))
    for _ in range(6000):
        x = np.array([1.0, rng.standard_normal()])
        reward = float(rng.random() < 1 / (1 + np.exp(-(0.5 + 1.5 * x[1]))))
        policy.learn(np.array([0]), np.array([reward]), visit(x))
    assert policy.arrays["mean"][0, 0] == pytest.approx([0.5, 1.5], abs=0.25)


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_that_was_saved_goes_on_as_if_nothing_had_been(name, tmp_path):
    rng = np.random.default_rng(2)
    policy = POLICIES[name](Sizes(2, 3, 2, 2))
    for _ in range(50):
        seen = Visit(rng.random((2, 2)), rng.integers(0, 2, 2))
        policy.learn(rng.integers(0, 3, 2), rng.integers(0, 2, 2).astype(float), seen)
    (tmp_path / "state.npz").write_bytes(packed(name, policy))
    again, resumed = load_policy(tmp_path / "state.npz")
    assert again == name
    here = Visit(rng.random((2, 2)), np.array([0, 1]))
    one, other = (p.scores(here, np.random.default_rng(9)) for p in (policy, resumed))
    assert np.array_equal(one, other)


def test_a_damaged_state_is_refused_in_a_sentence(tmp_path):
    path = tmp_path / "state.npz"
    policy = POLICIES["UCB1"](Sizes(1, 2, 1))
    policy.arrays["pulls"][0, 0] = np.nan
    path.write_bytes(packed("UCB1", policy))
    for content in (path.read_bytes(), b"nothing", b"", path.read_bytes()[:100]):
        path.write_bytes(content)
        with pytest.raises(ArtifactError, match=r"state\.npz is no state of a bandit"):
            load_policy(path)
    np.savez(path, policy_name=np.array(["x"], object))
    with pytest.raises(ArtifactError):
        load_policy(path)


def test_priors_are_as_strong_as_groups_are_alike_and_newcomers_start_where_they_are():
    rng = np.random.default_rng(5)
    shown = np.full((40, 1), 200.0)
    about = np.array([0.3])
    alike = rng.binomial(200, 0.3, (40, 1)).astype(float)
    apart = rng.binomial(200, rng.beta(6, 14, (40, 1))).astype(float)  # strength 20
    assert strength_of(alike, shown, about)[0] > 200
    assert 8 < strength_of(apart, shown, about)[0] < 50
    region = np.repeat([0, 1], 20)
    won = rng.binomial(200, np.where(region == 0, 0.1, 0.5)[:, None]).astype(float)
    won[0], shown[0] = 0, 0  # nobody of this cell was ever seen
    prior = handed_down(won, shown, [region, np.arange(40)])
    start = prior.a[0, 0] / (prior.a[0, 0] + prior.b[0, 0])
    assert start == pytest.approx(0.1, abs=0.03)
    assert (prior.a > 0).all()
    assert (prior.b > 0).all()


def test_without_anything_seen_priors_are_even():
    prior = handed_down(np.zeros((3, 2)), np.zeros((3, 2)), [np.arange(3)])
    assert prior.a / (prior.a + prior.b) == pytest.approx(0.5)


@pytest.mark.parametrize("kind", ARM_KINDS)
def test_arms_of_every_kind_are_worth_what_the_world_says(tiny_artifacts, kind):
    world = world_of(tiny_artifacts)
    settings = [("Neutral", Scenario()), ("Diverse", Scenario(diversity=0.9))]
    table = arm_table(tiny_artifacts, world, kind, settings)
    assert table.chance.shape == (tiny_artifacts.n_users, len(table.labels))
    assert len(table.labels) >= 2
    if kind == "settings":
        first = tiny_artifacts.candidates[:, 0]
        own = world.preference[np.arange(len(first)), first]
        assert table.chance[:, 0] == pytest.approx(own)
    n_cells = table.cell.max() + 1
    assert all(len(level) == n_cells for level in table.levels)
    with pytest.raises(ScenarioError, match="Arms are genres"):
        arm_table(tiny_artifacts, world, "moons")
    with pytest.raises(ScenarioError, match="fewer than two settings"):
        arm_table(tiny_artifacts, world, "settings", settings[:1])


def test_the_command_learns_saves_and_goes_on(tiny_folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("engine.data.artifact_folder", lambda _name: tiny_folder)
    monkeypatch.chdir(tmp_path)
    asked = ["bandit", "--data", "tiny", "--visits", "200", "--repetitions", "3"]
    assert main(asked) == 0
    assert "Thompson (Gaussian)" in capsys.readouterr().out
    assert main([*asked, "--policy", "UCB1", "--save", "state.npz"]) == 0
    _, policy = load_policy(tmp_path / "state.npz")
    assert policy.arrays["pulls"].sum() == 600
    assert main([*asked, "--resume", "state.npz"]) == 0
    assert "UCB1" in capsys.readouterr().out
    for wrong in (["--policy", "luck"], ["--save", "x.npz"], ["--resume", "gone.npz"]):
        assert main([*asked, *wrong]) == 2
    assert main([*asked[:-1], "4", "--resume", "state.npz"]) == 2
    assert "give those that it was saved with" in capsys.readouterr().err
