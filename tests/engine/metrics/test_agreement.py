"""Agreement with independent libraries: on random lists, and on MovieLens 100K where fitted."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from engine.arrays import PAD
from engine.artifacts import open_artifacts
from engine.data import artifact_folder
from engine.errors import ArtifactError
from engine.metrics.audience import describe
from engine.metrics.groups import by_group
from engine.metrics.registry import COLUMN
from engine.metrics.user_matrix import measure
from tests.engine.metrics.random_service import random_artifacts, random_lists

K = 10
RANX = {
    "ndcg": "ndcg@10",
    "recall": "recall@10",
    "precision": "precision@10",
    "hit": "hit_rate@10",
    "mrr": "mrr@10",
    "rbp": "rbp.85",
}


def random_case():
    artifacts = random_artifacts(120, 90, n_held=8, seed=11)
    lists = random_lists(artifacts, K, seed=11)
    lists[50:] = np.pad(artifacts.candidates, ((0, 0), (0, 0)))[50:, :K]
    return artifacts, lists


def movielens_case():
    try:
        artifacts = open_artifacts(artifact_folder("movielens-100k"))
    except ArtifactError as error:
        pytest.skip(f"MovieLens 100K is not fitted here: {error}")
    return artifacts, np.array(artifacts.candidates[:, 3 : 3 + K])


CASES = {"random": random_case, "movielens-100k": movielens_case}


@pytest.fixture(scope="module", params=CASES)
def case(request):
    artifacts, lists = CASES[request.param]()
    audience = describe(artifacts)
    return artifacts, lists, audience, measure(audience, lists)


@pytest.fixture(scope="module")
def ranx_run(case):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ranx import Qrels, Run
    artifacts, lists, audience, _ = case
    users = np.flatnonzero(audience.holdout.lengths() > 0)
    qrels = {f"u{u}": {f"i{i}": 1 for i in set(artifacts.holdout.row(u).tolist())} for u in users}
    run = {}
    for u in users:
        items = [int(i) for i in lists[u] if i != PAD]
        run[f"u{u}"] = {f"i{i}": float(K - j) for j, i in enumerate(items)} or {"nothing": 0.0}
    return users, Qrels(qrels), Run(run)


@pytest.mark.parametrize("name", RANX)
@pytest.mark.filterwarnings("ignore")
def test_ranx_agrees_on_every_person(name, case, ranx_run):
    from ranx import evaluate

    users, qrels, run = ranx_run
    theirs = evaluate(qrels, run, RANX[name], return_mean=False)
    order = [int(q[1:]) for q in qrels.keys()]  # noqa: SIM118
    ours = case[3].column(name)[order]
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-6)
    assert len(users) == len(theirs)


@pytest.mark.filterwarnings("ignore")
def test_ranx_map_agrees_up_to_the_divisor(case, ranx_run):
    """The library divides by |R|, we by min(|R|, k), the most that a list of k could reach."""
    from ranx import evaluate

    _, qrels, run = ranx_run
    theirs = evaluate(qrels, run, "map@10", return_mean=False)
    order = [int(q[1:]) for q in qrels.keys()]  # noqa: SIM118
    n_held = case[2].holdout.lengths()[order]
    ours = case[3].column("map")[order] * np.minimum(n_held, K) / n_held
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-6)


def test_scikit_learn_agrees_on_ndcg(case):
    artifacts, lists, audience, measured = case
    for user in np.flatnonzero(audience.holdout.lengths() > 0)[:150]:
        truth, score = np.zeros(artifacts.n_items), np.zeros(artifacts.n_items)
        truth[artifacts.holdout.row(user)] = 1
        # Gaps at the end of a short list are places where nothing relevant stands.
        items = [i for i in lists[user] if i != PAD]
        if len(items) < K:
            continue
        score[items] = np.arange(K, 0, -1)
        # Ties among items that are not shown lie below place k, so they do not matter.
        expected = ndcg_score(truth[None], score[None], k=K, ignore_ties=True)
        assert measured.column("ndcg")[user] == pytest.approx(expected, abs=1e-6)


def test_fairlearn_agrees_on_groups(case):
    from fairlearn.metrics import MetricFrame

    _, _, audience, measured = case
    attribute = next(iter(audience.attributes))
    labels, codes = audience.attributes[attribute], audience.codes(attribute)
    for name in ("ndcg", "ild", "aplt"):
        values = measured.column(name).astype(np.float64)
        has = ~np.isnan(values)
        frame = MetricFrame(
            metrics=lambda truth, _: truth.mean(),
            y_true=values[has],
            y_pred=values[has],
            sensitive_features=np.array(labels)[codes[has]],
        )
        mean = by_group(measured, codes, len(labels)).mean[:, COLUMN[name]]
        ours = dict(zip(labels, mean, strict=True))
        for group, value in frame.by_group.items():
            assert ours[group] == pytest.approx(value, abs=1e-6)
        assert np.nanmax(mean) - np.nanmin(mean) == pytest.approx(frame.difference(), abs=1e-6)
        assert np.nanmin(mean) / np.nanmax(mean) == pytest.approx(frame.ratio(), abs=1e-6)
