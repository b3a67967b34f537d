"""Priors that reach the single person, and explanations as arms."""

from __future__ import annotations

import numpy as np
import pytest

from engine.arrays import PAD
from engine.online.bandits.arms import ArmTable, arm_table
from engine.online.bandits.explained import explained_titles
from engine.online.bandits.policies import BY_PERSON, HANDED_DOWN
from engine.online.bandits.trial import TrialConfig, fresh_policy, run_trial
from engine.simulate.world import world_of


def table(chance, cell):
    cells = np.arange(int(cell.max()) + 1)
    features = np.ones((len(chance), 1))
    labels = tuple(f"arm {n}" for n in range(chance.shape[1]))
    return ArmTable(labels, chance, features, cell, (cells,))


def test_where_people_of_a_group_differ_each_persons_own_posterior_learns_what_theirs_cannot():
    rng = np.random.default_rng(1)
    is_first = rng.permutation(np.repeat([True, False], 10))
    chance = np.where(np.column_stack([is_first, ~is_first]), 0.9, 0.1)
    own = table(chance, np.zeros(20, np.int64))
    names = [HANDED_DOWN, BY_PERSON]
    found = run_trial(own, TrialConfig(steps=3000, runs=5), names=names)
    lost = {name: found.regret[name][:, -1].mean() for name in names}
    assert (
        lost[HANDED_DOWN] > 0.8 * 3000 * 0.4
    )  # a group's best arm is wrong for every other person
    assert lost[BY_PERSON] < 0.25 * lost[HANDED_DOWN]


def test_a_person_nobody_met_starts_from_their_group_and_its_rate():
    cell = np.repeat([0, 1], 3000)  # more people than warm visits: most were never met
    chance = np.where(cell[:, None] == 0, [[0.6, 0.1]], [[0.1, 0.6]])
    policy = fresh_policy(BY_PERSON, table(chance, cell), TrialConfig(steps=10, runs=1))
    a, b = policy.arrays["prior_a"], policy.arrays["prior_b"]
    assert a.shape == (6000, 2)
    middle = np.array([np.median((a / (a + b))[cell == group], axis=0) for group in (0, 1)])
    assert middle == pytest.approx(np.array([[0.6, 0.1], [0.1, 0.6]]), abs=0.08)


@pytest.fixture(scope="module")
def explained(tiny_artifacts):
    people = np.arange(0, tiny_artifacts.n_users, 7)
    candidates = np.asarray(tiny_artifacts.candidates)[people]
    return people, candidates, *explained_titles(tiny_artifacts, people, candidates)


def test_each_explanation_is_true_of_its_title(tiny_artifacts, explained):
    """Each title again in plain Python."""
    people, candidates, labels, shown = explained
    art, own = tiny_artifacts, {label: shown[:, n] for n, label in enumerate(labels)}
    first = next(iter(art.attributes))
    group = np.asarray(art.user_groups)[:, 0]
    is_liked = np.asarray(art.history_is_liked)
    parts = [slice(*art.history.indptr[u : u + 2]) for u in range(art.n_users)]
    likes = [art.history.indices[one][is_liked[one]].tolist() for one in parts]
    assert f"popular among people of your {first}" in own
    for row, user in enumerate(people):
        mine = [int(item) for item in candidates[row] if item != PAD]
        alike_people = np.flatnonzero(group == group[user])
        near = [sum(i in likes[u] for u in alike_people) for i in mine]
        everybody = [sum(i in one for one in likes) for i in mine]
        released = [float(art.released_day[i]) for i in mine]
        assert own["picked for you"][row] == mine[0]
        assert own[f"popular among people of your {first}"][row] == mine[int(np.argmax(near))]
        assert own["liked by everybody"][row] == mine[int(np.argmax(everybody))]
        assert own["new"][row] == mine[int(np.argmax(released))]
        if likes[user]:
            alike = [
                max(float(art.item_factors[i] @ art.item_factors[j]) for j in likes[user][-10:])
                for i in mine
            ]
            chosen = mine.index(int(own["because you liked …"][row]))
            assert alike[chosen] == pytest.approx(max(alike), abs=1e-6)


def test_explanations_can_be_chosen_between(tiny_artifacts):
    own = arm_table(tiny_artifacts, world_of(tiny_artifacts), "explanations")
    assert len(own.labels) == 6
    assert ((own.chance >= 0) & (own.chance <= 1)).all()
