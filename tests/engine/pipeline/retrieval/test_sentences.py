"""Texts as a source: scores and centring against a literal version, on vectors that are given."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.arrays import PAD
from engine.pipeline.retrieval import sentences
from engine.pipeline.retrieval.als import als_of
from engine.pipeline.retrieval.factor_search import grid_rows
from engine.pipeline.retrieval.new_items import content_regression, with_new_items
from engine.pipeline.retrieval.profiles import Profile
from engine.pipeline.retrieval.registry import left_out
from engine.pipeline.retrieval.sentences import Sentences, centred, meaning_of, sentences_of, worded
from engine.pipeline.retrieval.source_config import AlsConfig, SourceConfig
from tests.engine.pipeline.retrieval.history_makers import (
    histories_of,
    plain_catalogue,
    random_histories,
)

ASKED = SourceConfig(als=AlsConfig(factors=4), options=("sentences",))


def vectors(n, d=5, seed=0):
    rows = np.random.default_rng(seed).normal(size=(n, d))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def telling(n_items):
    """A catalogue whose texts say enough."""
    words = [f"{first}{second}" for first in "abcdefgh" for second in "xyz"]
    texts = tuple(f"{words[i % 24]} {words[(i * 7 + 1) % 24]}" for i in range(n_items))
    return replace(plain_catalogue(n_items, genres=[{i % 3} for i in range(n_items)]), texts=texts)


def given_vectors(catalogue, d=5):
    """Put vectors in the place of the model's: the source is tested without the extra."""
    found = vectors(catalogue.n_items, d)
    catalogue.remember(sentences.NOTE, lambda: found)
    return found


@settings(max_examples=25)
@given(seed=st.integers(0, 1000), decay=st.floats(0.5, 1.0), last=st.integers(0, 4))
def test_a_score_is_the_sum_over_what_was_liked_of_products_of_vectors(seed, decay, last):
    histories, rows = random_histories(seed, n_people=8, n_items=15), vectors(15, seed=seed)
    source = Sentences(rows).source(Profile(last=last, decay=decay))
    every = np.tile(np.arange(15, dtype=np.int32), (8, 1))
    found = source.score(histories, grid_rows(every)).reshape(8, 15)
    for person in range(8):
        liked = histories.liked.row(person)[::-1]  # the last first
        own = np.zeros(5)
        for back, item in enumerate(liked[:last] if last else liked):
            own += decay**back * rows[item]
        np.testing.assert_allclose(found[person], rows @ own, atol=1e-4)
        best = source.propose(histories, 15).items[person]
        unseen = [i for i in np.argsort(-found[person]) if i not in histories.seen.row(person)]
        assert set(best[best != PAD]) == {i for i in unseen if found[person, i] > 0}


@given(seed=st.integers(0, 1000), n=st.integers(0, 9))
def test_centred_rows_have_length_one_around_a_common_mean_and_zero_stays_zero(seed, n):
    rows = vectors(n, seed=seed) + np.float32(2)
    rows[::4] = 0
    known = [row.astype(float) for row in rows if row.any()]
    found = centred(rows)
    assert not found[::4].any()
    if len(known) > 1:
        mean = sum(known) / len(known)
        expected = [(row - mean) / np.linalg.norm(row - mean) for row in known]
        np.testing.assert_allclose(found[np.any(rows != 0, axis=1)], expected, atol=1e-4)


def test_one_text_for_all_items_says_nothing_and_nothing_is_proposed():
    same = centred(np.tile(vectors(1, seed=3) + np.float32(1e-7), (7, 1))[:4])
    assert not same.any()
    asked = Sentences(same).propose(histories_of([[0]], n_items=4), 3)
    assert (asked.items == PAD).all()
    assert not centred(np.zeros((3, 5), np.float32)).any()


def test_what_is_embedded_is_the_text_and_the_genres_in_words():
    catalogue = replace(plain_catalogue(2, genres=[{0, 1}, set()]), texts=("Heat", "Sea"))
    assert worded(catalogue) == ("Heat. genre 0, genre 1", "Sea")


