"""The ranker that serves is the one that measures best on people it was not taught by."""

import numpy as np
import pytest

from engine.held_out import ndcg_at
from engine.pipeline.ranking.blend import Blend, person_standard
from engine.pipeline.ranking.blend_choice import MEAN, WEIGHED
from engine.pipeline.ranking.choice import measured
from engine.pipeline.ranking.folds import N_FOLDS
from engine.pipeline.ranking.ranker import RankerConfig, TrainingSet
from engine.pipeline.ranking.registry import BLEND, LEAST_PEOPLE, fit_ranker
from tests.engine.pipeline.ranking.test_rankers import CONFIG, NAMES, lists_with_a_signal


class ByColumn:
    """Scores by one feature, and remembers whom it was taught by."""

    def __init__(self, column, taught=None):
        self.column, self.taught = column, taught

    def score(self, features, _is_candidate):
        return np.nan_to_num(features[:, :, self.column])


@pytest.fixture(scope="module")
def training():
    return TrainingSet(*lists_with_a_signal(0, n_people=90), NAMES)


def test_the_better_column_wins_and_a_blend_of_two_signals_wins_over_both(training):
    columns = {"noise": 0, "strong": 1, "weak": 2}
    table = measured(list(columns), training, lambda name, _: ByColumn(columns[name]))
    names = [row.name for row in table.rows]
    assert names.index("strong") < names.index("weak") < names.index("noise")
    assert table.best in (BLEND, WEIGHED)
    members = {row.name: dict(row.members) for row in table.rows}
    assert list(members[BLEND]) == ["strong", "weak"]
    assert 0.5 < members[BLEND]["strong"] < 0.9  # the label is strong + weak / 2
    assert members[MEAN] == pytest.approx(dict.fromkeys(columns, 1 / 3))
    assert 0.5 < members[WEIGHED]["strong"] < 0.9
    assert members[WEIGHED]["noise"] < 0.2
    assert members["strong"] == {}
    assert {row.n for row in table.rows} == {90}


def test_a_ranker_never_scores_people_it_was_taught_by(training):
    seen = []

    class Spy(ByColumn):
        def score(self, features, is_candidate):
            mine = {person.tobytes() for person in self.taught.features}
            seen.extend(person.tobytes() in mine for person in features)
            return super().score(features, is_candidate)

    measured(["spy"], training, lambda _, taught: Spy(1, taught))
    assert len(seen) == 90 + 3 * 30  # and a third for each point of the learning curve
    assert not any(seen)


def test_figures_are_those_of_each_person(training):
    table = measured(["strong"], training, lambda *_: ByColumn(1))
    (row,) = [row for row in table.rows if row.name == "strong"]
    (before,) = [row for row in table.rows if row.name == "retrieved order"]
    per_person, kept_order = [], []
    for features, is_candidate, is_label in zip(
        training.features, training.is_candidate, training.is_label, strict=True
    ):
        for values, into in ((-features[:, 1], per_person), (np.arange(20), kept_order)):
            order = np.argsort(np.where(is_candidate, values, np.inf), kind="stable")[:10]
            into.append(ndcg_at(10, is_label[order][None], np.array([is_label.sum()]))[0])
    assert row.ndcg_at_10 == pytest.approx(np.mean(per_person))
    assert before.ndcg_at_10 == pytest.approx(np.mean(kept_order))
    assert row.gain == pytest.approx(np.mean(per_person) - np.mean(kept_order))
    spread = np.std(np.subtract(per_person, kept_order), ddof=1) / np.sqrt(90)
    assert row.gain_half_width == pytest.approx(1.987 * spread, rel=1e-3)


def test_a_blend_standardises_within_a_person_over_what_is_not_padded():
    features, is_candidate, _ = lists_with_a_signal(7)
    blend = Blend((("a", ByColumn(1)), ("b", ByColumn(2))), np.array([0.25, 0.75]))
    scores = blend.score(features, is_candidate)
    for person in range(len(features)):
        kept = is_candidate[person]
        parts = features[person][kept][:, [1, 2]].astype(np.float64)
        standard = (parts - parts.mean(axis=0)) / parts.std(axis=0)
        np.testing.assert_allclose(scores[person][kept], standard @ [0.25, 0.75], atol=1e-5)
    mean, deviation = person_standard(np.ones((1, 3)), np.array([[True, True, False]]))
    assert (mean[0, 0], deviation[0, 0]) == (1, 1)  # all equal: nothing is divided by zero


def test_the_chosen_ranker_is_fitted_on_everybody(training):
    chosen = fit_ranker(["logistic", "listwise"], training, CONFIG, seed=0)
    assert chosen.table is not None
    assert chosen.name == chosen.table.best
    names = {row.name for row in chosen.table.rows}
    assert names == {"logistic", "listwise", BLEND, "retrieved order"}
    assert len({row.name for row in chosen.table.rows}) == len(chosen.table.rows)


def test_few_people_or_one_ranker_are_not_compared(training):
    few = training.take(np.arange(LEAST_PEOPLE - 1))
    assert fit_ranker(["logistic", "listwise"], few, CONFIG, seed=0).name == "logistic"
    alone = fit_ranker(["listwise"], training, CONFIG, seed=0)
    assert (alone.name, alone.table) == ("listwise", None)


def test_the_linear_model_finds_the_minimum_of_its_loss(training):
    """At the minimum no small step in any direction lowers the penalised log-loss."""
    ranker = fit_ranker(["logistic"], training, RankerConfig(ridge=5.0, min_leaf=5), seed=0).ranker
    columns = ranker.design.columns(training.rows()).astype(np.float64)
    labels = training.labels()

    def loss(weights, intercept):
        odds = columns @ weights + intercept
        return (np.logaddexp(0, odds) - labels * odds).sum() + 2.5 * weights @ weights

    best = loss(ranker.weights, ranker.intercept)
    rng = np.random.default_rng(0)
    for _ in range(50):
        step = rng.normal(size=len(ranker.weights) + 1) * 0.05
        assert loss(ranker.weights + step[:-1], ranker.intercept + step[-1]) > best - 1e-3


def test_columns_have_no_holes_one_scale_and_a_mask_where_there_were_holes(training):
    design = fit_ranker(["logistic"], training, CONFIG, seed=0).ranker.design
    columns = design.columns(training.rows())
    assert np.isfinite(columns).all()
    np.testing.assert_allclose(columns[:, 1:4].mean(axis=0), 0, atol=0.02)
    np.testing.assert_allclose(columns[:, 1:4].std(axis=0), 1, atol=0.02)
    assert design.masked.tolist() == [0]
    np.testing.assert_array_equal(columns[:, 4], np.isnan(training.rows()[:, 0]))
    assert N_FOLDS >= 2
