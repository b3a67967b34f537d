"""What every source promises, whoever it is."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest

from engine.arrays import PAD, Ragged
from engine.pipeline.neural.settings import GraphConfig, NeuMfConfig, SequenceConfig, TowerConfig
from engine.pipeline.retrieval.factor_search import grid_rows
from engine.pipeline.retrieval.met_again import AGAIN
from engine.pipeline.retrieval.registry import (
    MODELS,
    MOST_PROPOSING,
    SOURCES,
    depths_of,
    learnable,
    usable_sources,
)
from engine.pipeline.retrieval.source_config import AlsConfig, RidgeConfig, SourceConfig
from engine.pipeline.retrieval.stage import fit_retrieval, load_retrieval
from tests.engine.pipeline.retrieval.history_makers import (
    histories_of,
    plain_catalogue,
    random_histories,
)

WHY = "the sentence model is an extra: make setup TEXT=1"
N_ITEMS = 45
NAMES = tuple(name for name in learnable() if name not in AGAIN)  # those have tests of their own
CONFIG = SourceConfig(
    als=AlsConfig(factors=8),
    ridge=RidgeConfig(max_items=30),
    ease_regularisation=5.0,
    sasrec=SequenceConfig(factors=8, length=10, epochs=2, threads=1),
    gru=SequenceConfig(factors=8, length=10, epochs=2, threads=1),
    towers=TowerConfig(factors=8, length=10, epochs=2, threads=1),
    graph=GraphConfig(factors=8, epochs=2, threads=1),
    neumf=NeuMfConfig(factors=8, length=10, epochs=2, threads=1),
    options=tuple(name for name in NAMES if SOURCES[name].is_option),
    depths=(
        ("content_bm25", 0),
        ("gru4rec", 0),
        ("sentences", 0),
        ("similar_people", 0),
    ),  # all of them would be more than can propose
)


def catalogue():
    rng = np.random.default_rng(0)
    plain = plain_catalogue(N_ITEMS, [set(rng.choice(7, 2).tolist()) for _ in range(N_ITEMS)])
    words = [
        "sea",
        "ship",
        "storm",
        "crime",
        "thief",
        "police",
        "garden",
        "rose",
        "soil",
        "music",
        "song",
        "choir",
    ]
    texts = (" ".join(rng.choice(words, 3, replace=False)) for _ in range(N_ITEMS))
    return dataclasses.replace(plain, texts=tuple(texts))


@pytest.fixture(scope="module")
def audience():
    return random_histories(n_people=60, n_items=N_ITEMS, longest=20)


@pytest.fixture(scope="module")
def retrieval(audience):
    return fit_retrieval(audience, catalogue(), CONFIG, n_candidates=25, seed=0)


def dense_scores(source, histories):
    items = np.tile(np.arange(N_ITEMS, dtype=np.int32), (histories.n_people, 1))
    return source.score(histories, grid_rows(items)).reshape(histories.n_people, -1)


@pytest.mark.parametrize("name", NAMES)
def test_proposals_are_the_best_unseen_by_the_sources_own_scores(retrieval, audience, name):
    source = retrieval.sources[name]
    proposed, table = source.propose(audience, 10), dense_scores(source, audience)
    for person in range(audience.n_people):
        seen = audience.seen.row(person)
        part = slice(*audience.seen.indptr[person : person + 2])
        np.testing.assert_array_equal(proposed.of_seen[part], table[person, seen])
        own = table[person].copy()
        own[seen] = 0
        best = [item for item in np.argsort(-own, kind="stable")[:10] if own[item] > 0]
        kept = proposed.items[person][proposed.items[person] != PAD]
        assert kept.tolist() == best
        np.testing.assert_array_equal(proposed.scores[person, : len(best)], own[best])
        assert not proposed.scores[person, len(best) :].any()
        for first, second in pairwise(best):
            assert own[first] > own[second] or first < second


@pytest.mark.parametrize("name", NAMES)
def test_what_a_person_is_proposed_does_not_depend_on_who_else_is_asked(retrieval, audience, name):
    source = retrieval.sources[name]
    together = source.propose(audience, 10)
    for person in (0, 11, 59):
        alone = source.propose(audience.take(np.array([person])), 10)
        np.testing.assert_array_equal(alone.items[0], together.items[person])
        np.testing.assert_array_equal(alone.scores[0], together.scores[person])


@pytest.mark.parametrize("name", NAMES)
def test_padding_scores_zero(retrieval, audience, name):
    asked = Ragged(np.arange(61) * 2, np.tile(np.array([PAD, 3], np.int32), 60))
    scores = retrieval.sources[name].score(audience, asked)
    assert not scores[::2].any()
    assert scores[1::2].any() or name.startswith("content")


@pytest.mark.parametrize("name", NAMES)
def test_the_number_of_threads_changes_nothing(retrieval, audience, name, monkeypatch):
    source = retrieval.sources[name]
    found = []
    for threads in ("1", "5"):
        monkeypatch.setenv("RERANK_STUDIO_THREADS", threads)
        found.append(source.propose(audience, 10))
    np.testing.assert_array_equal(found[0].items, found[1].items)
    np.testing.assert_array_equal(found[0].of_seen, found[1].of_seen)


def test_saved_sources_answer_the_same_and_hold_no_code(retrieval, audience, tmp_path):
    retrieval.save(tmp_path)
    suffixes = {path.suffix for path in tmp_path.rglob("*") if path.is_file()}
    assert suffixes <= {".npy", ".npz", ".txt", ".json", ".hnsw"}
    again = load_retrieval(
        tmp_path, retrieval.uses, CONFIG, popularity=retrieval.popularity, n_candidates=25
    )
    before = retrieval.unite(retrieval.propose(audience), audience)
    after = again.unite(again.propose(audience), audience)
    np.testing.assert_array_equal(after.filtered, before.filtered)
    np.testing.assert_array_equal(after.source_masks, before.source_masks)
    for name, scores in retrieval.score(audience, before.filtered).items():
        np.testing.assert_array_equal(again.score(audience, before.filtered)[name], scores)


def test_weights_go_by_name_whatever_the_order(retrieval, audience):
    """Sources used to be matched by position: another order gave one source another's weight."""
    weights = {use.name: 1.0 / (1 + place) for place, use in enumerate(retrieval.uses)}
    weighed = retrieval.weighed(weights)
    backwards = dataclasses.replace(weighed, uses=tuple(reversed(weighed.uses)))
    first = weighed.unite(weighed.propose(audience), audience)
    second = backwards.unite(backwards.propose(audience), audience)
    np.testing.assert_array_equal(first.filtered, second.filtered)
    assert {use.name: use.weight for use in backwards.uses} == weights


