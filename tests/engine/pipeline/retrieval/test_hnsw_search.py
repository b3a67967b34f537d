import threading

import numpy as np
import pytest

from engine.pipeline.retrieval.hnsw_search import (
    HnswIndex,
    calibrated_index,
    exact_search,
    search_recall,
)

N_ITEMS, DIM = 600, 12


@pytest.fixture(scope="module")
def vectors():
    """Factors whose lengths differ tenfold, as those of popular and of rare items do."""
    rng = np.random.default_rng(0)
    lengths = np.exp(rng.uniform(0, 2.3, (N_ITEMS, 1)))
    return (rng.normal(size=(N_ITEMS, DIM)) * lengths).astype(np.float32)


@pytest.fixture(scope="module")
def queries():
    return np.random.default_rng(1).normal(size=(80, DIM)).astype(np.float32)


@pytest.fixture(scope="module")
def index(vectors):
    return HnswIndex.build(vectors)


def test_a_wide_search_is_the_exact_search(index, vectors, queries):
    exact = np.argsort(-(queries.astype(np.float64) @ vectors.T), axis=1)[:, :20]
    found = index.search(queries, 20, ef=N_ITEMS)
    assert search_recall(found, exact) > 0.999
    np.testing.assert_array_equal(exact_search(queries, vectors, 20), exact)


def test_calibration_reaches_its_goal_and_says_what_it_measured(vectors, queries):
    index, recall = calibrated_index(vectors, queries)
    assert recall >= 0.99
    again = search_recall(index.search(queries, 200), exact_search(queries, vectors, 200))
    assert again == recall


def test_a_saved_index_answers_the_same(index, queries, tmp_path):
    index.save(tmp_path / "items.hnsw")
    loaded = HnswIndex.load(tmp_path / "items.hnsw", dim=DIM, default_ef=50)
    assert loaded.n_items == N_ITEMS
    np.testing.assert_array_equal(
        loaded.search(queries, 10, ef=80), index.search(queries, 10, ef=80)
    )


def test_one_width_never_changes_the_answers_of_another(index, queries):
    widths = (10, 40, 400)
    alone = {ef: index.search(queries, 10, ef=ef) for ef in widths}
    assert not np.array_equal(alone[10], alone[400])  # else the test could not fail
    wrong = []

    def ask(ef):
        for _ in range(15):
            if not np.array_equal(index.search(queries, 10, ef=ef), alone[ef]):
                wrong.append(ef)

    threads = [threading.Thread(target=ask, args=(ef,)) for ef in widths * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_masked_search_marks_as_many_as_each_query_wants(index, vectors, queries):
    wanted = np.array([1, 5, 30, 70, 151, 600])
    found = index.search_masked(queries[:6], wanted)
    assert found.shape == (6, N_ITEMS)
    assert (found.sum(axis=1) >= wanted).all()
    assert found[4:].all()  # more than a quarter of all: looked at each
    exact = exact_search(queries[:6], vectors, 30)
    assert np.take_along_axis(found, exact[:, :1], axis=1).all()


@pytest.mark.parametrize("n_items", [0, 1, 3])
def test_few_or_no_items(n_items):
    vectors = np.ones((n_items, 4), np.float32)
    index, recall = calibrated_index(vectors, np.ones((2, 4), np.float32))
    assert index.search(np.ones((2, 4), np.float32), 5).shape == (2, n_items)
    assert np.isnan(recall) if n_items == 0 else recall == 1
