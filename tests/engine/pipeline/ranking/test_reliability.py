"""Chances that scores say against what came; what more people to learn from bring."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from engine.pipeline.ranking.choice import measured
from engine.pipeline.ranking.ranker import TrainingSet
from engine.pipeline.ranking.registry import fit_ranker
from engine.pipeline.ranking.reliability import N_BINS, SHARES, reliability
from tests.engine.pipeline.ranking.test_choice import ByColumn
from tests.engine.pipeline.ranking.test_rankers import CONFIG, NAMES, lists_with_a_signal


def world(seed, n_people=120, n=30):
    """People whose likes come with a chance that the scores say, but for a line."""
    rng = np.random.default_rng(seed)
    odds = rng.normal(-1.5, 1.2, (n_people, n))
    is_label = rng.random((n_people, n)) < 1 / (1 + np.exp(-odds))
    features = odds[:, :, None].astype(np.float32)
    sample = TrainingSet(features, np.ones((n_people, n), bool), is_label, ("odds",))
    return odds, sample, np.arange(n_people) % 3


@settings(max_examples=10)
@given(seed=st.integers(0, 1000), scale=st.floats(0.2, 5), shift=st.floats(-3, 3))
def test_a_line_of_true_log_odds_says_true_chances(seed, scale, shift):
    odds, sample, _fold = world(seed)
    bins = reliability(odds * scale + shift, sample)
    assert len(bins) == N_BINS
    assert sum(one.n_rows for one in bins) == odds.size
    far = [abs(one.said - one.came) / one.half_width for one in bins]
    assert np.mean(np.array(far) < 2) >= 0.7  # a half-width is about two errors
    assert np.all(np.diff([one.said for one in bins]) > 0)


def test_bins_are_those_of_a_literal_count():
    odds, sample, fold = world(7)
    sample.is_candidate[:, 25:] = False
    said, came, owner = [], [], []
    for person in range(len(odds)):
        others = [p for p in range(len(odds)) if fold[p] != fold[person]]
        line = LogisticRegression(C=np.inf).fit(
            odds[others, :25].reshape(-1, 1), sample.is_label[others, :25].ravel()
        )
        said += line.predict_proba(odds[person, :25, None])[:, 1].tolist()
        came += sample.is_label[person, :25].tolist()
        owner += [person] * 25
    order = np.argsort(said, kind="stable")
    found = reliability(odds, sample)
    for part, one in zip(np.array_split(order, N_BINS), found, strict=True):
        assert one.n_rows == len(part)
        assert one.said == pytest.approx(np.mean(np.array(said)[part]), rel=1e-6)
        assert one.came == pytest.approx(np.mean(np.array(came)[part]))
        assert one.n == len(set(np.array(owner)[part]))


def test_scores_that_say_nothing_say_one_chance_for_all():
    odds, sample, _fold = world(3)
    for one in reliability(np.zeros_like(odds), sample):
        assert one.said == pytest.approx(sample.is_label.mean(), abs=0.03)


def test_each_part_of_the_people_lies_within_the_next_and_none_is_asked():
    training = TrainingSet(*lists_with_a_signal(0, n_people=90), NAMES)
    taught = []

    def fit(_name, part):
        taught.append({one.tobytes() for one in part.features})
        return ByColumn(1)

    table = measured(["strong"], training, fit)
    asked = {one.tobytes() for one in training.features[np.arange(90) % 3 == 0]}
    parts = taught[3:]
    assert [len(part) for part in parts] == [int(share * 60) for share in SHARES[:-1]]
    for small, large in pairwise(parts):
        assert small < large
    assert not any(part & asked for part in parts)
    assert [one.n_taught for one in table.learning] == [int(share * 60) for share in SHARES]
    assert {one.loss for one in table.learning} == {0.0}  # the same column whoever taught it
    assert {one.n for one in table.learning} == {30}


def test_a_ranker_that_learned_from_few_falls_short():
    training = TrainingSet(*lists_with_a_signal(1, n_people=300), NAMES)
    table = fit_ranker(["logistic", "listwise"], training, CONFIG, seed=0).table
    assert {one.name for one in table.learning} == {"logistic", "listwise"}
    listwise = [one for one in table.learning if one.name == "listwise"]
    assert listwise[0].loss > 0
    assert listwise[-1].loss == 0