def test_without_anything_disliked_the_sources_of_the_seen_are_left_out_with_a_reason():
    histories = histories_of([[0, 1, 2], [1, 2, 3]], n_items=4)
    reasons = usable_sources(histories, plain_catalogue(4, genres=[{0}] * 4))
    left_out = {name for name, reason in reasons.items() if reason}
    assert left_out == {"ease_seen", "ease_seen_last_20", "ease_seen_last_5", "next_seen_20"}
    assert "it would repeat another source" in reasons["ease_seen"]
    fitted = fit_retrieval(histories, plain_catalogue(4), CONFIG, n_candidates=3, seed=0)
    assert "seen_together" not in fitted.models


def test_neural_sources_are_among_those_tested_where_pytorch_is():
    pytest.importorskip("torch", reason="PyTorch is an extra: make setup NEURAL=1")
    assert set(NAMES) | {"sentences"} == set(SOURCES) - set(AGAIN)


def test_the_source_of_the_sentence_model_is_among_those_tested_where_the_model_is():
    pytest.importorskip("sentence_transformers", reason=WHY)
    assert "sentences" in NAMES


def test_more_sources_than_can_propose_are_refused_with_their_number():
    everything = tuple(name for name, record in SOURCES.items() if record.is_option)
    n = sum(record.depth > 0 for record in SOURCES.values())
    assert n > MOST_PROPOSING
    with pytest.raises(ValueError, match=f"At most 16 sources can propose; {n} were asked for"):
        depths_of(SourceConfig(options=everything))


def test_every_source_asks_a_model_that_there_is():
    assert {record.model for record in SOURCES.values()} == set(MODELS)


def test_a_large_catalogue_gets_cosine_for_ease_and_a_ridge_of_its_head(audience):
    config = dataclasses.replace(CONFIG, max_dense_items=10)
    report = fit_retrieval(audience, catalogue(), config, n_candidates=25, seed=0).report()
    assert report["liked_together"]["method"].startswith("cosine")
    assert report["directed_ridge"]["method"].startswith("directed ridge over 30 items, λ 200, ")
    assert all(row["seconds"] >= 0 for row in report.values())
