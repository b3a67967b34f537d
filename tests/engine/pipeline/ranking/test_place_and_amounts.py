"""Features of device, place and amounts, against a literal count; and a planted taste by device."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.artifacts import open_artifacts
from engine.data.events import MOST_PLACES, ordered_events
from engine.fit import fit
from engine.pipeline.ranking.amount_features import item_amounts, relative_amounts
from engine.pipeline.ranking.candidate_features import USUAL_FAMILIES, Context, candidate_features
from engine.pipeline.ranking.context_features import where_lift
from engine.pipeline.ranking.item_statistics import item_statistics
from engine.pipeline.serving import everybodys_histories, serving_of
from engine.what_if import what_if_candidates
from tests.conftest import TINY_CONFIG
from tests.engine.pipeline.retrieval.history_makers import plain_catalogue, random_histories
from tests.tiny_service import dataset_of, tiny_dataset

NAMES = ("place", "amounts")


def told(seed, **shape):
    """Histories with a place (-1: unknown) and an amount (NaN: unknown) for each interaction."""
    histories, rng = random_histories(seed=seed, **shape), np.random.default_rng(seed)
    n = len(histories.day)
    amount = rng.exponential(100, n).astype(np.float32) * rng.choice([-1, 1, 1, 1], n)
    amount[rng.random(n) < 0.2] = np.nan
    where = rng.integers(-1, 3, n).astype(np.int16)
    return replace(histories, amount=amount.astype(np.float32), where=where)


def described(histories, candidates, families=NAMES):
    codes = np.zeros((histories.n_people, 0), np.int16)
    factors = np.random.default_rng(1).normal(size=(histories.n_items, 3)).astype(np.float32)
    context = Context(
        candidates=candidates,
        scores={},
        person_factors=np.zeros((histories.n_people, 3), np.float32),
        item_factors=factors,
        histories=histories,
        group_codes=codes,
        group_names=(),
        statistics=item_statistics(histories, codes),
        catalogue=plain_catalogue(histories.n_items),
    )
    features, names = candidate_features(context, families)
    return dict(zip(names, np.moveaxis(features, 2, 0), strict=True)), factors


@settings(max_examples=20)
@given(seed=st.integers(0, 1000))
def test_a_places_lift_is_its_share_over_the_share_of_all(seed):
    histories = told(seed)
    lift, liked = where_lift(histories), histories.is_liked
    items, codes = histories.seen.indices[liked], histories.where[liked]
    for code in range(len(lift)):
        for item in (0, histories.n_items - 1):
            total = (np.sum(items == item) + 0.5) / (len(items) + 0.5 * histories.n_items)
            own = np.sum((items == item) & (codes == code))
            share = (own + 20 * total) / (np.sum(codes == code) + 20)
            assert lift[code, item] == pytest.approx(share / total, rel=1e-5)


@settings(max_examples=20)
@given(seed=st.integers(0, 1000))
def test_amounts_are_those_of_a_loop(seed):
    histories = told(seed, n_people=9, n_items=12, longest=8)
    relative, usual = relative_amounts(histories)
    sums, counts = np.zeros(12), np.zeros(12)
    for person in range(9):
        span = range(*histories.seen.indptr[person : person + 2])
        logs = {
            entry: np.sign(amount) * np.log(1 + abs(float(amount)))
            for entry in span
            if not np.isnan(amount := histories.amount[entry])
        }
        mean = np.mean(list(logs.values())) if logs else np.nan
        np.testing.assert_allclose(usual[person], mean)
        for entry in span:
            expected = logs[entry] - mean if entry in logs else 0.0
            assert relative[entry] == pytest.approx(expected, abs=1e-9)
            sums[histories.seen.indices[entry]] += expected
            counts[histories.seen.indices[entry]] += entry in logs
    np.testing.assert_allclose(item_amounts(histories), sums / (counts + 10), rtol=1e-4, atol=1e-6)


def test_the_place_is_that_of_the_last_meeting_and_taste_is_weighed_by_amounts():
    histories = told(4, n_people=20, n_items=30, longest=9)
    candidates = np.tile(np.arange(5, dtype=np.int32), (20, 1))
    found, factors = described(histories, candidates)
    lift, (relative, _) = where_lift(histories), relative_amounts(histories)
    for person in range(20):
        span = slice(*histories.seen.indptr[person : person + 2])
        last = histories.where[span][-1] if span.stop > span.start else -1
        expected = lift[last, :5] if last >= 0 else np.full(5, np.nan)
        np.testing.assert_allclose(found["liked where it is served"][person], expected, rtol=1e-6)
        profile = relative[span] @ factors[histories.seen.indices[span]]
        profile = profile / max(np.abs(relative[span]).sum(), 1e-9)
        np.testing.assert_allclose(
            found["taste by amounts"][person], factors[:5] @ profile, rtol=1e-4, atol=1e-5
        )


def test_nothing_is_said_where_nothing_is_known():
    histories = random_histories(n_people=5, n_items=30, seed=1)
    found, _ = described(histories, np.zeros((5, 3), np.int32))
    assert found == {}
    assert not set(NAMES) & set(USUAL_FAMILIES)


def test_places_have_numbers_by_how_common_they_are_and_seconds_come_before_values():
    data = tiny_dataset(30, 20, 8)
    rows = data.interactions.copy()
    names = ["tv"] * 5 + ["", " phone "] + [None]
    rows["context"] = [names[row % len(names)] for row in range(len(rows))]
    events = ordered_events(dataset_of(rows, data.items, data.users), 0)
    assert set(np.unique(events.where)) == {-1, 0, 1}
    assert np.bincount(events.where[events.where >= 0]).argmax() == 0
    assert (events.amount == events.value).all()
    rows["context"] = [f"screen {row % 40}" for row in range(len(rows))]
    rows["seconds"] = np.where(np.arange(len(rows)) % 3, 60.0, np.nan)
    events = ordered_events(dataset_of(rows, data.items, data.users), 0)
    assert events.where.max() == MOST_PLACES - 1
    assert set(np.unique(events.amount[~np.isnan(events.amount)])) == {60.0}


@pytest.fixture(scope="module")
def told_fit(tmp_path_factory):
    """People who take even items on the phone and odd ones on the television."""
    data, rng = tiny_dataset(80, 60, 20), np.random.default_rng(0)
    rows = data.interactions.copy()
    number = pd.factorize(rows["item_id"], sort=True)[0]
    rows["context"] = np.where(number % 2, "television", "phone")
    rows["seconds"] = rng.exponential(600, len(rows)).astype(np.float32)
    families = (*USUAL_FAMILIES, *NAMES)
    plain = dataset_of(rows, data.items, data.users)
    config = replace(TINY_CONFIG, features=families)
    return open_artifacts(fit(plain, tmp_path_factory.mktemp("out"), config=config).parent)


def test_a_fit_serves_one_person_what_it_wrote_and_knows_the_planted_place(told_fit):
    art, serving = told_fit, serving_of(told_fit)
    assert {"liked where it is served", "taste by amounts"} <= set(art.manifest["feature_names"])
    people = np.arange(5)
    served = serving.serve(everybodys_histories(art).take(people), serving.group_codes[people])
    np.testing.assert_array_equal(served.candidates, art.candidates[:5])
    column = art.manifest["feature_names"].index("liked where it is served")
    ids = art.items["item_id"].to_numpy()
    number = np.argsort(np.argsort(ids))
    last = art.history.indices[art.history.indptr[1:] - 1]
    same = (number[last] % 2)[:, None] == number[np.asarray(art.candidates)] % 2
    lift = np.asarray(art.features)[:, :, column]
    assert lift[same].mean() > 1.2 > 1.0 > lift[~same].mean()


def test_what_if_asks_where_the_person_was_last(told_fit):
    item = int(told_fit.candidates[0, 3])
    told_so = what_if_candidates(told_fit, 0, like=[item])
    assert item not in told_so.candidates
    assert np.isfinite(told_so.scores).all()