def test_both_moments_share_what_was_read_once(monkeypatch):
    catalogue, n_read = telling(12), []
    monkeypatch.setattr(sentences, "need_sentences", lambda _: None)
    model = pytest.importorskip(
        "engine.pipeline.text.sentence_model", exc_type=ImportError, reason="needs PyTorch"
    )
    monkeypatch.setattr(
        model, "sentence_vectors", lambda texts: n_read.append(len(texts)) or vectors(len(texts))
    )
    first = sentences_of(catalogue)
    assert sentences_of(catalogue) is first
    assert meaning_of(catalogue, ASKED) is first
    assert n_read == [12]


def test_a_model_that_was_opened_spares_reading_again():
    catalogue, rows = telling(6), vectors(6)
    sentences.known_already(catalogue, {"als": None, "sentences": Sentences(rows)})
    assert sentences_of(catalogue) is rows
    other = telling(6)
    sentences.known_already(other, {"als": None})
    assert sentences.NOTE not in other.__dict__.get("_notes", {})


def test_where_texts_say_nothing_the_source_is_left_out_with_the_reason():
    histories = histories_of([[0, 1, 2], [1, 2, 3]], n_items=4)
    reason = left_out(histories, plain_catalogue(4), ("sentences",))["sentences"]
    assert reason.startswith("texts say too little: 0 % of 4 items have a text of 2 words")
    assert "sentences" not in left_out(histories, telling(4), ("sentences",))
    assert meaning_of(plain_catalogue(4), ASKED) is None
    assert meaning_of(telling(4), SourceConfig()) is None


@settings(max_examples=30)
@given(seed=st.integers(0, 1000), ridge=st.floats(0.5, 100.0))
def test_the_regression_reads_meaning_as_further_columns(seed, ridge):
    rng = np.random.default_rng(seed)
    content, meaning = sp.random(30, 6, 0.3, format="csr", rng=rng), vectors(30, 4, seed)
    factors = rng.normal(size=(30, 3)).astype(np.float32)
    is_known = rng.random(30) < 0.7
    found = content_regression(content, factors, is_known, ridge, meaning)
    columns = np.column_stack([content.toarray(), meaning, np.ones(30)])
    own = columns[is_known]
    weights = np.linalg.inv(own.T @ own + ridge * np.eye(11)) @ own.T @ factors[is_known]
    np.testing.assert_allclose(found, columns @ weights, rtol=1e-3, atol=1e-3)


def test_an_item_without_a_known_word_is_guessed_from_what_its_text_means():
    factors = np.array([[1, 0], [0, 1], [9, 9], [9, 9]], np.float32)
    content = sp.csr_matrix(np.array([[1, 0], [0, 1], [0, 0], [0, 0]], np.float32))
    meaning = np.array([[-1, 0], [0, -1], [-1, 0], [0, 0]], np.float32)
    arguments = {"content": content, "ridge": 0.01}
    n_likes, catalogue = np.array([3, 3, 0, 0]), plain_catalogue(4)
    found = with_new_items(factors, n_likes, catalogue, meaning=meaning, **arguments)
    assert found[2, 0] > 0.5 > 3 * found[2, 1]
    assert not found[3].any()  # nothing is known of it at all
    assert not with_new_items(factors, n_likes, catalogue, **arguments)[2].any()


def test_new_items_are_guessed_with_the_meaning_only_where_the_source_was_asked_for():
    histories, catalogue = random_histories(n_people=40, n_items=20), telling(24)
    histories = replace(histories, n_items=24)
    given_vectors(catalogue)
    plain = als_of(histories, catalogue, replace(ASKED, options=()), 0).item_factors
    with_texts = als_of(histories, catalogue, ASKED, 0).item_factors
    np.testing.assert_array_equal(plain[:20], with_texts[:20])
    assert not np.allclose(plain[20:], with_texts[20:])
